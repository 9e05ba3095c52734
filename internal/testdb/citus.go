package testdb

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"strconv"
	"testing"

	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/store"
)

// Citus is the environment variable that names a Citus: the URL, with user and
// password, of a superuser and of a database on the coordinator that knows its
// workers. Where it is set, every test's database is made there and spread over
// the workers. The workers must take that user and password, at the addresses
// by which the coordinator knows them.
const Citus = "CITYGAUGE_TEST_CITUS"

// OnCitus reports whether the tests' databases are spread over a Citus.
func OnCitus() bool { return os.Getenv(Citus) != "" }

// OneServer ends a test that a Citus cannot run, for a reason that is said.
func OneServer(t testing.TB, reason string) {
	t.Helper()
	if OnCitus() {
		t.Skip("not on Citus: " + reason)
	}
}

func cluster(t testing.TB, ctx context.Context) *Postgres {
	t.Helper()
	at, err := url.Parse(os.Getenv(Citus))
	if err != nil || at.User == nil {
		t.Fatalf("%s cannot be read: write postgres://USER:PASSWORD@HOST:PORT/DATABASE", Citus)
	}
	port, err := strconv.Atoi(at.Port())
	if err != nil {
		t.Fatalf("%s names no port", Citus)
	}
	db := open(t, at.String())
	defer db.Close()
	var nodes []struct {
		Group int    `db:"groupid"`
		Name  string `db:"nodename"`
		Port  int    `db:"nodeport"`
	}
	if err := db.SelectContext(ctx, &nodes, `
		select groupid, nodename, nodeport from pg_dist_node where isactive and noderole = 'primary' order by groupid`); err != nil {
		t.Fatalf("%s: ask for the nodes: %v", Citus, err)
	}
	if len(nodes) < 2 || nodes[0].Group != 0 {
		t.Fatalf("%s names a database that does not know a coordinator and workers", Citus)
	}
	s := &Postgres{
		maintenance: at.Path[1:], host: at.Hostname(), port: port, coordinator: nodes[0].Name,
		nodes: []func(string) string{into(*at)},
	}
	for _, n := range nodes[1:] {
		worker := *at
		worker.Host = net.JoinHostPort(n.Name, strconv.Itoa(n.Port))
		s.nodes = append(s.nodes, into(worker))
	}
	return s
}

// into answers with a server's URL for each of its databases.
func into(server url.URL) func(string) string {
	return func(database string) string {
		server.Path = "/" + database
		return server.String()
	}
}

// join makes a database on all servers that is a cluster of its own.
func (s *Postgres) join(t testing.TB, ctx context.Context, name string) {
	t.Helper()
	run := func(at, statement string, args ...any) {
		t.Helper()
		db := open(t, at)
		defer db.Close()
		if _, err := db.ExecContext(ctx, statement, args...); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	for _, node := range s.nodes {
		run(node(s.maintenance), "create database "+pq.QuoteIdentifier(name)+" template template0")
		run(node(name), "create extension citus")
	}
	run(s.SuperuserURL(name), `select citus_set_coordinator_host($1, $2)`, s.coordinator, s.port)
	for _, worker := range s.nodes[1:] {
		at, err := url.Parse(worker(name))
		if err != nil {
			t.Fatal(err)
		}
		run(s.SuperuserURL(name), `select citus_add_node($1, $2)`, at.Hostname(), at.Port())
	}
	run(s.SuperuserURL(name), fmt.Sprintf(`do $$
begin
  if not exists (select from pg_roles where rolname = '%[1]s') then
    create role %[1]s;
  end if;
end
$$`, prefix))
	for _, node := range s.nodes {
		run(node(s.maintenance), "alter database "+pq.QuoteIdentifier(name)+" owner to "+prefix)
	}
}

// spread converts the template. A few shards will do.
func spread(t testing.TB, ctx context.Context, login string) {
	t.Helper()
	at, err := url.Parse(login)
	if err != nil {
		t.Fatal(err)
	}
	query := at.Query()
	query.Set("options", "-c citus.shard_count=4")
	at.RawQuery = query.Encode()
	if _, err := store.Distribute(ctx, at.String(), prefix); err != nil {
		t.Fatalf("spread the template: %v", err)
	}
}
