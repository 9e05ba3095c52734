// Package testdb gives tests a real Postgres: a private server that all test
// processes of a user share, or the Citus that [Citus] names, and a migrated
// database for each test. Tests alone import it.
package testdb

import (
	"context"
	"crypto/rand"
	"fmt"
	"hash/fnv"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"go.uber.org/goleak"

	"github.com/citygauge/citygauge/internal/store"
)

// prefix begins the names of the test installations' roles.
const prefix = "cgtest"

// Database is a database of a test's own.
type Database struct {
	URL       string // as the server of an installation logs in
	Superuser string // as nobody in an installation can
	Name      string
}

// shared are the servers of this process, started by the first test that needs
// them and let go by [Main].
var shared struct {
	sync.Mutex
	private, citus *Postgres
}

// Main runs a package's tests, lets go of the server afterwards, and fails where
// they leave a goroutine behind. Call it from TestMain as os.Exit(testdb.Main(m)).
func Main(m interface{ Run() int }) int {
	code, err := m.Run(), leave()
	if code == 0 && err == nil {
		err = goleak.Find()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

func leave() error {
	shared.Lock()
	defer shared.Unlock()
	if shared.private == nil {
		return nil
	}
	server := shared.private
	shared.private = nil
	return server.close()
}

// New makes a database with the store's migrations, which goes when the test
// ends.
func New(t testing.TB) Database {
	t.Helper()
	return copied(t, Server(t))
}

// Elsewhere is [New] on the private server, always: for a database that a city
// has, which is no installation's, and whose socket is here.
func Elsewhere(t testing.TB) Database {
	t.Helper()
	return copied(t, ElsewhereServer(t))
}

func copied(t testing.TB, server *Postgres) Database {
	t.Helper()
	ctx := context.Background()
	template := templateOf(t, ctx, server)
	name := "test_" + strings.ToLower(rand.Text())[:16]
	if err := server.each(func(admin *sqlx.DB) error { return create(admin, name, template) }); err != nil {
		t.Fatalf("make the test's database: %v", err)
	}
	server.dropAfter(t, name)
	d := Database{URL: server.login(t, name), Superuser: server.SuperuserURL(name), Name: name}
	if err := store.Enclose(ctx, d.URL, prefix); err != nil {
		t.Fatalf("close the test's database: %v", err)
	}
	return d
}

// Empty makes a database without anything in it, on a Citus one that knows its
// workers, which goes when the test ends.
func Empty(t testing.TB) Database {
	t.Helper()
	server := Server(t)
	templateOf(t, context.Background(), server) // for the login
	name := "test_" + strings.ToLower(rand.Text())[:16]
	server.dropAfter(t, name)
	if OnCitus() {
		server.join(t, context.Background(), name)
	} else if err := server.each(func(admin *sqlx.DB) error { return create(admin, name, "template0") }); err != nil {
		t.Fatalf("make the test's database: %v", err)
	}
	return Database{URL: server.login(t, name), Superuser: server.SuperuserURL(name), Name: name}
}

// Server is the server that the databases are on.
func Server(t testing.TB) *Postgres {
	t.Helper()
	if !OnCitus() {
		return ElsewhereServer(t)
	}
	shared.Lock()
	defer shared.Unlock()
	if shared.citus == nil {
		shared.citus = cluster(t, context.Background())
	}
	return shared.citus
}

// ElsewhereServer is the private server.
func ElsewhereServer(t testing.TB) *Postgres {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.private == nil {
		shared.private = private(t, context.Background())
	}
	return shared.private
}

// templateOf makes the database that the tests' are copied from, once for each
// state of the migrations.
func templateOf(t testing.TB, ctx context.Context, server *Postgres) string {
	t.Helper()
	name := fmt.Sprintf("template_%016x", fingerprint(t))
	admin := open(t, server.SuperuserURL(server.maintenance))
	defer admin.Close()
	conn, err := admin.Connx(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	// Other test processes wait here until the template is whole.
	if _, err := conn.ExecContext(ctx, `select pg_advisory_lock(20260101)`); err != nil {
		t.Fatal(err)
	}
	var exists bool
	if err := conn.GetContext(ctx, &exists, `select exists (select from pg_database where datname = $1 and datistemplate)`, name); err != nil {
		t.Fatal(err)
	}
	if exists {
		return name
	}
	if err := server.drop(name); err != nil {
		t.Fatal(err)
	}
	superuser := server.SuperuserURL(server.maintenance)
	if server.isCitus() {
		server.join(t, ctx, name)
		superuser = server.SuperuserURL(name) // roles that are made there are made on every node
	}
	at, err := store.Bootstrap(ctx, superuser, name, prefix)
	if err != nil {
		t.Fatalf("migrate the template: %v", err)
	}
	if server.isCitus() {
		spread(t, ctx, at)
	}
	if err := server.each(func(admin *sqlx.DB) error { return freeze(admin, name) }); err != nil {
		t.Fatal(err)
	}
	return name
}

func fingerprint(t testing.TB) uint64 {
	t.Helper()
	text, err := store.Schema()
	if err != nil {
		t.Fatal(err)
	}
	hash := fnv.New64a()
	hash.Write([]byte(text))
	return hash.Sum64()
}

func create(admin *sqlx.DB, name, template string) error {
	_, err := admin.Exec("create database " + pq.QuoteIdentifier(name) + " template " + pq.QuoteIdentifier(template) + " owner " + prefix)
	return err
}

// freeze makes a database one to copy from. Nobody may be in it then: a Citus
// has a process of its own in each.
func freeze(admin *sqlx.DB, name string) error {
	_, err := admin.Exec("alter database " + pq.QuoteIdentifier(name) + " is_template true allow_connections false")
	if err != nil {
		return err
	}
	_, err = admin.Exec(`select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = $1`, name)
	return err
}

func open(t testing.TB, at string) *sqlx.DB {
	t.Helper()
	db, err := sqlx.Open("postgres", at)
	if err != nil {
		t.Fatal(err)
	}
	return db
}
