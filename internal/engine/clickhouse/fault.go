package clickhouse

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
	"unicode"

	clickhouse "github.com/ClickHouse/clickhouse-go/v2"

	"sentinel/internal/input"
)

// Codes of errors of the server, from its ErrorCodes.cpp.
const (
	unknownTable    = 60
	unknownDatabase = 81
)

// saying is an error in our words.
type saying struct{ what, hint string }

// again is what to do after a load or a question ended early.
const again = "run the same command again: what was stored whole is not stored twice, and nothing else counts"

// sayings are errors of the server that a user can do something about; what is empty keeps the server's own words.
var sayings = map[int32]saying{
	unknownTable:    {"", "sentinel load CAPTURE --engine ADDRESS makes the tables"},
	unknownDatabase: {"there is no such database", "sentinel load CAPTURE --engine ADDRESS makes it"},
	159:             {"", "?max_execution_time=SECONDS in the address allows more"},
	164:             {"", "the user may only read: loading needs INSERT and CREATE, and questions temporary tables (readonly=2)"},
	170:             {"", "SELECT DISTINCT cluster FROM system.clusters lists the clusters that the server knows"},
	192:             {"there is no such user, or its password is wrong", credentialsHint},
	193:             {"there is no such user, or its password is wrong", credentialsHint},
	194:             {"the user needs a password", credentialsHint},
	195:             {"the user may not connect from this machine", credentialsHint},
	516:             {"there is no such user, or its password is wrong", credentialsHint},
	497:             {"", "loading needs INSERT and CREATE, and questions SELECT and CREATE TEMPORARY TABLE"},
	209:             {"a shard of the cluster does not answer", shardHint},
	210:             {"a shard of the cluster does not answer", shardHint},
	279:             {"a shard of the cluster does not answer", shardHint},
	241:             {"the server has too little memory for this question", "a shorter window needs less, or ?max_memory_usage=BYTES in the address allows more"},
	243:             {"the disk of the server is full", diskHint},
	252:             {"", "the server cannot keep up with joining parts: wait a minute, then " + again},
}

const (
	credentialsHint = "set " + UserVariable + " and " + PasswordVariable + ", or add ?password_file=FILE to the address"
	shardHint       = "start it again, then " + again
	diskHint        = "make room there, then " + again
)

// explain makes of an error what a user can act on. It knows no password, so it shows none.
func (a *address) explain(err error) error {
	var own *input.Error
	if err == nil || errors.As(err, &own) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	words := a.words(err)
	return &input.Error{Name: a.name(), Hint: words.hint, Err: &Fault{words.what, err}}
}

func (a *address) words(err error) saying {
	var exception *clickhouse.Exception
	if errors.As(err, &exception) {
		return ofServer(exception)
	}
	var certificate *tls.CertificateVerificationError
	if errors.As(err, &certificate) {
		return saying{"the certificate of the server is not trusted: " + line(certificate.Err.Error()), "add ?ca=FILE, the certificate of who signed it in PEM, to the address"}
	}
	var dial *net.OpError
	if errors.As(err, &dial) && dial.Op == "dial" {
		return saying{"cannot be reached: " + reason(dial), "is the server running, and is this its native port (9000, with TLS 9440)?"}
	}
	if errors.Is(err, clickhouse.ErrAcquireConnTimeout) {
		return saying{"the connection is still busy with an earlier question", "wait for it to end"}
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &dial) || errors.Is(err, syscall.ECONNRESET) {
		return saying{"the connection was cut", again}
	}
	return saying{line(err.Error()), ""}
}

// ofServer finds words for what the server says.
func ofServer(exception *clickhouse.Exception) saying {
	said := line(exception.Message)
	known := sayings[exception.Code]
	if strings.Contains(exception.Message, "No space left on device") {
		known = sayings[243]
	}
	if known.what != "" {
		said = known.what + ": " + said
	}
	return saying{said, known.hint}
}

// reason is why a connection was not made, without the address, which the error names already.
func reason(dial *net.OpError) string {
	var system syscall.Errno
	if errors.As(dial, &system) {
		return system.Error()
	}
	return line(dial.Err.Error())
}

// mostSaid is how much of a foreign message is shown.
const mostSaid = 300

// line is the first line of a foreign message, made harmless and short.
func line(message string) string {
	message = strings.TrimPrefix(message, "DB::Exception: ")
	message, _, _ = strings.Cut(message, "\n")
	message, _, _ = strings.Cut(message, ", Stack trace")
	message = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, message)
	if runes := []rune(message); len(runes) > mostSaid {
		message = string(runes[:mostSaid]) + "..."
	}
	return strings.TrimSpace(message)
}

// Fault is an error of the server or on the way to it, in one line. It wraps the full text.
type Fault struct {
	Line string
	err  error
}

func (f *Fault) Error() string { return f.Line }
func (f *Fault) Unwrap() error { return f.err }

// hasCode tells whether the server gave an error of that code.
func hasCode(err error, code int32) bool {
	var exception *clickhouse.Exception
	return errors.As(err, &exception) && exception.Code == code
}
