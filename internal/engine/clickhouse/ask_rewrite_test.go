package clickhouse

import (
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"sentinel/internal/engine/clickhouse/servertest"
)

// standIns are in place of the relations.
func standIns() map[string]string { return map[string]string{"flows": "(F)", "dns": "(D)"} }

// What the server gets is words with one blank between them, whatever the question looked like.
func TestRewrite(t *testing.T) {
	for question, want := range map[string]string{
		"SELECT * FROM flows":                               "SELECT * FROM (F) AS flows",
		"select\tf.a,f . `b` from flows as f;":              "select f.a , f.`b` from (F) as f",
		"SELECT a FROM \"flows\" f--x\nWHERE b='x''y\\''''": `SELECT a FROM (F) f WHERE b = 'x\'y\'\''`,
		"SELECT 1e-3+.5,t.1 FROM dns/**/LIMIT 1":            "SELECT 1e-3 + .5 , t.1 FROM (D) AS dns LIMIT 1",
		"SELECT a FROM flows ANY LEFT JOIN dns USING (a)":   "SELECT a FROM (F) AS flows ANY LEFT JOIN (D) AS dns USING ( a )",
		"SELECT a FROM flows GROUP BY a, b ORDER BY a, b":   "SELECT a FROM (F) AS flows GROUP BY a , b ORDER BY a , b",
		"SELECT '‘FROM system.one’ -- /*' AS \"AS\"":        "SELECT '‘FROM system.one’ -- /*' AS `AS`",
	} {
		if got, err := rewrite(question, standIns()); got != want || err != nil {
			t.Errorf("%s: %q, error %v; expected %q", question, got, err, want)
		}
	}
}

