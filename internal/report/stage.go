package report

// Stage is how far the work on a report is.
type Stage struct {
	Name  string // of the capture that is being read; empty before the first
	Done  int64  // bytes of it that were read; 0 too where the engine reads it, which does not tell
	Bytes int64  // that it has; 0 for a stream
	Work  string // what is done when it is read, such as measuring
	Step  string // of the work, which is done now; may be empty
	Steps int    // of the work that are done
	All   int    // steps that there are; 0 where nobody knows
}
