package localpg

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRender(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		settings map[string]string
		want     string
		fault    string
	}{
		{name: "sorted and quoted", settings: map[string]string{"work_mem": "4MB", "a.b": `it's \n`}, want: "a.b = 'it''s \\\\n'\nwork_mem = '4MB'\n"},
		{name: "a name of several words", settings: map[string]string{"fsync = off #": "x"}, fault: "cannot be the name of a setting"},
		{name: "a value of several lines", settings: map[string]string{"port": "1\nfsync = off"}, fault: "a value of several lines"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := render(c.settings)
			if c.fault != "" {
				if err == nil || !strings.Contains(err.Error(), c.fault) {
					t.Errorf("got %v, want an error with %q", err, c.fault)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			_, got, _ = strings.Cut(got, "\n")
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestParsePidFile(t *testing.T) {
	t.Parallel()
	const whole = "4711\n/data/postgres\n1700000000\n5433\n/tmp/citygauge-1, /run\n127.0.0.1\n  5701  32\nready   \n"
	for _, c := range []struct {
		name    string
		content string
		want    postmaster
		ok      bool
	}{
		{"ready", whole, postmaster{pid: 4711, port: 5433, sockets: "/tmp/citygauge-1", status: "ready"}, true},
		{"just begun", "4711\n/data/postgres\n1700000000\n5433\n", postmaster{pid: 4711, port: 5433}, true},
		{"only the process", "4711\n", postmaster{pid: 4711}, true},
		{"not ready before its port is known", "4711\n\n\n\n\n\n\nready\n", postmaster{pid: 4711}, true},
		{"empty", "", postmaster{}, false},
		{"damaged", "\x00\x00\x00\x00", postmaster{}, false},
		{"a standalone backend", "-4711\n/data/postgres\n", postmaster{}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := parsePidFile(c.content)
			if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(postmaster{})); diff != "" || ok != c.ok {
				t.Errorf("ok = %v (-want +got):\n%s", ok, diff)
			}
		})
	}
}
