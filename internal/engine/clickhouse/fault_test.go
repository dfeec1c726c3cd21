package clickhouse_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"sentinel/internal/engine/clickhouse"
	"sentinel/internal/engine/clickhouse/servertest"
	"sentinel/internal/flow"
	"sentinel/internal/input"
)

// expectFault fails unless err says what and gives hint as a next step, and shows no password.
func expectFault(t *testing.T, err error, what, hint string) {
	t.Helper()
	var fault *input.Error
	if !errors.As(err, &fault) {
		t.Errorf("error %v, expected one with a hint", err)
		return
	}
	if !strings.Contains(fault.Error(), what) || !strings.Contains(fault.Hint, hint) {
		t.Errorf("error %q, hint %q; expected %q and %q", fault, fault.Hint, what, hint)
	}
	for _, secret := range []string{servertest.Password, "secret"} {
		if strings.Contains(fault.Error()+fault.Hint, secret) {
			t.Errorf("the password is in error %q or hint %q", fault, fault.Hint)
		}
	}
}

func TestAddresses(t *testing.T) {
	for address, want := range map[string]string{
		"clickhouse://someone:secret@192.0.2.1:9000/flows":  "has a password",
		"clickhouse://:secret@192.0.2.1:9000/flows":         "has a password",
		"clickhouse://someone:sec ret@192.0.2.1:9000/flows": "cannot be read",
		"postgres://192.0.2.1/flows":                        "no address of a database",
		"clickhouse://192.0.2.1:9000":                       "no address of a database",
		"clickhouse:///flows":                               "no address of a database",
		"clickhouse://192.0.2.1/flows/more":                 "no address of a database",
		"clickhouse://192.0.2.1/flows?secure=perhaps":       "secure",
		"clickhouse://192.0.2.1/flows?ca=/nowhere":          "no such file",
		"clickhouse://192.0.2.1/flows?password_file=/none":  "no such file",
		"clickhouse://192.0.2.1/flows?colour=blue":          "no parameter",
	} {
		_, err := clickhouse.Open(t.Context(), clickhouse.Options{Address: address})
		expectFault(t, err, want, "")
		_, err = clickhouse.OpenLoader(t.Context(), clickhouse.Options{Address: address})
		expectFault(t, err, want, "")
	}
}

func TestNobodyThere(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := "clickhouse://" + listener.Addr().String() + "/flows"
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = clickhouse.Open(t.Context(), clickhouse.Options{Address: address, Getenv: servertest.Getenv})
	expectFault(t, err, "cannot be reached: connection refused", "is the server running")
}

func TestFaultsOfOneServer(t *testing.T) {
	servers := servertest.Start(t, 1, servertest.Options{})
	options := fresh(servers)
	_, err := clickhouse.Open(t.Context(), options)
	expectFault(t, err, "no such database", "sentinel load")

	wrong := options
	wrong.Getenv = func(string) string { return "secret" }
	_, err = clickhouse.Open(t.Context(), wrong)
	expectFault(t, err, "password is wrong", clickhouse.PasswordVariable)

	servers.Servers[0].Exec(t, "CREATE DATABASE bare")
	_, err = clickhouse.Open(t.Context(), clickhouse.Options{Address: servers.Address("bare"), Getenv: servertest.Getenv})
	expectFault(t, err, "has no table stored_flows", "sentinel load")

	_, err = clickhouse.OpenLoader(t.Context(), clickhouse.Options{Address: servers.Address("bare") + "?cluster=elsewhere", Getenv: servertest.Getenv})
	expectFault(t, err, "elsewhere", "system.clusters")
}

