package main

import (
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/citygauge/citygauge/internal/localpg"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/testdb"
	"github.com/citygauge/citygauge/internal/testnet"
)

// far is a database that is reached by a network which can fail.
type far struct {
	*testnet.Proxy
	sight
	near, flag string // URLs as flags, without and by the network
	password   string
}

// reach puts a network before a database.
func reach(t *testing.T, databaseURL, superuser string, host string, port int) *far {
	t.Helper()
	proxy := testnet.New(t, net.JoinHostPort(host, strconv.Itoa(port)))
	at, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	password, _ := at.User.Password()
	at.Host, at.RawQuery = proxy.Address(), "sslmode=disable"
	return &far{proxy, look(t, superuser), "--database-url=" + databaseURL, "--database-url=" + at.String(), password}
}

// farDatabase is a database of a test's own on the server of all tests.
func farDatabase(t *testing.T) *far {
	t.Helper()
	db := testdb.New(t)
	host, port := testdb.Server(t).Address()
	return reach(t, db.URL, db.Superuser, host, port)
}

// watched is a server at work, of which is asked whether it is ready.
type watched struct {
	*process
	client  *http.Client
	metrics string
}

func (f *far) serve(t *testing.T) *watched {
	t.Helper()
	p := start(t, nil, "serve", f.flag, "--listen=127.0.0.1:0", "--metrics-listen=127.0.0.1:0")
	w := &watched{p, newClient(t, nil), p.awaitWords(t, `the metrics at (.*)/metrics\.`)[1]}
	t.Cleanup(func() { f.keepsSecrets(t, p) })
	w.await(t, http.StatusOK)
	return w
}

// await waits until /-/ready has a status.
func (w *watched) await(t *testing.T, want int) {
	t.Helper()
	await(t, "/-/ready answers "+strconv.Itoa(want), func() bool {
		status, _ := get(t, w.client, w.metrics+"/-/ready")
		return status == want
	})
}

func (w *watched) awaitShown(t *testing.T, line string) {
	t.Helper()
	await(t, line, func() bool {
		_, text := get(t, w.client, w.metrics+"/metrics")
		return strings.Contains(text, "\n"+line+"\n")
	})
}

// says makes sure of what a program told.
func (p *program) says(t *testing.T, words ...string) {
	t.Helper()
	for _, w := range words {
		if told := p.out.String() + p.talk.String(); !strings.Contains(told, w) {
			t.Errorf("it does not say %q:\n%s", w, told)
		}
	}
}

// keepsSecrets makes sure that a program did not tell the password.
func (f *far) keepsSecrets(t *testing.T, p *process) {
	t.Helper()
	if told := p.out.String() + p.talk.String(); strings.Contains(told, f.password) {
		t.Errorf("it tells the password:\n%s", told)
	}
}

// runs runs a command by the network to its end.
func (f *far) runs(t *testing.T, want int, args ...string) *process {
	t.Helper()
	p := start(t, nil, append(args, f.flag)...)
	f.ends(t, p, want)
	return p
}

func (f *far) ends(t *testing.T, p *process, want int) {
	t.Helper()
	if status := p.awaitEnd(t); status != want {
		t.Errorf("exit status %d, want %d:\n%s%s", status, want, &p.out, &p.talk)
	}
	f.keepsSecrets(t, p)
}

// whole makes sure that nothing was lost, doubled, or done by half: of so many
// observations and revisions.
func (s sight) whole(t *testing.T, observations, revisions int) {
	t.Helper()
	for what, c := range map[string]struct {
		from string
		want int
	}{
		"observations": {"citygauge.observation", observations},
		"revisions":    {"citygauge.observation_revision", revisions},
		"observations that are not their newest revision": {`citygauge.observation o where not exists (
			select 1 from citygauge.observation_revision r
			where (r.city_id, r.indicator_id, r.period_start, r.revision) = (o.city_id, o.indicator_id, o.period_start, o.revision)
			and (r.value, r.status) is not distinct from (o.value, o.status)
			and not exists (select 1 from citygauge.observation_revision later
			  where (later.city_id, later.indicator_id, later.period_start) = (r.city_id, r.indicator_id, r.period_start) and later.revision > r.revision))`, 0},
		"observations whose revisions have a gap": {`(select 1 from citygauge.observation_revision
			group by city_id, indicator_id, period_start having max(revision) <> count(*)) gaps`, 0},
		"revisions that no applied upload made": {`citygauge.observation_revision
			where upload_id not in (select upload_id from citygauge.upload where state = 'applied')`, 0},
		"uploads whose report counts other revisions than it made": {`citygauge.upload
			left join (select upload_id, count(*) as made from citygauge.observation_revision group by upload_id) r using (upload_id)
			where state = 'applied'
			and (report->'counts'->>'new')::int + (report->'counts'->>'changed')::int + (report->'counts'->>'withdrawn')::int <> coalesce(made, 0)`, 0},
		"uploads whose file is not kept whole": {`citygauge.upload u
			where bytes <> (select coalesce(sum(length(content)), 0) from citygauge.upload_file f where f.sha256 = u.sha256)`, 0},
	} {
		if got := s.count(t, c.from); got != c.want {
			t.Errorf("%d %s, want %d", got, what, c.want)
		}
	}
}

// ownPostgres is a Postgres of a test's own, to be stopped and killed.
type ownPostgres struct {
	*far
	dir    string
	server *localpg.Server
}

func newOwnPostgres(t *testing.T, dir string) *ownPostgres {
	t.Helper()
	o := &ownPostgres{dir: filepath.Join(dir, "data")}
	o.start(t)
	t.Cleanup(func() {
		if err := o.server.Close(); err != nil {
			t.Error(err)
		}
	})
	superuser := o.server.SuperuserURL("postgres")
	at, err := store.Bootstrap(t.Context(), superuser, databaseName, store.DefaultPrefix)
	if err != nil {
		t.Fatal(err)
	}
	host, port := o.server.Address()
	o.far = reach(t, at, o.server.SuperuserURL(databaseName), host, port)
	return o
}

// start starts it, again at the same address.
func (o *ownPostgres) start(t *testing.T) {
	t.Helper()
	server, err := localpg.Start(t.Context(), localpg.Options{Dir: o.dir, Settings: map[string]string{
		"fsync": "off", "shared_buffers": "16MB", "min_wal_size": "32MB", "max_wal_size": "64MB",
	}})
	if err != nil {
		t.Fatal(err)
	}
	o.server = server
}

// stop stops it as an administrator does, in the middle of everything.
func (o *ownPostgres) stop(t *testing.T) {
	t.Helper()
	if err := o.server.Close(); err != nil {
		t.Fatal(err)
	}
}

// kill is kill -9.
func (o *ownPostgres) kill(t *testing.T) {
	t.Helper()
	pid, _ := postmaster(t, o.dir)
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
}
