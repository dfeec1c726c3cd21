// Package servertest starts servers of ClickHouse for tests, on loopback, with directories and ports of their own.
package servertest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"text/template"
	"time"

	driver "github.com/ClickHouse/clickhouse-go/v2"
)

// Cluster is some servers, each a shard of the cluster Name.
type Cluster struct{ Servers []*Server }

// Name of the cluster in the configuration of its servers.
const Name = "shards"

// Credentials of the user that may do everything.
const (
	User     = "tester"
	Password = "correct-horse"
)

// Server is one process.
type Server struct {
	Port    int
	dir     string
	process *exec.Cmd
	done    chan struct{} // closed once the process has ended
}

// Options change how servers are set up.
type Options struct {
	// Dir holds the data of the first server; empty: a temporary directory.
	Dir string
	// Certificate and Key are files in PEM; with them, servers take only connections with TLS.
	Certificate, Key string
}

// Program is the server of Debian's package clickhouse-server.
const Program = "clickhouse-server"

// Start starts servers and stops them when the test ends. Where the program is not installed, the test is skipped.
func Start(t testing.TB, shards int, options Options) *Cluster {
	t.Helper()
	if _, err := exec.LookPath(Program); err != nil {
		t.Skipf("%s is not installed: apt-get install clickhouse-server clickhouse-client", Program)
	}
	cluster := &Cluster{}
	for _, port := range freePorts(t, shards) {
		server := &Server{Port: port, dir: options.Dir}
		if server.dir == "" || len(cluster.Servers) > 0 {
			server.dir = t.TempDir()
		}
		cluster.Servers = append(cluster.Servers, server)
	}
	for _, server := range cluster.Servers {
		server.configure(t, cluster, options)
		t.Cleanup(server.stop)
		server.Run(t)
	}
	return cluster
}

// Address is where clients find a database of the first server; parameters may follow a ?.
func (c *Cluster) Address(database string) string { return c.Servers[0].Address(database) }

// Address is where clients find a database.
func (s *Server) Address(database string) string {
	return fmt.Sprintf("clickhouse://%s@127.0.0.1:%d/%s", User, s.Port, database)
}

// Getenv is an environment with the password.
func Getenv(name string) string {
	if strings.HasSuffix(name, "_PASSWORD") {
		return Password
	}
	return ""
}

func closing(t testing.TB, what io.Closer) {
	t.Helper()
	if err := what.Close(); err != nil {
		t.Error(err)
	}
}

func freePorts(t testing.TB, count int) (ports []int) {
	t.Helper()
	for range count {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer closing(t, listener) // once all are found, so that they differ
		ports = append(ports, listener.Addr().(*net.TCPAddr).Port)
	}
	return ports
}

// The configuration of a server and of its users, as small as serves.
var (
	config = template.Must(template.New("config").Parse(`<yandex>
<logger><level>warning</level><log>{{.Dir}}/log</log><errorlog>{{.Dir}}/errors</errorlog></logger>
{{if .Certificate}}<tcp_port_secure>{{.Port}}</tcp_port_secure>
<openSSL><server><certificateFile>{{.Certificate}}</certificateFile><privateKeyFile>{{.Key}}</privateKeyFile><verificationMode>none</verificationMode></server></openSSL>
{{else}}<tcp_port>{{.Port}}</tcp_port>{{end}}
<listen_host>127.0.0.1</listen_host>
<path>{{.Dir}}/data/</path><tmp_path>{{.Dir}}/tmp/</tmp_path>
<users_config>{{.Dir}}/users.xml</users_config>
<default_profile>default</default_profile><default_database>default</default_database>
<timezone>America/New_York</timezone>
<mark_cache_size>100000000</mark_cache_size>
<remote_servers><{{.Name}}>{{range .Ports}}
<shard><replica><host>127.0.0.1</host><port>{{.}}</port><user>{{$.User}}</user><password>{{$.Password}}</password></replica></shard>{{end}}
</{{.Name}}></remote_servers>
</yandex>`))
	users = template.Must(template.New("users").Parse(`<yandex>
<profiles><default/></profiles>
<users><{{.User}}><password>{{.Password}}</password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></{{.User}}></users>
<quotas><default/></quotas>
</yandex>`))
)