func TestPasswordFile(t *testing.T) {
	servers := servertest.Start(t, 1, servertest.Options{})
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte(servertest.Password+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	loader, err := clickhouse.OpenLoader(t.Context(), clickhouse.Options{Address: servers.Address("kept") + "?max_threads=1&compress=true&password_file=" + file})
	if err != nil {
		t.Fatal(err)
	}
	closeLater(t, loader)
	if _, err := loader.Load(t.Context(), capture(&crowd{flows: 1000})); err != nil {
		t.Error(err)
	}
}

func databaseOf(options clickhouse.Options) string {
	return options.Address[strings.LastIndex(options.Address, "/")+1:]
}

func TestOtherVersions(t *testing.T) {
	servers := servertest.Start(t, 1, servertest.Options{})
	for what, change := range map[string]string{
		"has no column ja4":                      "ALTER TABLE DATABASE.stored_flows DROP COLUMN ja4",
		"has column duration as UInt32":          "ALTER TABLE DATABASE.stored_flows MODIFY COLUMN duration UInt32",
		"has no column answers":                  "ALTER TABLE DATABASE.stored_dns DROP COLUMN answers",
		"has captures of another version than 1": "INSERT INTO DATABASE.loads (content, schema) SELECT 'x', 2",
	} {
		options := fresh(servers)
		load(t, options, capture(&crowd{flows: 10}))
		servers.Servers[0].Exec(t, strings.ReplaceAll(change, "DATABASE", databaseOf(options)))
		_, err := clickhouse.Open(t.Context(), options)
		expectFault(t, err, what, "new database")
		_, err = clickhouse.OpenLoader(t.Context(), options)
		expectFault(t, err, what, "new database")
	}
}

// A server that dies in the middle of a load and comes back gets the rest of the capture, once.
func TestServerDiesDuringLoad(t *testing.T) {
	servers := servertest.Start(t, 1, servertest.Options{})
	options := fresh(servers)
	loader := openLoader(t, options)
	dying := capture(&crowd{flows: several})
	dying.Progress = func(int64) { servers.Servers[0].Kill(t) }
	_, err := loader.Load(t.Context(), dying)
	expectFault(t, err, "", "")
	_, err = clickhouse.Open(t.Context(), options)
	expectFault(t, err, "cannot be reached", "")
	servers.Servers[0].Run(t)
	expectFlows(t, options, 0)
	outcome := load(t, options, capture(&crowd{flows: several}))
	if outcome.Resumed != 1<<17 {
		t.Errorf("resumed %d flows, expected one block", outcome.Resumed)
	}
	expectFlows(t, options, several)
}

// A server that dies between the rows of an answer ends it with an error, and answers anew once it is back.
func TestServerDiesDuringAnswer(t *testing.T) {
	servers := servertest.Start(t, 1, servertest.Options{})
	options := fresh(servers)
	load(t, options, capture(&crowd{flows: several}))
	db := expectFlows(t, options, several)
	rows, last := 0, error(nil)
	for _, err := range db.Visits(t.Context(), 1) {
		if rows++; rows == 1 {
			servers.Servers[0].Kill(t)
		}
		last = err
	}
	if last == nil && rows != 250 { // all rows may have been on their way already
		t.Errorf("%d rows without an error", rows)
	}
	var err error
	for _, err = range db.Hosts(t.Context()) {
		break
	}
	expectFault(t, err, "", "")
	servers.Servers[0].Run(t)
	var flows int64
	for host, err := range db.Hosts(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		flows += host.Flows
	}
	if flows != several {
		t.Errorf("%d flows after the server came back, expected %d", flows, several)
	}
}

// A disk that is full ends a load with an error that says so; once there is room, it goes on.
func TestDiskFull(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=24m"); err != nil {
		t.Skipf("a small disk needs the right to mount one: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	servers := servertest.Start(t, 1, servertest.Options{Dir: dir})
	options := fresh(servers)
	loader := openLoader(t, options)
	const many = 1_500_000
	_, err := loader.Load(t.Context(), capture(&crowd{flows: many}))
	expectFault(t, err, "disk of the server is full", "make room")
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=512m"); err != nil {
		t.Fatal(err)
	}
	expectFlows(t, options, 0)
	outcome := load(t, options, capture(&crowd{flows: many}))
	if outcome.Flows != many {
		t.Errorf("%+v", outcome)
	}
	expectFlows(t, options, many)
}

// certified makes the certificate of a server on loopback, and its key, as files in PEM.
func certified(t *testing.T) (certificate, key string) {
	t.Helper()
	secret, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<33, 0), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign | x509.KeyUsageKeyEncipherment,
	}
	signed, err := x509.CreateCertificate(rand.Reader, form, form, &secret.PublicKey, secret)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name, kind string, bytes []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: bytes}), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	return write("certificate", "CERTIFICATE", signed), write("key", "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(secret))
}

func TestTLS(t *testing.T) {
	certificate, key := certified(t)
	servers := servertest.Start(t, 1, servertest.Options{Certificate: certificate, Key: key})
	options := clickhouse.Options{Address: servers.Address("private") + "?secure=true&ca=" + certificate, Getenv: servertest.Getenv}
	load(t, options, capture(&crowd{flows: 1000}))
	expectFlows(t, options, 1000)
	options.Address = servers.Address("private") + "?secure=true"
	_, err := clickhouse.Open(t.Context(), options)
	expectFault(t, err, "not trusted", "?ca=FILE")
	options.Address = servers.Address("private")
	_, err = clickhouse.Open(t.Context(), options)
	expectFault(t, err, "", "")
}

// canceled is a context that is done.
func canceled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

func TestCancelledOpen(t *testing.T) {
	servers := servertest.Start(t, 1, servertest.Options{})
	if _, err := clickhouse.OpenLoader(canceled(t), fresh(servers)); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	options := fresh(servers)
	load(t, options, captureOf(&list{flows: []flow.Flow{crowdFlow(1)}}))
	if _, err := clickhouse.Open(canceled(t), options); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
