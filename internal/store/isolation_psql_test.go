package store_test

import (
	"bufio"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/citygauge/citygauge/internal/account"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/testdb"
	"github.com/citygauge/citygauge/internal/upload"
)

// marks are on everything that Brightwater has: whoever reads one of them has
// seen its data.
var marks = regexp.MustCompile(`(?i)rightwater|nightingale|7700\d\d|ben@example`)

// secretive is an installation in which everything of Brightwater is marked,
// and the login of Aldermoor. The planner knows the data.
func secretive(t *testing.T) (*installation, store.Login) {
	t.Helper()
	i := install(t)
	p := twoCities()
	p.Indicators[1].Title, p.Indicators[1].Owner = "Brightwater's thefts", "Nightingale"
	for _, city := range []string{"aldermoor", "brightwater"} {
		p.Interventions = append(p.Interventions, programme.Intervention{City: city, Title: "Patrols of " + city, Start: programme.NewDate(2025, time.March, 1)})
	}
	i.apply(t, p)
	i.take(t, upload.Request{Account: "ana@example.org"}, months("aldermoor", 21, rising))
	i.take(t, upload.Request{Account: "ben@example.org"}, strings.ReplaceAll(
		months("brightwater", 21, func(m int) string { return fmt.Sprint(770_000+m) + ",nightingale" }), "period,value", "period,value,note"))
	at := time.Date(2025, time.October, 10, 9, 0, 0, 0, time.UTC)
	if _, err := i.AddAccount(t.Context(), account.Account{Name: "ben@example.org", Title: "Ben of Brightwater", Role: account.Aide, Cities: []string{"brightwater"}},
		account.Entry{At: at, By: account.Actor{Name: "ben@example.org"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := i.superuser(t).Exec(`analyze`); err != nil {
		t.Fatal(err)
	}
	if _, err := i.CityLogin(t.Context(), "brightwater", password); err != nil {
		t.Fatal(err)
	}
	login, err := i.CityLogin(t.Context(), "aldermoor", password)
	if err != nil {
		t.Fatal(err)
	}
	return i, login
}

// psql is the command of psql as a login.
func (i *installation) psql(t *testing.T, login store.Login, args ...string) *exec.Cmd {
	t.Helper()
	at, err := url.Parse(i.db.URL)
	if err != nil {
		t.Fatal(err)
	}
	at.User = url.UserPassword(login.Role, password)
	cmd := exec.CommandContext(t.Context(), "psql", append([]string{"-X", "-q", "-v", "VERBOSITY=verbose", at.String()}, args...)...)
	cmd.Env = append(os.Environ(), "LC_ALL=C", "PGOPTIONS=")
	return cmd
}

// Whatever a city's login types into psql, it sees no row of another city. What
// each try answers is stated; denied is that a right is missing.
func TestPsqlSeesItsCityAlone(t *testing.T) {
	const denied, analyze = `ERROR:  42501: `, `explain (analyze, costs off, timing off, summary off) `
	const noIndexes = `set enable_indexscan = off; set enable_bitmapscan = off; `
	i, login := secretive(t)
	there := filepath.Join(t.TempDir(), "written")
	for _, c := range []struct{ name, script, want string }{
		// Tables and views.
		{"table", `select count(*), min(value), max(value) from citygauge.observation`, `21 \| +\d+ \| +\d{1,3}\n`},
		{"table, its rows named", `select * from citygauge.observation where city_id = 2`, `\(0 rows\)`},
		{"table, whole rows as text", `select o::text from citygauge.observation o where o::text like '%77%'`, `\(0 rows\)`},
		{"table, by physical place", `select * from citygauge.observation where ctid in (select format('(%s,%s)', p, n)::tid from generate_series(0, 9) p, generate_series(1, 99) n) and city_id <> 1`, `\(0 rows\)`},
		{"table, history", `select count(*) from citygauge.observation_revision where note is not null`, `\n +0\n`},
		{"table, judgements", `select distinct city_id from citygauge.assessment union select city_id from citygauge.assessment_revision`, `\n +1\n\(1 row\)`},
		{"table, targets", `select city_id from citygauge.target union select city_id from citygauge.target_revision union select city_id from citygauge.trajectory`, `\n +1\n\(1 row\)`},
		{"table, inherited", `select * from only citygauge.indicator`, `\(1 row\)`},
		{"table, as sample", `select city_id from citygauge.observation tablesample system (100) group by 1`, `\n +1\n\(1 row\)`},
		{"table, locked", `select * from citygauge.observation for update`, denied},
		{"table, lock", `begin; lock table citygauge.observation in access exclusive mode`, denied},
		{"view", `select distinct city from report.observation`, `\n aldermoor\n\(1 row\)`},
		{"view, of cities", `table report.city`, `\n +1 \| aldermoor .*\n\(1 row\)`},
		{"view, of interventions", `table report.intervention`, `\(1 row\)`},
		{"view, of what was shown", `select city from report.target group by 1`, `\n aldermoor\n\(1 row\)`},
		{"view, replaced", `create or replace view report.city as select * from citygauge.city`, denied},
		{"view, with the owner's eyes", `alter view report.city set (security_invoker = false)`, `must be owner of view`},
		{"accounts", `table citygauge.account`, denied},
		{"account's cities", `table citygauge.account_city`, denied},
		{"tokens", `table citygauge.token`, denied},
		{"sessions", `table citygauge.session`, denied},
		{"trail", `table citygauge.audit`, denied},
		{"uploads", `select account, file_name, report from citygauge.upload`, denied},
		{"files", `table citygauge.upload_file`, denied},
		{"grants", `table citygauge.city_login`, denied},
		{"generations", `table citygauge.city_state`, denied},
		{"declared before", `table citygauge.indicator_revision`, denied},
		// Functions.
		{"function, its own cities", `select citygauge.visible_cities()`, `\{1\}`},
		{"function, redefined", `create or replace function citygauge.visible_cities() returns int[] language sql as 'select array[1,2]'`, denied},
		{"function, of its own", `create function report.leak(float8) returns bool language plpgsql cost 0.0001 as 'begin raise notice ''%'', $1; return true; end'`, denied},
		{"function, a shadow", `create schema mine`, denied},
		{"operator of its own", `create operator public.<<< (procedure = float8lt, leftarg = float8, rightarg = float8)`, denied},
		{"block of code", `do $$ declare n int; begin select count(*) into n from citygauge.observation; raise notice 'sees %', n; end $$`, `NOTICE: .*sees 21`},
		{"block of code, dynamic", `do $$ declare v text; begin execute 'select max(note) from citygauge.observation_revision' into v; raise notice 'sees %', v; end $$`, `NOTICE: .*sees <NULL>`},
		{"function that queries", `select query_to_xml('select count(*) from citygauge.observation', true, true, '')`, `<count>21</count>`},
		{"function that reads a schema", `select length(schema_to_xml('report', true, true, '')::text) > 0`, `\n t\n`},
		{"function that reads a table by name", `select count(*) from xmltable('//row' passing table_to_xml('citygauge.observation', true, false, '') columns v text path 'value')`, `\n +21\n`},
		// SET ROLE and SET.
		{"set role, who acts for cities", `set role cgtest_app`, denied},
		{"set role, system", `set role cgtest_system`, denied},
		{"set role, owner", `set role cgtest_owner`, denied},
		{"set role, faculty", `set role cgtest_faculty`, denied},
		{"set role, another city", `set role cgtest_city_brightwater`, `ERROR:  42501: permission denied to set role "cgtest_city_brightwater"`},
		{"set session authorization", `set session authorization cgtest`, denied},
		{"set, the cities of the server", `set citygauge.cities = '{2}'; select count(*) from citygauge.observation where city_id = 2`, `\n +0\n`},
		{"set, row security", `set row_security = off; table citygauge.observation`, denied},
		{"set, search path", `set search_path = citygauge; select count(*) from observation`, `\n +21\n`},
		{"set, replication role", `set session_replication_role = replica`, denied},
		{"set, logging to the client", `set client_min_messages = debug5; set debug_print_plan = on; select count(*) from citygauge.observation`, `\n +21\n`},
		{"set, for its role", `alter role current_user set citygauge.cities = '{2}'; select count(*) from citygauge.observation`, `\n +21\n`},
		{"set, a library", `load 'auto_explain'`, denied},
		{"setting, of the server's files", `show data_directory`, denied},
		// COPY.
		{"copy to stdout", `copy citygauge.observation to stdout`, `^(1\t.*\n){21}$`},
		{"copy of a query", `copy (select slug from citygauge.city) to stdout`, `^aldermoor\n$`},
		{"copy, by psql", `\copy citygauge.indicator (slug) to stdout`, `^thefts\n$`},
		{"copy to a program", `copy citygauge.city to program 'cat'`, denied},
		{"copy from a program", `copy citygauge.city from program 'id'`, denied},
		{"copy to a file", `copy citygauge.city to '` + there + `'`, denied},
		{"copy from a file", `copy citygauge.city from '/etc/passwd'`, denied},
		// EXPLAIN tells how many rows there are in all, as the size of a table's
		// file does, and which cities take part, as the names of their logins
		// do. Of what is in a row it tells nothing: no index has it, and no
		// statistics are kept of it.
		{"explain", `set enable_seqscan = off; explain select * from citygauge.observation where city_id = 2`, `Index Cond: \(\(city_id = ANY \(ARRAY\[\$0\]\)\) AND \(city_id = 2\)\)`},
		{"explain analyze", `set enable_seqscan = off; ` + analyze + `select * from citygauge.observation where value > 700000`, `(?s)Index Scan .*actual rows=0 .*Rows Removed by Filter: 21\n`},
		{"explain analyze, of every row", noIndexes + analyze + `select * from citygauge.observation where value > 700000`, `(?s)Seq Scan .*actual rows=0 .*Rows Removed by Filter: 42\n`},
		{"explain analyze, of other rows", noIndexes + analyze + `select * from citygauge.observation where value > 1e9`, `(?s)Seq Scan .*actual rows=0 .*Rows Removed by Filter: 42\n`},
		{"explain analyze, of an indicator", `set enable_seqscan = off; ` + analyze + `select * from citygauge.observation where indicator_id = 2`, `(?s)actual rows=0 loops=1\)\n +Index Cond: \(\(city_id = ANY \(ARRAY\[\$0\]\)\) AND [^\n]*\n +InitPlan`},
		{"explain analyze, of a place", analyze + `select * from citygauge.observation where ctid = '(0,42)'`, `(?s)Tid Scan .*actual rows=0 .*Rows Removed by Filter: 1\n`},
		{"explain analyze, of a name", `set enable_seqscan = off; ` + analyze + `select name from citygauge.city where slug = 'brightwater'`, `(?s)actual rows=0 .*Rows Removed by Filter: 1\n`},
		{"explain verbose", `explain (verbose, settings) select max(value) from report.observation`, `Output: max\(observation\.value\)`},
		{"leaky operator, division", `select count(*) from citygauge.observation where 1 / (city_id - 2) < 5`, `\n +21\n`},
		{"leaky operator, cast", `select count(*) from citygauge.indicator where title::int > 0`, `invalid input syntax for type integer: "Thefts"`},
		{"leaky operator, in a plan", `explain analyze select * from citygauge.observation where 1 / (value - 770001) > 0`, `QUERY PLAN`},
		{"leaky operator, regular expression", `select count(*) from citygauge.observation_revision where note ~ '('`, `ERROR:  2201B|\n +0\n`},
		{"leaky join", `select o.value from report.observation o join report.city c on 1 / (c.city_id - 2) < 9 limit 0`, `\(0 rows\)`},
		{"leaky aggregate", `select max(1 / (value - 770001)) is null from citygauge.observation`, `\n f\n`},
		// Errors.
		{"error, a key that is there", `insert into citygauge.city (city_id, slug, name, country, population, timezone) values (2, 'brightwate', '', '', 1, '')`, denied},
		{"error, a key of the history", `insert into citygauge.observation_revision values (2, 2, '2024-01-01', '2024-01-31', 1, 'final', 1, 1, now())`, denied},
		{"error, a changed row", `update citygauge.city set slug = 'x' where city_id = 2`, denied},
		{"error, a removed row", `delete from citygauge.observation where city_id = 2`, denied},
		{"error, merged", `merge into citygauge.city c using (select 2 id) n on c.city_id = n.id when matched then delete`, denied},
		{"error, on conflict", `insert into citygauge.cohort (cohort_id, slug, starts, ends) values (1, '2025', now(), now()) on conflict do nothing`, denied},
		{"error, a number that is too large", `select sum(value::numeric::int2) from citygauge.observation`, `\n +\d+\n`},
		{"error, of a foreign key", `create table report.t (a int references citygauge.city)`, denied},
		// What a session can keep.
		{"prepared statement", `prepare s(int) as select count(*) from citygauge.observation where city_id = $1; execute s(2); execute s(1)`, `(?s)\n +0\n.*\n +21\n`},
		{"prepared statement, planned once", `set plan_cache_mode = force_generic_plan; prepare s as select count(*) from report.observation; execute s; set citygauge.cities = '{2}'; execute s`, `(?s)\n +21\n.*\n +21\n`},
		{"cursor", `begin; declare c scroll cursor for select city_id from citygauge.city; move last in c; fetch all from c; fetch backward all from c; commit`, `\n +1\n`},
		{"cursor, held", `begin; declare c cursor with hold for select slug from citygauge.city; commit; fetch all c`, `\n aldermoor\n\(1 row\)`},
		{"temporary table", `create temporary table mine as select * from citygauge.observation`, denied},
		{"temporary view", `create temporary view mine as select * from citygauge.observation`, denied},
		{"materialised view", `create materialized view report.mine as table citygauge.observation`, denied},
		{"table of its own", `create table public.mine (a int)`, denied},
		{"rule", `create rule r as on select to report.city do instead select * from citygauge.city`, `must be owner|` + denied},
		{"trigger", `create trigger t before update on citygauge.city for each row execute function suppress_redundant_updates_trigger()`, denied},
		{"policy", `create policy p on citygauge.city using (true)`, `must be owner of table city`},
		{"security label", `comment on table citygauge.city is ''`, `must be owner`},
		// The server.
		{"statistics", `select * from pg_stats where schemaname in ('citygauge', 'report') and tablename not in ('cohort', 'installation', 'schema_version')`, `\(0 rows\)`},
		{"statistics, raw", `select * from pg_statistic`, denied},
		{"statistics, extended", `select * from pg_stats_ext`, `\(0 rows\)`},
		{"statistics, of its own", `create statistics s on value, city_id from citygauge.observation`, `must be owner`},
		{"analyze", `analyze citygauge.observation`, `WARNING: .*skipping`},
		{"activity", `select query from pg_stat_activity where usename <> current_user and query <> '<insufficient privilege>' and query <> ''`, `\(0 rows\)`},
		{"activity, of functions", `select * from pg_stat_user_functions`, `\(0 rows\)`},
		{"prepared transactions", `select * from pg_prepared_xacts`, `\(0 rows\)`},
		{"sequence, of cities", `select last_value from citygauge.city_id`, denied},
		{"sequence, by currval", `select currval('citygauge.city_id')`, denied},
		{"sequence, by nextval", `select nextval('citygauge.city_id')`, denied},
		{"sequences", `select schemaname, sequencename from pg_sequences where last_value is not null`, `\(0 rows\)`},
		{"sequence, of an identity", `select last_value from citygauge.upload_upload_id_seq`, denied},
		{"large object, a file of the server", `select lo_import('/etc/passwd')`, denied},
		{"large object, to a file", `select lo_export(1, '` + there + `')`, denied},
		{"large object, of its own", `select lo_from_bytea(0, 'x')`, denied},
		{"large object, an empty one", `select lo_create(0)`, denied},
		{"large objects", `select loid from pg_largeobject`, denied},
		{"files, read", `select pg_read_file('PG_VERSION')`, denied},
		{"files, read in bytes", `select pg_read_binary_file('PG_VERSION')`, denied},
		{"files, listed", `select pg_ls_dir('.')`, denied},
		{"files, logs", `select pg_ls_logdir()`, denied},
		{"files, write-ahead log", `select pg_ls_waldir()`, denied},
		{"extension, dblink", `create extension dblink`, denied},
		{"extension, postgres_fdw", `create extension postgres_fdw`, denied},
		{"extension, of pages", `create extension pageinspect`, denied},
		{"foreign server", `create server s foreign data wrapper postgres_fdw`, `ERROR:  42704|` + denied},
		{"language", `create language plpython3u`, `ERROR:  .*`},
		{"replication", `select pg_create_logical_replication_slot('s', 'test_decoding')`, `ERROR:  .*must be superuser or replication role|` + denied},
		{"publication", `create publication p for table citygauge.city`, denied},
		{"subscription", `create subscription s connection '' publication p`, `must be superuser|` + denied},
		{"passwords", `select rolname, rolpassword from pg_authid`, denied},
		{"passwords, shadowed", `select passwd from pg_shadow`, denied},
		{"ends other sessions", `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'cgtest'`, denied + `|\(0 rows\)`},
		// Roles belong to the whole server, and every login may list them: that a
		// city takes part is no secret, what it reports is.
		{"roles", `select count(*) from pg_roles where rolname in ('cgtest_city_aldermoor', 'cgtest_city_brightwater')`, `\n +2\n`},
		{"roles, of which it is one", `select count(*) from pg_auth_members where member = (select oid from pg_roles where rolname = current_user)`, `\n +0\n`},
		{"another database", `\connect postgres`, `permission denied for database "postgres"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			cmd := i.psql(t, login)
			cmd.Stdin = strings.NewReader(c.script + "\n;\n")
			out, _ := cmd.CombinedOutput()
			got := withoutQuestion(string(out))
			if other, ok := answersOnCitus[c.name]; ok && testdb.OnCitus() {
				c.want = other
			}
			if !regexp.MustCompile(c.want).MatchString(got) {
				t.Errorf("it answers\n%s\nwant %s", out, c.want)
			}
			if mark := marks.FindString(got); mark != "" && !strings.Contains(c.script, mark) { // what was typed may be repeated
				t.Errorf("it shows %q of another city:\n%s", mark, out)
			}
		})
	}
	if _, err := os.Stat(there); err == nil {
		t.Error("a file was written")
	}
}

// withoutQuestion is an answer without the lines in which psql repeats what was
// typed.
func withoutQuestion(answer string) string {
	var kept strings.Builder
	for line := range strings.Lines(answer) {
		if !strings.HasPrefix(line, "LINE ") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

// The planner's estimates, which EXPLAIN shows, are the same whatever other
// cities have.
func TestEstimatesTellNothing(t *testing.T) {
	i, login := secretive(t)
	db := i.as(t, login)
	db.SetMaxOpenConns(1)
	rows := func(condition string) (n int) {
		t.Helper()
		var plan string
		if err := db.Get(&plan, `explain (format json) select * from citygauge.observation where `+condition); err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Sscanf(regexp.MustCompile(`"Plan Rows": \d+`).FindString(plan), `"Plan Rows": %d`, &n); err != nil {
			t.Fatal(plan)
		}
		return n
	}
	for _, index := range []string{"on", "off"} {
		if _, err := db.Exec(`set enable_indexscan = ` + index + `; set enable_bitmapscan = ` + index); err != nil {
			t.Fatal(err)
		}
		for _, pair := range [][2]string{
			{`value > 0`, `value > 1e9`},
			{`value between 770000 and 770100`, `value between 880000 and 880100`},
			{`value = 770001`, `value = 880001`},
			{`note = 'nightingale'`, `note = 'nobody'`},
		} {
			if a, b := rows(pair[0]), rows(pair[1]); a != b {
				t.Errorf("%d rows are expected where %s, %d where %s", a, pair[0], b, pair[1])
			}
		}
	}
	var kept []string
	if err := i.superuser(t).Select(&kept, `
		select attrelid::regclass || '.' || attname
		from pg_statistic
		join pg_attribute on attrelid = starelid and attnum = staattnum
		join pg_class on pg_class.oid = attrelid
		where relrowsecurity and atttypid in ('double precision'::regtype, 'text'::regtype, 'jsonb'::regtype) and attname <> 'slug'`); err != nil {
		t.Fatal(err)
	}
	if len(kept) > 0 {
		t.Errorf("statistics are kept of %v", kept)
	}
}

// A row's policy is asked before anything else is: the time that a query takes
// tells nothing of the rows of other cities. What costs nothing may be tried
// earlier, which takes no time that could be told from another.
func TestThePolicyIsAskedFirst(t *testing.T) {
	i, login := secretive(t)
	db := i.as(t, login)
	db.SetMaxOpenConns(1)
	first := regexp.MustCompile(`^ *Filter: \(\(city_id = ANY \((ARRAY\[\$0\]|'\{\}'::integer\[\])\)\) AND `)
	for _, settings := range []string{``, `set cpu_operator_cost = 0`, `set cpu_operator_cost = 1e6`, `set cpu_tuple_cost = 1e6`} {
		if _, err := db.Exec(`set enable_indexscan = off; set enable_bitmapscan = off; set enable_tidscan = off; reset cpu_operator_cost; ` + settings); err != nil {
			t.Fatal(err)
		}
		for _, query := range []string{
			`citygauge.observation where value = 770001`,
			`citygauge.observation where value > 770000 and indicator_id = 2 and period_start = '2024-02-01'`,
			`citygauge.observation where note = 'nightingale'`,
			`citygauge.observation where note like 'night%'`,
			`citygauge.observation where (value, indicator_id) > (770000, 0)`,
			`citygauge.observation where greatest(value, 0) = 770001`,
			`citygauge.observation where case when value = 770001 then true end`,
			`citygauge.observation where ctid = '(0,42)'`,
			`citygauge.indicator where title = 'Brightwater''s thefts'`,
			`citygauge.city where name = 'Brightwater'`,
			`citygauge.assessment where status = 'on-track'`,
			`report.observation where value = 770001`,
		} {
			var lines []string
			if err := db.Select(&lines, `explain (costs off) select from `+query); err != nil {
				t.Fatal(err)
			}
			filters := 0
			for _, line := range lines {
				if !strings.Contains(line, "Filter:") || strings.Contains(line, "Join Filter:") {
					continue
				}
				if filters++; strings.Contains(line, " AND ") && !first.MatchString(line) {
					t.Errorf("%s asks otherwise first, where %q: %s", query, settings, line)
				}
			}
			if filters == 0 {
				t.Errorf("%s filters nothing:\n%s", query, strings.Join(lines, "\n"))
			}
		}
	}
	var late []string
	if err := i.superuser(t).Select(&late, `
		select format('%s on %s: %s', policyname, tablename, qual)
		from pg_policies
		where schemaname = 'citygauge' and 'public' = any(roles) and qual !~ '\( ?SELECT \(?(citygauge\.)?visible_cities\(\)'
		      and not (qual = '(city_id = ANY (citygauge.visible_cities()))' and (select provolatile = 'i' from pg_proc where oid = 'citygauge.visible_cities'::regproc))`); err != nil {
		t.Fatal(err)
	}
	for _, policy := range late {
		t.Errorf("asked for each row, and after cheaper conditions: write (select citygauge.visible_cities()) as 00007_accounts.sql does: %s", policy)
	}
}

// Whoever listens learns that something changed somewhere, and no more.
func TestListenersLearnNothing(t *testing.T) {
	i, login := secretive(t)
	cmd := i.psql(t, login)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	fmt.Fprintln(in, "listen citygauge;\n\\echo listening")
	if !lines.Scan() || lines.Text() != "listening" {
		t.Fatalf("psql says %q", lines.Text())
	}
	i.take(t, upload.Request{}, "city,indicator,period,value\nbrightwater,thefts,2025-09,770099\n")
	fmt.Fprintln(in, "select 1 \\g /dev/null\n\\echo done")
	in.Close()
	var heard []string
	for lines.Scan() && lines.Text() != "done" {
		heard = append(heard, lines.Text())
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	if want := regexp.MustCompile(`^Asynchronous notification "citygauge" received from server process with PID \d+\.$`); len(heard) != 1 || !want.MatchString(heard[0]) {
		t.Errorf("it heard %q", heard)
	}
}
