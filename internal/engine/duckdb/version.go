package duckdb

// libraryVersion is the version of DuckDB inside the bindings that go.mod names; a test holds it to the truth.
const libraryVersion = "v1.5.6"
