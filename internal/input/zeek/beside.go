package zeek

import (
	"path/filepath"
	"strings"

	"sentinel/internal/input"
)

// openLog is the log of connections that had not ended; the rows of some say that they are of conn.log.
const openLog = "open_conn"

func isOpenByName(file *input.File) bool {
	name, ok := nameOf(file.Path)
	return ok && name.log == openLog
}

// logs are those whose rows are read, as they are called in file names. What names connections best comes first, and a
// name before those that it ends with.
var logs = []string{"open_ssl", "open_http", "ssl", "quic", "http", "dns", openLog, "conn"}

// besides are the logs that are read with a conn.log.
var besides = logs[:len(logs)-1]

// logName is the name of a file, taken apart around the log that it names: "conn" in conn.12:00:00-13:00:00.log.gz.
type logName struct{ before, log, behind string }

// nameOf takes a file name apart; ok is false where it names no log that is read.
func nameOf(path string) (name logName, ok bool) {
	base := filepath.Base(path)
	for _, log := range logs {
		at := strings.Index(base, log)
		if at < 0 {
			continue
		}
		name := logName{base[:at], log, base[at+len(log):]}
		if !endsInLetter(name.before) && name.behind != "" && strings.ContainsRune("._-", rune(name.behind[0])) {
			return name, true
		}
	}
	return logName{}, false
}

func endsInLetter(text string) bool {
	if text == "" {
		return false
	}
	last := text[len(text)-1] | 0x20
	return 'a' <= last && last <= 'z'
}

// compressed are the endings that compression adds to a name.
var compressed = []string{".gz", ".zst", ".bz2", ".xz", ".lz4"}

// sibling opens another log of the same rotation. It may be compressed where this one is not and the other way round, and
// not labelled where this one is.
func (n logName) sibling(file *input.File, log string) (*input.File, bool) {
	plain := n.behind
	for _, ending := range compressed {
		plain = strings.TrimSuffix(plain, ending)
	}
	endings := []string{n.behind, plain}
	for _, ending := range compressed {
		endings = append(endings, plain+ending)
	}
	for _, behind := range append(endings, strings.TrimSuffix(plain, ".labeled")) {
		if beside, ok := file.Beside(n.before + log + behind); ok {
			return beside, true
		}
	}
	return nil, false
}

// readWithConn tells whether a log of that name is read with a conn.log.
func readWithConn(file *input.File) bool {
	name, ok := nameOf(file.Path)
	if !ok || name.log == "conn" {
		return false
	}
	conn, ok := name.sibling(file, "conn")
	if !ok {
		return false
	}
	connName, _ := nameOf(conn.Path)
	read, ok := connName.sibling(conn, name.log)
	return ok && read.Path == filepath.Clean(file.Path)
}

// Role is what a log is to others of its directory.
type Role int

// The roles.
const (
	NotZeek Role = iota
	Flows        // it is read for itself: conn.log, and dns.log and open_conn.log without a conn.log of their rotation
	Beside       // it is read with the conn.log of its rotation, which is there
	Other        // it holds no flows
)

// RoleOf tells the role of a file.
func RoleOf(file *input.File) Role {
	seen, why := sniff(file.Head())
	switch {
	case why != "":
		return NotZeek
	case seen.kind == other || seen.kind == hosts:
		return Other
	case seen.kind == connections && !seen.open && !isOpenByName(file):
		return Flows
	}
	if readWithConn(file) {
		return Beside
	}
	return Flows
}
