package backup_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/localpg"
)

// Somebody deletes a city's observations, and everything is brought back as it
// stood the moment before.
func TestRecoveryToAPointInTime(t *testing.T) {
	archive, base := shared(t), filepath.Join(shared(t), "base")
	folder := dir(t)
	source, at := installation(t, folder, map[string]string{
		"archive_mode": "on", "archive_command": "test ! -f " + archive + "/%f && cp %p " + archive + "/%f",
	})
	if said, err := run(t, source, "pg_basebackup", "--pgdata="+base, "--checkpoint=fast"); err != nil {
		t.Fatalf("pg_basebackup: %v\n%s", err, said)
	}

	// All of this is after the base backup, and only in what was archived.
	citygauge(t, at, "account", "add", "ben@example.org", "--role=faculty", "--generate")
	before := everything(t, source)
	superuser := open(t, source.SuperuserURL(database))
	var moment string
	if err := superuser.Get(&moment, `select clock_timestamp()::text`); err != nil {
		t.Fatal(err)
	}
	if _, err := superuser.Exec(`delete from citygauge.observation where city_id = (select min(city_id) from citygauge.city)`); err != nil {
		t.Fatal(err)
	}
	if after := everything(t, source); cmp.Equal(before, after) {
		t.Fatal("nothing was deleted")
	}
	stop(t, source) // which archives what it has not yet

	again := dir(t)
	recovering(t, again, base, folder)
	recovered := server(t, again, map[string]string{
		"restore_command": "cp " + archive + "/%f %p", "recovery_target_time": moment, "recovery_target_action": "promote",
	})
	awaitPromotion(t, recovered)
	if diff := cmp.Diff(before, everything(t, recovered)); diff != "" {
		t.Errorf("(-before +recovered):\n%s", diff)
	}
	works(t, recovered, elsewhere(t, at, recovered))
}

// recovering makes a data directory of a base backup, with the password and the
// owner of the one that it is of.
func recovering(t *testing.T, dir, base, of string) {
	t.Helper()
	key, err := os.ReadFile(filepath.Join(of, "password"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	cluster := filepath.Join(dir, "postgres")
	if err := os.CopyFS(cluster, os.DirFS(base)); err != nil {
		t.Fatal(err)
	}
	for path, content := range map[string][]byte{filepath.Join(cluster, "recovery.signal"): nil, filepath.Join(dir, "password"): key} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	uid, gid := ownerOf(t, of)
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if err := os.Chmod(path, 0o700); err != nil {
				return err
			}
		}
		return os.Lchown(path, uid, gid)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// ownerOf is whom a server's folder belongs to.
func ownerOf(t *testing.T, dir string) (uid, gid int) {
	t.Helper()
	info, err := os.Stat(dir)
	if err != nil {
		t.Fatal(err)
	}
	owner := info.Sys().(*syscall.Stat_t)
	return int(owner.Uid), int(owner.Gid)
}

// shared is a folder that the test and the user that Postgres runs as write to.
func shared(t *testing.T) string {
	t.Helper()
	at := filepath.Dir(dir(t))
	if err := os.Chmod(at, 0o777); err != nil {
		t.Fatal(err)
	}
	return at
}

func stop(t *testing.T, s *localpg.Server) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func awaitPromotion(t *testing.T, s *localpg.Server) {
	t.Helper()
	db := open(t, s.SuperuserURL(database))
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for end := time.Now().Add(time.Minute); ; <-look.C {
		recovering := true
		if err := db.Get(&recovering, `select pg_is_in_recovery()`); err == nil && !recovering {
			return
		} else if time.Now().After(end) {
			t.Fatalf("it does not come out of recovery: %v", err)
		}
	}
}
