package main

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/citygauge/citygauge/internal/account"
	"github.com/citygauge/citygauge/internal/testdb"
	"github.com/citygauge/citygauge/internal/testlog"
)

// pooled is a database's URL through PgBouncer as it is deployed: one server
// connection at a time serves each transaction, and another the next. It may
// ignore more of what a connection asks for at its start.
func pooled(t *testing.T, db testdb.Database, ignore ...string) (through string) {
	t.Helper()
	config, err := os.ReadFile("../../deploy/pgbouncer/pgbouncer.ini")
	if err != nil {
		t.Fatal(err)
	}
	login, err := url.Parse(db.URL)
	if err != nil {
		t.Fatal(err)
	}
	password, _ := login.User.Password()
	host, port := testdb.Server(t).Address()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	_, listen, _ := net.SplitHostPort(address)
	free.Close()

	dir := enterable(t)
	users := filepath.Join(dir, "userlist.txt")
	text := string(config)
	for was, is := range map[string]string{
		"citygauge = host=127.0.0.1 port=5432 dbname=citygauge": fmt.Sprintf("%s = host=%s port=%d", db.Name, host, port),
		"listen_port = 6432":                             "listen_port = " + listen + "\nunix_socket_dir =",
		"auth_file = /etc/pgbouncer/userlist.txt":        "auth_file = " + users,
		"default_pool_size = 20":                         "default_pool_size = 3",
		"ignore_startup_parameters = extra_float_digits": "ignore_startup_parameters = " + strings.Join(append(ignore, "extra_float_digits"), ", "),
	} {
		if !strings.Contains(text, "\n"+was+"\n") {
			t.Fatalf("pgbouncer.ini has no %q", was)
		}
		text = strings.Replace(text, was, is, 1)
	}
	ini := filepath.Join(dir, "pgbouncer.ini")
	for path, content := range map[string]string{ini: text, users: fmt.Sprintf("%q %q\n", login.User.Username(), password)} {
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil { // for the user that it runs as
			t.Fatal(err)
		}
	}
	startPooler(t, ini)
	await(t, "PgBouncer listens", func() bool { return !refuses(address) })
	login.Host, login.RawQuery = address, "sslmode=disable"
	return login.String()
}

func startPooler(t *testing.T, ini string) {
	t.Helper()
	name, err := exec.LookPath("pgbouncer")
	if err != nil {
		name = "/usr/sbin/pgbouncer" // not on everybody's PATH
	}
	args := []string{ini}
	if os.Getuid() == 0 { // which it refuses to be
		args = append(args, "--user", "nobody")
	}
	bouncer := exec.CommandContext(context.WithoutCancel(t.Context()), name, args...)
	var talk testlog.Transcript
	bouncer.Stdout, bouncer.Stderr = &talk, &talk
	if err := bouncer.Start(); err != nil {
		t.Fatalf("PgBouncer is needed: %v", err)
	}
	t.Cleanup(func() {
		if err := bouncer.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		_ = bouncer.Wait()
		if t.Failed() {
			t.Logf("PgBouncer said:\n%s", &talk)
		}
	})
}

// No notification comes through such a pooler, so that a change is shown only
// when generations are compared anyhow, after up to 30 seconds.
func TestThroughAPoolerInTransactionMode(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	through := pooled(t, db)
	flag := "--database-url=" + through

	succeed(t, "apply", flag, "testdata/files/programme.yaml")
	succeed(t, "import", flag, "testdata/files/thefts.csv")
	first, second := serve(t, nil, flag), serve(t, nil, flag)
	first.awaitMetric(t, aldermoorValue+"80")
	second.awaitMetric(t, aldermoorValue+"80")

	// Several take data in and sign in at once, over three connections.
	g := &Global{DatabaseURL: through}
	d, err := g.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer d.Store.Close()
	accounts := account.NewService(d.Store, account.Options{Now: time.Now})
	const password = "made-up-for-this-test"
	if _, err := accounts.Add(t.Context(), account.Actor{Name: "the test"}, account.Account{Name: "ada@example.org", Role: account.Admin}, password); err != nil {
		t.Fatal(err)
	}
	errs := make(chan error, 8)
	for n := range cap(errs) {
		file := aldermoorHas(t, fmt.Sprint(90+n))
		go func() {
			a, err := accounts.SignIn(context.WithoutCancel(t.Context()), "ada@example.org", password, "192.0.2.1")
			if err == nil {
				_, err = accounts.BySession(context.WithoutCancel(t.Context()), a.Session())
			}
			var said strings.Builder
			if status := run(context.WithoutCancel(t.Context()), []string{"import", flag, file}, streams{strings.NewReader(""), &said, &said}); err == nil && status != exitDone {
				err = fmt.Errorf("import: exit status %d: %s", status, &said)
			}
			errs <- err
		}()
	}
	for range cap(errs) {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}

	// Whichever came last stands, and the servers see it.
	succeed(t, "import", flag, aldermoorHas(t, "75"))
	first.awaitMetric(t, aldermoorValue+"75")
	second.awaitMetric(t, aldermoorValue+"75")

	superuser, err := sqlx.Open("postgres", db.Superuser)
	if err != nil {
		t.Fatal(err)
	}
	defer superuser.Close()
	var revisions, connections int
	if err := superuser.Get(&revisions, `select count(*) from citygauge.observation_revision where period_start = '2025-01-01'`); err != nil || revisions != 11 {
		t.Errorf("%d revisions of the first quarter, want 2 + 9 (%v)", revisions, err)
	}
	if err := superuser.Get(&connections, `select count(*) from pg_stat_activity where datname = current_database() and application_name = 'citygauge'`); err != nil || connections == 0 || connections > 3 {
		t.Errorf("%d connections of citygauge to Postgres, want 1 to 3 (%v)", connections, err)
	}
}

// A pooler refuses what a connection is to begin with or, told to ignore it,
// drops it in silence. Either way migrating stops before it makes anything.
func TestMigrateNotThroughAPooler(t *testing.T) {
	for name, c := range map[string]struct {
		ignore []string
		says   string
	}{
		"as deployed":     {nil, "options"},
		"options ignored": {[]string{"options"}, "connect to Postgres itself, not to a pooler"},
	} {
		t.Run(name, func(t *testing.T) {
			db := testdb.New(t)
			through := pooled(t, db, c.ignore...)
			superuser, err := sqlx.Open("postgres", db.Superuser)
			if err != nil {
				t.Fatal(err)
			}
			defer superuser.Close()
			if _, err := superuser.Exec("drop schema citygauge, report cascade"); err != nil {
				t.Fatal(err)
			}
			var said strings.Builder
			status := run(t.Context(), []string{"migrate", "--database-url=" + through, "--role-prefix=cgtest"}, streams{strings.NewReader(""), &said, &said})
			if status != exitEnvironment || !strings.Contains(said.String(), c.says) {
				t.Errorf("exit status %d:\n%s", status, &said)
			}
			var tables int
			if err := superuser.Get(&tables, `select count(*) from pg_class where relnamespace = 'citygauge'::regnamespace`); err != nil || tables > 0 {
				t.Errorf("%d tables were made (%v)", tables, err)
			}
		})
	}
}
