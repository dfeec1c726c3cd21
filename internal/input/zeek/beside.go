package zeek

import (
	"path/filepath"
	"strings"

	"sentinel/internal/input"
)

// logs are those whose rows are read, as they are called in file names. What names connections best comes first.
var logs = []string{"ssl", "quic", "http", "dns", "open_conn", "conn"}

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
	for _, behind := range []string{n.behind, plain, plain + ".gz", plain + ".zst", strings.TrimSuffix(plain, ".labeled")} {
		if beside, ok := file.Beside(n.before + log + behind); ok {
			return beside, true
		}
	}
	return nil, false
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
	case seen.kind == connections && !seen.open:
		return Flows
	}
	if name, ok := nameOf(file.Path); ok && name.log != "conn" {
		if _, ok := name.sibling(file, "conn"); ok {
			return Beside
		}
	}
	return Flows
}
