package localpg

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCancel(t *testing.T) {
	t.Parallel()
	has := func(dir, name, text string) bool {
		content, err := os.ReadFile(filepath.Join(dir, name))
		return err == nil && strings.Contains(string(content), text)
	}
	for _, c := range []struct {
		name     string
		created  bool // beforehand
		settings map[string]string
		when     func(dir string) bool
	}{
		{name: "at once", when: func(string) bool { return true }},
		{name: "creating the cluster", when: func(dir string) bool { return has(dir, unfinished+"/PG_VERSION", "") }},
		{name: "starting", created: true, when: func(dir string) bool { return has(dir, pidFile, "") }},
		{
			name: "waiting for an answer", created: true, settings: map[string]string{"pre_auth_delay": "60"},
			when: func(dir string) bool { return has(dir, pidFile, "ready") },
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			place := newDir // which sees that no server is left
			if c.created {
				place = newCluster
			}
			dir := place(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			settings := maps.Clone(quick)
			maps.Copy(settings, c.settings)
			result := make(chan error)
			go func() {
				s, err := Start(ctx, Options{Dir: dir, Settings: settings})
				if err == nil {
					err = s.Close()
				}
				result <- err
			}()
			await(t, c.name, func() bool { return c.when(dir) })
			cancel()
			if err := <-result; !errors.Is(err, context.Canceled) {
				t.Errorf("got %v, want context.Canceled", err)
			}
			stop(t, start(t, dir)) // nothing is in the way of the next
		})
	}
}

func TestCancelledStartLeavesTheServerToOthers(t *testing.T) {
	t.Parallel()
	dir := newCluster(t)
	s := start(t, dir)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Start(ctx, Options{Dir: dir}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	db := connect(t, s.SuperuserURL("postgres"))
	query[int](t, db, `select 1`)
	db.Close()
}