func (s *Server) configure(t testing.TB, cluster *Cluster, options Options) {
	t.Helper()
	values := map[string]any{
		"Dir": s.dir, "Port": s.Port, "Name": Name, "User": User, "Password": Password, "Certificate": options.Certificate, "Key": options.Key,
	}
	var ports []int
	for _, server := range cluster.Servers {
		ports = append(ports, server.Port)
	}
	values["Ports"] = ports
	for file, text := range map[string]*template.Template{"config.xml": config, "users.xml": users} {
		var written bytes.Buffer
		if err := text.Execute(&written, values); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(s.dir, file), written.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, dir := range []string{"data", "tmp"} {
		if err := os.MkdirAll(filepath.Join(s.dir, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
}

// patience is how long a server may take to answer after its start.
const patience = time.Minute

// Run starts the process, again after Kill, and waits until it answers.
func (s *Server) Run(t testing.TB) {
	t.Helper()
	s.process = exec.Command(Program, "--config-file="+filepath.Join(s.dir, "config.xml"))
	s.process.Dir = s.dir
	if err := s.process.Start(); err != nil {
		t.Fatal(err)
	}
	s.done = make(chan struct{})
	go func() {
		_ = s.process.Wait() // how it ended does not matter
		close(s.done)
	}()
	for begun := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", s.Port))
		if err == nil {
			closing(t, conn)
			return
		}
		select {
		case <-s.done:
			t.Fatalf("the server ended: %s", s.complaints())
		default:
		}
		if time.Since(begun) > patience {
			t.Fatalf("the server does not answer: %s", s.complaints())
		}
	}
}

// complaints are the last lines of the server's log of errors.
func (s *Server) complaints() string {
	const most = 2000
	text, _ := os.ReadFile(filepath.Join(s.dir, "errors"))
	return string(text[max(0, len(text)-most):])
}

// Kill ends the process at once, as a failing machine would.
func (s *Server) Kill(t testing.TB) {
	t.Helper()
	if err := s.process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-s.done
}

// stop ends the process if it runs.
func (s *Server) stop() {
	if s.process == nil || s.process.Process == nil {
		return
	}
	_ = s.process.Process.Kill() // an error says that it has ended
	<-s.done
}

// Exec runs statements on the server, each on its own.
func (s *Server) Exec(t testing.TB, statements ...string) {
	t.Helper()
	conn := s.connect(t)
	defer closing(t, conn)
	for _, statement := range statements {
		if err := conn.Exec(context.Background(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// Count is how many rows a table of the server has.
func (s *Server) Count(t testing.TB, table string) (rows int64) {
	t.Helper()
	return s.Sum(t, "SELECT toInt64(count()) FROM "+table)
}

// Sum is the one whole number, an Int64, that answers a question.
func (s *Server) Sum(t testing.TB, question string) (sum int64) {
	t.Helper()
	conn := s.connect(t)
	defer closing(t, conn)
	if err := conn.QueryRow(context.Background(), question).Scan(&sum); err != nil {
		t.Fatal(err)
	}
	return sum
}

func (s *Server) connect(t testing.TB) driver.Conn {
	t.Helper()
	conn, err := driver.Open(&driver.Options{
		Addr: []string{fmt.Sprintf("127.0.0.1:%d", s.Port)}, Auth: driver.Auth{Username: User, Password: Password, Database: "default"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

// Ask runs statements, each a name and a text, in one session of Debian's clickhouse-client, and gives the answers as
// TSV, by name.
func (s *Server) Ask(t testing.TB, statements [][2]string) map[string]string {
	t.Helper()
	const mark = "-- the next answer --"
	var script strings.Builder
	for _, statement := range statements {
		fmt.Fprintf(&script, "%s;\nSELECT '%s';\n", statement[1], mark)
	}
	client := exec.Command("clickhouse-client", "--port", fmt.Sprint(s.Port), "--user", User, "--password", Password, "--multiquery")
	var complaints bytes.Buffer
	client.Stdin, client.Stderr = strings.NewReader(script.String()), &complaints
	output, err := client.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, complaints.String())
	}
	answers := map[string]string{}
	for i, answer := range strings.Split(strings.TrimSuffix(string(output), mark+"\n"), mark+"\n") {
		answers[statements[i][0]] = answer
	}
	return answers
}

// clockTick is the unit of times in /proc on Linux, sysconf(_SC_CLK_TCK).
const clockTick = 10 * time.Millisecond

// Processor is the time that all servers spent on processors, on Linux.
func (c *Cluster) Processor(t testing.TB) (spent time.Duration) {
	t.Helper()
	for _, server := range c.Servers {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", server.process.Process.Pid))
		if err != nil {
			t.Fatal(err)
		}
		_, behind, _ := strings.Cut(string(text), ") ") // the name of the program, which may hold anything
		fields := strings.Fields(behind)
		for _, field := range fields[11:13] { // utime and stime, see proc(5)
			ticks, err := strconv.ParseInt(field, 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			spent += time.Duration(ticks) * clockTick
		}
	}
	return spent
}
