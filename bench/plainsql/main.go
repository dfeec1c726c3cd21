// Command plainsql answers the four questions of the original as somebody fluent in SQL would: four queries
// over the file, in the DuckDB that Sentinel embeds, and the rows printed as CSV. It is what Sentinel's speed
// is measured against.
//
//	plainsql FLOWS.parquet RANGES.parquet PERCENTILE PREFIX
//
// PREFIX is the text that addresses of the network begin with: "192.168.104.".
package main

import (
	"bufio"
	"database/sql"
	_ "embed"
	"fmt"
	"log"
	"os"
	"strings"

	_ "github.com/duckdb/duckdb-go/v2" // the driver "duckdb"
)

//go:embed questions.sql
var questions string

func main() {
	if len(os.Args) != 5 {
		log.Fatal("usage: plainsql FLOWS.parquet RANGES.parquet PERCENTILE PREFIX")
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3], os.Args[4]); err != nil {
		log.Fatal(err)
	}
}

func run(flows, ranges, percentile, prefix string) error {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return err
	}
	defer db.Close()
	fill := strings.NewReplacer("{flows}", flows, "{ranges}", ranges, "{percentile}", percentile, "{prefix}", prefix)
	out := bufio.NewWriter(os.Stdout)
	for _, question := range strings.Split(fill.Replace(questions), ";\n") {
		if err := answer(db, question, out); err != nil {
			return err
		}
	}
	return out.Flush()
}

// answer prints a query's rows under the names of its columns.
func answer(db *sql.DB, question string, out *bufio.Writer) error {
	rows, err := db.Query(question)
	if err != nil {
		return err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	fmt.Fprintln(out, strings.Join(names, ","))
	values, into := make([]any, len(names)), make([]any, len(names))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for i, value := range values {
			if value != nil {
				fmt.Fprint(out, value)
			}
			fmt.Fprint(out, map[bool]string{false: ",", true: "\n"}[i == len(values)-1])
		}
	}
	return rows.Err()
}