// attacks try to read what is not theirs, to write, or to change the server; traffic is the database
// of the flows.
var attacks = []string{
	// other relations
	"SELECT * FROM system.tables", "SELECT * FROM `system`.`tables`", "SELECT * FROM system . one", "SELECT * FROM \"system\".\"one\"", "SELECT * FROM system/**/.one",
	"SELECT * FROM loads", "SELECT * FROM stored_flows", "SELECT * FROM traffic.stored_flows", "SELECT * FROM traffic.flows", "SELECT * FROM flows.flows", "SELECT * FROM FLOWS",
	"SELECT * FROM default.x", "SELECT * FROM information_schema.tables", "SELECT * FROM seen", "SELECT * FROM `flows`.x", "SELECT * FROM 'flows'", "SELECT * FROM", "SELECT 1 FROM FROM flows",
	"SELECT * FROM flows, system.one", "SELECT * FROM flows AS f, system.one", "SELECT * FROM flows f, (SELECT 1)", "SELECT * FROM flows JOIN system.one USING (dummy)",
	"SELECT * FROM flows CROSS JOIN system.one", "SELECT * FROM flows ANY LEFT JOIN system.one USING dummy", "SELECT * FROM flows ARRAY JOIN system.one",
	"SELECT * FROM flows JOIN flows USING src_ip, system.one", "SELECT * FROM (SELECT 1), system.one", "SELECT * FROM (system.one)", "SELECT * FROM ((SELECT 1), system.one)", "SELECT * FROM (flows, system.one)",
	"SELECT * FROM (FROM system.one SELECT 1)", "SELECT * FROM (EXPLAIN SELECT 1)", "SELECT * FROM (SHOW TABLES)", "SELECT * FROM (DESCRIBE flows)", "SELECT (SELECT * FROM system.one)", "SELECT 1 UNION ALL SELECT * FROM system.one",
	"SELECT 1 FROM flows WHERE 1 IN (SELECT * FROM system.one)", "SELECT EXISTS(SELECT * FROM system.one)", "SELECT EXISTS(loads)", "SELECT EXISTS loads", "WITH (SELECT 1 FROM system.one) AS x SELECT x", "WITH x AS (SELECT * FROM system.one) SELECT * FROM x",
	"WITH loads AS (SELECT 1) SELECT * FROM (SELECT * FROM loads)", "SELECT * FROM flows WHERE name = (SELECT name FROM system.tables LIMIT 1)", "SELECT a FROM (SELECT 1 AS a) AS system JOIN system.one USING a",
	// keywords as names, so that a comma is taken for that of another clause
	"SELECT * FROM flows AS where, system.one", "SELECT * FROM flows AS f JOIN flows AS g ON where, system.one", "SELECT * FROM flows f JOIN flows g ON f.a = where, system.one", "SELECT * FROM flows f JOIN flows g ON f.a * where, system.one",
	"SELECT * FROM flows f JOIN flows g ON f.a REGEXP group by, system.one", "SELECT * FROM flows f JOIN flows g ON f.order by, system.one", "SELECT * FROM flows f JOIN flows g ON NOT limit, system.one", "SELECT * FROM flows where , system.one",
	"SELECT * FROM flows f JOIN flows g USING where, system.one", "SELECT * FROM flows f JOIN flows g ON a union all, system.one", "SELECT * FROM flows window, system.one", "SELECT * FROM flows qualify, system.one", "SELECT * FROM flows SELECT a, system.one", "SELECT * FROM flows order, system.one",
	"SELECT from, system.one FROM system.one", "SELECT 1FROM system.one", "SELECT 'a'FROM system.one", "SELECT[1]FROM system.one", "SELECT(1)FROM system.one", "SELECT 1 AS`a`FROM system.one", "SELECT 1.FROM system.one", "SELECT 1 . FROM system.one",
	// relations behind IN
	"SELECT 1 IN loads", "SELECT 1 IN system.one", "SELECT 1 IN (loads)", "SELECT 1 IN (system.one)", "SELECT 1 IN ((loads))", "SELECT 1 NOT IN loads", "SELECT 1 GLOBAL NOT IN loads", "SELECT 1 IN `loads`", "SELECT in(1, loads)", "SELECT notIn(1, loads)", "SELECT globalIn(1, system.one)", "SELECT not in(1, loads)",
	"SELECT 1 IN numbers(10)", "SELECT 1 IN (flows)", "SELECT 1 IN {x:Identifier}",
	// functions that are relations
	"SELECT * FROM file('/etc/passwd', 'CSV', 'a String')", "SELECT * FROM url('http://198.51.100.1/', 'CSV', 'a String')", "SELECT * FROM remote('127.0.0.1', system, one)", "SELECT * FROM remoteSecure('127.0.0.1', system.one)", "SELECT * FROM mysql('127.0.0.1:3306', 'a', 'b', 'c', 'd')",
	"SELECT * FROM odbc('DSN=x', 'a', 'b')", "SELECT * FROM jdbc('x', 'a', 'b')", "SELECT * FROM merge('system', '.*')", "SELECT * FROM merge(traffic, '^loads')", "SELECT * FROM numbers(10)", "SELECT * FROM cluster('shards', system.one)", "SELECT * FROM hdfs('hdfs://x/y', 'CSV', 'a String')", "SELECT * FROM s3('http://x/y', 'CSV')",
	"SELECT * FROM postgresql('127.0.0.1', 'a', 'b', 'c', 'd')", "SELECT * FROM executable('id', 'TSV', 'a String')", "SELECT * FROM view(SELECT 1)", "SELECT * FROM values('a Int8', 1)", "SELECT * FROM input('a String')", "SELECT * FROM flows(1)", "SELECT * FROM dictionary('x')", "SELECT * FROM catBoostPool('a', '/etc/passwd')", "SELECT * FROM generateRandom('a Int8')",
	// functions that see more than their values, or wait
	"SELECT dictGetString('x', 'y', toUInt64(1))", "SELECT joinGet('x', 'y', 1)", "SELECT hasColumnInTable('system', 'one', 'dummy')", "SELECT file('/etc/passwd')", "SELECT hostName()", "SELECT currentDatabase()", "SELECT currentUser()", "SELECT version()", "SELECT uptime()", "SELECT getSetting('readonly')", "SELECT getMacro('x')",
	"SELECT sleep(3)", "SELECT sleepEachRow(1) FROM flows", "SELECT modelEvaluate('x', 1)", "SELECT catboostEvaluate('/etc/passwd', 1)", "SELECT addressToLine(1)", "SELECT `file`('/etc/passwd')", "SELECT \"file\"('/etc/passwd')", "SELECT FILE ('/etc/passwd')", "SELECT filesystemAvailable()", "SELECT serverUUID()", "SELECT initialQueryID()", "SELECT repeat('x', 1000000000)", "SELECT f.count() FROM flows AS f",
	"SELECT * APPLY(file) FROM flows", "SELECT * APPLY file FROM flows", "SELECT COLUMNS('x') FROM flows", "SELECT evalMLMethod(1)", "SELECT dictHas('x', 1)", "SELECT blockSize()", "SELECT ᵮile('/etc/passwd')",
	// statements that do more than read
	"INSERT INTO stored_flows SELECT * FROM stored_flows", "INSERT INTO FUNCTION file('/tmp/new.csv', 'CSV', 'a String') SELECT 1", "SELECT 1 INTO OUTFILE '/tmp/new.csv'", "SELECT 1 FORMAT CSV", "SELECT 1 SETTINGS readonly = 0", "SELECT * FROM flows SETTINGS max_execution_time = 0", "SELECT (SELECT 1 SETTINGS readonly = 0)", "SET readonly = 0",
	"CREATE TABLE x (a Int8) ENGINE = Memory", "CREATE TEMPORARY TABLE x (a Int8)", "CREATE VIEW x AS SELECT 1", "CREATE FUNCTION f AS x -> x", "DROP TABLE stored_flows", "DROP DATABASE traffic", "TRUNCATE TABLE stored_flows", "ALTER TABLE stored_flows DELETE WHERE 1", "RENAME TABLE loads TO x", "ATTACH TABLE x", "DETACH TABLE loads", "OPTIMIZE TABLE stored_flows", "DELETE FROM loads WHERE 1",
	"KILL QUERY WHERE 1", "SYSTEM SHUTDOWN", "SHOW TABLES", "SHOW CREATE TABLE loads", "SHOW PROCESSLIST", "DESCRIBE TABLE loads", "DESC loads", "EXISTS TABLE loads", "EXPLAIN SELECT 1", "AST SELECT 1", "CHECK TABLE loads", "USE system", "GRANT ALL ON *.* TO x", "BACKUP TABLE loads TO Disk('a', 'b')", "FROM system.one SELECT 1", "(SELECT 1)", "TABLE loads", "SELECT TABLE loads",
	"WITH 1 AS x INSERT INTO loads SELECT x", "SELECT 1; DROP TABLE loads", "SELECT 1; SELECT 2", "SELECT 1;;", ";", "", " ", "-- nothing", "/* nothing */",
	// what is read in other ways by other servers
	"SELECT 'a''' FROM system.one --'", "SELECT 'a\\''' FROM system.one WHERE dummy != ''", "SELECT 'a' '' FROM system.one", "SELECT $$a$$", "SELECT $x$ ' $x$ FROM system.one --'", "SELECT x'41' FROM system.one", "SELECT b'1'", "SELECT 1 # FROM flows\n FROM system.one",
	"SELECT ‘a’ FROM flows", "SELECT “a” FROM flows", "SELECT 1\u00a0FROM\u00a0system.one", "SELECT 1\x00FROM system.one", "SELECT '\x00' FROM flows", "SELECT '\x1b'", "SELECT '\xff'", "SELECT `a\\`` FROM flows", "SELECT `a``b` FROM flows", "SELECT `a'b` FROM flows", "SELECT @@version", "SELECT {a:String}", "SELECT 1 /* FROM flows", "SELECT 'a", "SELECT `a", "SELECT (1", "SELECT 1)", "SELECT 1) FROM system.one (", "SELECT \\N",
}

