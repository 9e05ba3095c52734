package localpg

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRestartKeepsDataAndAddress(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	first, err := Start(t.Context(), Options{Dir: dir, Database: "citygauge", Settings: quick})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, first) })
	db := connect(t, first.SuperuserURL("citygauge"))
	exec1(t, db, `create table city (name text)`)
	exec1(t, db, `insert into city values ('Reykjavík'), ('Łódź')`)
	_, port := first.Address()
	socket := first.Socket()
	db.Close()
	stop(t, first)
	if pid := postmasterPID(t, dir); pid != 0 {
		t.Errorf("process %d still runs after Close", pid)
	}
	if _, err := os.Stat(socket); !os.IsNotExist(err) {
		t.Errorf("the socket's folder is still there after Close: %v", err)
	}
	if err := first.Close(); err != nil {
		t.Errorf("closing again: %v", err)
	}

	second := start(t, dir)
	if _, again := second.Address(); again != port {
		t.Errorf("the port was %d and is %d", port, again)
	}
	if second.Socket() != socket {
		t.Errorf("the socket was in %s and is in %s", socket, second.Socket())
	}
	db = connect(t, second.SuperuserURL("citygauge"))
	got := query[string](t, db, `select string_agg(name, ', ' order by name) from city`)
	if want := "Reykjavík, Łódź"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	db.Close()
}

func TestServerAsConfigured(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	s, err := Start(t.Context(), Options{Dir: dir, Settings: map[string]string{"fsync": "off", "application_name": `it's a \ test`}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, s) })
	db := connect(t, s.SuperuserURL("postgres"))
	got := map[string]string{}
	for name := range map[string]string{
		"application_name": "", "data_checksums": "", "fsync": "", "jit": "", "lc_collate": "", "listen_addresses": "", "max_connections": "",
		"max_wal_size": "", "server_encoding": "", "shared_buffers": "", "timezone": "", "unix_socket_permissions": "",
	} {
		got[name] = query[string](t, db, `select current_setting('`+name+`')`)
	}
	want := map[string]string{
		"application_name": `it's a \ test`, "data_checksums": "on", "fsync": "off", "jit": "off", "lc_collate": "C",
		"listen_addresses": "127.0.0.1", "max_connections": "400", "max_wal_size": "2GB", "server_encoding": "UTF8",
		"shared_buffers": "256MB", "timezone": "UTC", "unix_socket_permissions": "0700",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
	if n := query[int](t, db, `select count(*) from pg_hba_file_rules where auth_method <> 'scram-sha-256'`); n != 0 {
		t.Errorf("%d ways in without a password", n)
	}
	for name, want := range map[string]os.FileMode{"": 0o700, passwordFile: 0o600, logFile: 0o600, clusterDir: 0o700} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
		} else if info.Mode().Perm() != want {
			t.Errorf("%q has mode %v, want %v", name, info.Mode().Perm(), want)
		}
	}
	environ, err := os.ReadFile(procFile(postmasterPID(t, dir), "environ"))
	if err == nil && strings.Contains(string(environ), "HOME=") {
		t.Errorf("the server was given our environment: %q", environ)
	}
}

func TestEnsureDatabaseByManyAtOnce(t *testing.T) {
	t.Parallel()
	s := start(t, newCluster(t))
	const name = `a "city's" database`
	results := make(chan error)
	const many = 8
	for range many {
		go func() { results <- s.EnsureDatabase(t.Context(), name) }()
	}
	for range many {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
	db := connect(t, s.SuperuserURL(name))
	if got := query[string](t, db, `select current_database()`); got != name {
		t.Errorf("connected to %q, want %q", got, name)
	}
	db.Close()
}

func TestStartQuotesTheLog(t *testing.T) {
	t.Parallel()
	_, err := Start(t.Context(), Options{Dir: newCluster(t), Settings: map[string]string{"fsync": "off", "shared_buffers": "plenty"}})
	if err == nil || !strings.Contains(err.Error(), `invalid value for parameter "shared_buffers"`) {
		t.Errorf("the error does not say what Postgres said: %v", err)
	}
}

func TestPasswordLostOrChanged(t *testing.T) {
	t.Parallel()
	dir := newCluster(t)
	file := filepath.Join(dir, passwordFile)
	for _, c := range []struct {
		name   string
		change func() error
		want   string
	}{
		{"changed", func() error { return os.WriteFile(file, []byte("guess\n"), 0o600) }, "does not hold the password"},
		{"lost", func() error { return os.Remove(file) }, "restore it from a backup"},
	} {
		if err := c.change(); err != nil {
			t.Fatal(err)
		}
		_, err := Start(t.Context(), Options{Dir: dir, Settings: quick})
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: got %v, want an error with %q and %s", c.name, err, c.want, file)
		}
	}
}
