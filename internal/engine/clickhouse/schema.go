package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	clickhouse "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"sentinel/internal/flow"
)

// Schema is the version of what the tables mean. Their columns derive from flow.Columns and flow.LookupColumns, and are
// compared besides.
const Schema = 1

// types are the names of types in ClickHouse. What a flow does not tell is the empty text or 0.
var types = map[flow.Type]string{flow.Integer: "Int64", flow.Text: "String"}

// table is one that Sentinel makes.
type table struct {
	name     string
	columns  []flow.Column // of the record that it holds, if any
	sharding string        // decides on which shard of a cluster a row lies
}

// tables in the order in which they are made. A pair of addresses lies on one shard, so each channel does; the rollups
// are right wherever rows lie.
var tables = []table{
	{"stored_flows", flow.Columns, "cityHash64(src_ip, dst_ip)"},
	{"stored_dns", flow.LookupColumns, "cityHash64(client, name)"},
	{"loads", nil, "cityHash64(content)"},
	{"load_steps", nil, "cityHash64(content)"},
}

// views are what a person asks, each of the table of its place.
var views = []struct {
	name string
	of   table
}{{"flows", tables[0]}, {"dns", tables[1]}}

// definitions declare columns, each with its type.
func definitions(columns []flow.Column) string {
	var list []string
	for _, column := range columns {
		list = append(list, column.Name+" "+types[column.Type])
	}
	return strings.Join(list, ", ")
}

// tableStatements make the tables of one server.
func (a *address) tableStatements() (list []string) {
	for _, t := range tables {
		local := t.name
		if a.cluster != "" {
			local += "_local"
		}
		list = append(list, statement("create_"+strings.TrimPrefix(t.name, "stored_"), "{table}", local, "{columns}", definitions(t.columns)))
		if a.cluster != "" {
			list = append(list, statement("create_distributed",
				"{table}", t.name, "{cluster}", quoteName(a.cluster), "{database}", quoteName(a.database), "{sharding}", t.sharding))
		}
	}
	return list
}

// viewStatements make the views of one server, for which its tables must be sound.
func (a *address) viewStatements() (list []string) {
	for _, view := range views {
		list = append(list, statement("create_view", "{view}", view.name, "{table}", view.of.name, "{columns}", strings.Join(names(view.of.columns), ", ")))
	}
	return list
}

// create makes the database and its tables, on every server of the cluster if there is one.
func create(ctx context.Context, a *address) error {
	servers := []*address{a}
	if err := createOn(ctx, a); err != nil {
		return err
	}
	if a.cluster != "" {
		others, err := a.servers(ctx)
		if err != nil {
			return err
		}
		servers = append(servers, others...)
	}
	for _, server := range servers {
		if err := createOn(ctx, server); err != nil {
			return server.explain(err)
		}
	}
	for _, server := range servers {
		if err := server.during(ctx, func(conn driver.Conn) error { return finishOn(ctx, conn, server) }); err != nil {
			return server.explain(err)
		}
	}
	return nil
}

// finishOn checks the tables of a server, which an older Sentinel may have made, and makes the views.
func finishOn(ctx context.Context, conn driver.Conn, a *address) error {
	if err := checkTables(ctx, conn, a); err != nil {
		return err
	}
	return execute(ctx, conn, a.viewStatements())
}

// createOn makes them on one server. Where the database is still missing, it is made by way of the one that is always there.
func createOn(ctx context.Context, a *address) error {
	tables := func(conn driver.Conn) error { return execute(ctx, conn, a.tableStatements()) }
	err := a.during(ctx, tables)
	if !hasCode(err, unknownDatabase) {
		return err
	}
	system := *a
	system.database = "system"
	err = system.during(ctx, func(conn driver.Conn) error {
		return execute(ctx, conn, []string{"CREATE DATABASE IF NOT EXISTS " + quoteName(a.database)})
	})
	if err != nil {
		return err
	}
	return a.during(ctx, tables)
}

// during connects for as long as use takes.
func (a *address) during(ctx context.Context, use func(driver.Conn) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	conn, err := clickhouse.Open(a.options(1))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	return use(conn)
}

func execute(ctx context.Context, conn driver.Conn, statements []string) error {
	for _, text := range statements {
		if err := conn.Exec(ctx, text); err != nil {
			return err
		}
	}
	return nil
}

// servers are those of the cluster, one a shard.
func (a *address) servers(ctx context.Context) (list []*address, err error) {
	err = a.during(ctx, func(conn driver.Conn) error {
		list, err = a.serversBy(ctx, conn)
		return err
	})
	if err == nil && len(list) == 0 {
		err = a.fault("there is no cluster "+a.cluster, "SELECT DISTINCT cluster FROM system.clusters lists those that the server knows")
	}
	return list, err
}

func (a *address) serversBy(ctx context.Context, conn driver.Conn) (list []*address, err error) {
	rows, err := conn.Query(ctx, statement("servers_of_cluster"), clickhouse.Named("cluster", a.cluster))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var host string
		var port uint16
		var replica uint32
		if err := rows.Scan(&host, &port, &replica); err != nil {
			return nil, err
		}
		if replica > 1 {
			return nil, a.fault("the cluster "+a.cluster+" keeps replicas, for which Sentinel makes no tables",
				"make them by hand, with ReplicatedMergeTree: docs/scale.md has the statements")
		}
		list = append(list, a.at(net.JoinHostPort(host, fmt.Sprint(port))))
	}
	return list, rows.Err()
}

// checkTables compares the tables with what this version of Sentinel expects.
func checkTables(ctx context.Context, conn driver.Conn, a *address) error {
	for _, t := range tables {
		found, err := columnsOf(ctx, conn, a, t.name)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return a.fault("the database has no table "+t.name, "sentinel load CAPTURE --engine ADDRESS makes it")
		}
		for _, column := range t.columns {
			switch kind, ok := found[column.Name]; {
			case !ok:
				return a.otherVersion(t.name, "has no column "+column.Name)
			case kind != types[column.Type]:
				return a.otherVersion(t.name, fmt.Sprintf("has column %s as %s, expected %s", column.Name, kind, types[column.Type]))
			}
		}
	}
	var others uint64
	err := conn.QueryRow(ctx, "SELECT count() FROM loads WHERE schema != @schema", clickhouse.Named("schema", Schema)).Scan(&others)
	if err == nil && others > 0 {
		return a.otherVersion("loads", fmt.Sprintf("has captures of another version than %d of the tables", Schema))
	}
	return err
}

func (a *address) otherVersion(table, what string) error {
	return a.fault(fmt.Sprintf("table %s %s: another version of Sentinel made it", table, what),
		"use that version, or load the captures into a new database with this one")
}

// columnsOf are the types of a table's columns by name, empty where there is no such table.
func columnsOf(ctx context.Context, conn driver.Conn, a *address, table string) (map[string]string, error) {
	rows, err := conn.Query(ctx, "SELECT name, type FROM system.columns WHERE database = @database AND table = @table",
		clickhouse.Named("database", a.database), clickhouse.Named("table", table))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := map[string]string{}
	for rows.Next() {
		var name, kind string
		if err := rows.Scan(&name, &kind); err != nil {
			return nil, err
		}
		found[name] = kind
	}
	return found, rows.Err()
}

func quoteName(name string) string {
	return "`" + strings.NewReplacer("\\", "\\\\", "`", "\\`").Replace(name) + "`"
}