func TestRewriteRefuses(t *testing.T) {
	for _, attack := range attacks {
		if got, err := rewrite(attack, standIns()); err == nil {
			t.Errorf("%s: no error, and %q", attack, got)
		}
	}
}

// What was rewritten has the same words again, so that none is seen differently a second time.
func FuzzRewrite(f *testing.F) {
	for _, attack := range attacks {
		f.Add(attack)
	}
	f.Add("SELECT a, 'x''y\\'' FROM flows AS f JOIN dns AS `g h` USING (b) WHERE c IN (1, 2) GROUP BY a, b LIMIT 1, 2")
	itself := map[string]string{"flows": "flows", "dns": "dns"}
	f.Fuzz(func(t *testing.T, question string) {
		once, err := rewrite(question, itself)
		if err != nil {
			return
		}
		if twice, err := rewrite(once, itself); err != nil || twice != once {
			t.Errorf("%q becomes %q, then %q, error %v", question, once, twice, err)
		}
	})
}

// Where the reading of a question is fooled, the server still refuses to write and to be changed.
func TestAskSecondLine(t *testing.T) {
	servers := servertest.Start(t, 1, servertest.Options{})
	options := Options{Address: servers.Address("second"), Getenv: servertest.Getenv}
	loader, err := OpenLoader(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	if err := loader.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := OpenStore(t.Context(), options, ExploreOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	settings, err := s.askSettings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, attack := range []string{
		"INSERT INTO loads (content) SELECT 'x'", "CREATE TABLE x (a Int8) ENGINE = Memory", "CREATE TEMPORARY TABLE x (a Int8)", "CREATE DATABASE x", "DROP TABLE loads", "ALTER TABLE loads ADD COLUMN x Int8",
		"RENAME TABLE loads TO x", "DETACH TABLE loads", "TRUNCATE TABLE loads", "OPTIMIZE TABLE loads", "SET readonly = 0", "SET max_memory_usage = 0", "SYSTEM SHUTDOWN", "ATTACH TABLE x",
	} {
		if err := s.rows(t.Context(), attack, choice{}, settings, func(driver.Rows) error { return nil }); err == nil {
			t.Errorf("%s: no error", attack)
		}
	}
	if rows := servers.Servers[0].Count(t, "second.loads"); rows != 0 {
		t.Errorf("%d rows were written", rows)
	}
}
