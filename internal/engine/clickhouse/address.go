package clickhouse

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	clickhouse "github.com/ClickHouse/clickhouse-go/v2"

	"sentinel/internal/input"
)

// Variables of the environment that hold what must not stand on a command line.
const (
	UserVariable     = "SENTINEL_CLICKHOUSE_USER"
	PasswordVariable = "SENTINEL_CLICKHOUSE_PASSWORD"
)

// Scheme begins the address of a server.
const Scheme = "clickhouse://"

// address is where a database is, and how to get in.
type address struct {
	host, database, user, password, cluster string

	tls      *tls.Config // nil: the connection is in the clear
	compress bool
	settings clickhouse.Settings // of the server, as its user wants them
}

// parameters are what may stand behind the ? of an address, besides settings of the server that are whole numbers.
var parameters = map[string]func(*address, string) error{
	"secure": func(a *address, value string) error {
		secure, err := strconv.ParseBool(value)
		if secure && a.tls == nil {
			a.tls = &tls.Config{MinVersion: tls.VersionTLS12}
		}
		return err
	},
	"ca":            func(a *address, path string) error { return a.trust(path) },
	"cluster":       func(a *address, name string) error { a.cluster = name; return nil },
	"password_file": func(a *address, path string) error { return a.readPassword(path) },
	"compress": func(a *address, value string) (err error) {
		a.compress, err = strconv.ParseBool(value)
		return err
	},
}

// wanted is the form of an address, for hints.
const wanted = "expected clickhouse://USER@HOST:9000/DATABASE, perhaps with ?secure=true&ca=FILE&password_file=FILE&cluster=NAME"

// parse reads an address; what it says goes before the environment. No error shows a password.
func parse(text string, getenv func(string) string) (*address, error) {
	parsed, err := url.Parse(text)
	if err != nil { // which would show the whole text
		return nil, &input.Error{Name: "the address of the engine", Hint: wanted, Err: errors.New("cannot be read")}
	}
	a := &address{host: parsed.Host, database: strings.Trim(parsed.Path, "/"), user: getenv(UserVariable), password: getenv(PasswordVariable)}
	if name := parsed.User.Username(); name != "" {
		a.user = name
	}
	if _, shown := parsed.User.Password(); shown {
		return nil, a.fault("has a password, which others of this machine can see",
			"leave it out, and set "+PasswordVariable+" or add ?password_file=FILE")
	}
	if parsed.Scheme+"://" != Scheme || parsed.Hostname() == "" || a.database == "" || strings.Contains(a.database, "/") {
		return nil, a.fault("is no address of a database of ClickHouse", wanted)
	}
	values := parsed.Query()
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if err := a.apply(name, values.Get(name)); err != nil {
			return nil, err
		}
	}
	return a.complete(), nil
}

// apply takes in one parameter, or a setting of the server.
func (a *address) apply(name, value string) error {
	if set, ok := parameters[name]; ok {
		if err := set(a, value); err != nil {
			return a.fault(fmt.Sprintf("%s: %v", name, err), wanted)
		}
		return nil
	}
	number, err := strconv.Atoi(value)
	if err != nil {
		known := strings.Join(slices.Sorted(maps.Keys(parameters)), ", ")
		return a.fault(fmt.Sprintf("has no parameter %q", name), "there are "+known+", and settings of the server that are whole numbers, as max_memory_usage")
	}
	if a.settings == nil {
		a.settings = clickhouse.Settings{}
	}
	a.settings[name] = number
	return nil
}

// complete fills in what was left out: the user, and the port of the native protocol.
func (a *address) complete() *address {
	if a.user == "" {
		a.user = "default"
	}
	if _, _, err := net.SplitHostPort(a.host); err != nil {
		port := "9000"
		if a.tls != nil {
			port = "9440"
		}
		a.host = net.JoinHostPort(strings.Trim(a.host, "[]"), port)
	}
	return a
}

func (a *address) trust(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return fmt.Errorf("%s holds no certificate in PEM", path)
	}
	a.tls = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: pool}
	return nil
}

func (a *address) readPassword(path string) error {
	text, err := os.ReadFile(path)
	a.password = strings.TrimRight(string(text), "\r\n")
	return err
}

// name is the address as errors show it.
func (a *address) name() string { return Scheme + a.host + "/" + a.database }

func (a *address) fault(what, hint string) error {
	return &input.Error{Name: a.name(), Hint: hint, Err: errors.New(what)}
}

// at is the same database on another server of the cluster.
func (a *address) at(host string) *address {
	other := *a
	other.host = host
	return &other
}

// How long a connection may take, and how long an answer's next piece: a rollup of months may take hours, but the
// server tells of its progress all the while.
const (
	dialTimeout   = 10 * time.Second
	answerTimeout = 5 * time.Minute
	connLifetime  = 365 * 24 * time.Hour // the tables of a session live as long as its connection
)

// options are those of the client; connections says how many may be open.
func (a *address) options(connections int) *clickhouse.Options {
	options := &clickhouse.Options{
		Addr: []string{a.host}, Auth: clickhouse.Auth{Database: a.database, Username: a.user, Password: a.password}, TLS: a.tls,
		DialTimeout: dialTimeout, ReadTimeout: answerTimeout, ConnMaxLifetime: connLifetime, MaxOpenConns: connections, MaxIdleConns: connections,
		Settings: clickhouse.Settings{},
	}
	if a.compress {
		options.Compression = &clickhouse.Compression{Method: clickhouse.CompressionLZ4}
	}
	maps.Copy(options.Settings, defaults)
	maps.Copy(options.Settings, a.settings)
	maps.Copy(options.Settings, demands)
	return options
}

// defaults are settings of the server that its user may change: from these bytes on, groups and sorts spill.
var defaults = clickhouse.Settings{
	"max_bytes_before_external_group_by":       4 << 30,
	"max_bytes_before_external_sort":           4 << 30,
	"distributed_aggregation_memory_efficient": 1,
}

// demands are settings that nobody may change: part of an answer is never shown as the whole, and what is inserted
// lies on its shard when the server says so.
var demands = clickhouse.Settings{
	"skip_unavailable_shards": 0,
	"insert_distributed_sync": 1,
}
