// Package testdb gives tests a real Postgres: a private server that all test
// processes of a user share, and a migrated database for each test. Tests alone
// import it.
package testdb

import (
	"context"
	"crypto/rand"
	"fmt"
	"hash/fnv"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/localpg"
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

// shared is the server of this process, started by the first test that needs it
// and let go by [Main].
var shared struct {
	sync.Mutex
	server *localpg.Server
}

// Main runs a package's tests and lets go of the server afterwards. Call it
// from TestMain as os.Exit(testdb.Main(m)).
func Main(m interface{ Run() int }) int {
	code := m.Run()
	shared.Lock()
	defer shared.Unlock()
	if shared.server == nil {
		return code
	}
	if err := shared.server.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	shared.server = nil
	return code
}

// New makes a database with the store's migrations, which goes when the test
// ends.
func New(t testing.TB) Database {
	t.Helper()
	ctx := context.Background()
	server := running(t, ctx)
	template := templateOf(t, ctx, server)
	name := "test_" + strings.ToLower(rand.Text())[:16]
	admin := open(t, server.SuperuserURL("postgres"))
	t.Cleanup(func() { admin.Close() })
	create(t, admin, name, template)
	t.Cleanup(func() {
		if _, err := admin.Exec("drop database " + pq.QuoteIdentifier(name) + " with (force)"); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
	d := Database{URL: login(t, server, name), Superuser: server.SuperuserURL(name), Name: name}
	if err := store.Enclose(ctx, d.URL, prefix); err != nil {
		t.Fatalf("close the test's database: %v", err)
	}
	return d
}

// Server is the server that the databases are on.
func Server(t testing.TB) *localpg.Server {
	t.Helper()
	return running(t, context.Background())
}

func running(t testing.TB, ctx context.Context) *localpg.Server {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.server == nil {
		server, err := localpg.Start(ctx, localpg.Options{
			Dir:      filepath.Join(os.TempDir(), fmt.Sprintf("citygauge-test-%d", os.Getuid())),
			Settings: map[string]string{"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "300"},
		})
		if err != nil {
			t.Fatalf("a real Postgres is needed: %v", err)
		}
		shared.server = server
	}
	return shared.server
}

// templateOf makes the database that the tests' are copied from, once for each
// state of the migrations.
func templateOf(t testing.TB, ctx context.Context, server *localpg.Server) string {
	t.Helper()
	name := fmt.Sprintf("template_%016x", fingerprint(t))
	admin := open(t, server.SuperuserURL("postgres"))
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
	if _, err := conn.ExecContext(ctx, "drop database if exists "+pq.QuoteIdentifier(name)); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Bootstrap(ctx, server.SuperuserURL("postgres"), name, prefix); err != nil {
		t.Fatalf("migrate the template: %v", err)
	}
	if _, err := conn.ExecContext(ctx, "alter database "+pq.QuoteIdentifier(name)+" is_template true"); err != nil {
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

func create(t testing.TB, admin *sqlx.DB, name, template string) {
	t.Helper()
	if _, err := admin.Exec("create database " + pq.QuoteIdentifier(name) + " template " + pq.QuoteIdentifier(template) + " owner " + prefix); err != nil {
		t.Fatalf("make the test's database: %v", err)
	}
}

func login(t testing.TB, server *localpg.Server, database string) string {
	t.Helper()
	at, err := url.Parse(server.SuperuserURL(database))
	if err != nil {
		t.Fatal(err)
	}
	password, _ := at.User.Password()
	at.User = url.UserPassword(prefix, password)
	return at.String()
}

func open(t testing.TB, at string) *sqlx.DB {
	t.Helper()
	db, err := sqlx.Open("postgres", at)
	if err != nil {
		t.Fatal(err)
	}
	return db
}
