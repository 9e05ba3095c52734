package localpg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
)

// account is the user that Postgres runs as. Postgres refuses to be root, so root becomes somebody else.
type account struct {
	name     string
	uid, gid int
	drop     bool // we are root and our programs run as this account; otherwise it is our own
}

// accountFor chooses the account for a data directory: our own or, for root, the owner of the data, else of the
// directory, else postgres, else nobody.
func accountFor(path string) (account, error) {
	euid := os.Geteuid()
	cluster := filepath.Join(path, clusterDir)
	for _, place := range []string{cluster, path} {
		info, err := os.Lstat(place)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return account{}, fmt.Errorf("%w: run citygauge as the user that it belongs to, or choose another --data-dir", err)
		}
		uid, gid, ok := owner(info)
		switch {
		case !ok || uid == euid && place == path:
			continue
		case euid == 0 && uid == 0:
			return account{}, fmt.Errorf("%s belongs to root, which Postgres refuses to run as; give it to another user: chown -R postgres: %s", place, place)
		case euid == 0:
			return account{name: userName(uid), uid: uid, gid: gid, drop: true}, nil
		case uid != euid && place == cluster:
			return account{}, fmt.Errorf("%s belongs to %s: run citygauge as that user, or choose another --data-dir", place, userName(uid))
		}
	}
	if euid != 0 {
		return account{name: userName(euid), uid: euid, gid: os.Getegid()}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.Atoi(u.Uid)
		gid, gidErr := strconv.Atoi(u.Gid)
		if err := errors.Join(uidErr, gidErr); err != nil {
			return account{}, fmt.Errorf("user %s: %w", name, err)
		}
		return account{name: name, uid: uid, gid: gid, drop: true}, nil
	}
	return account{}, errors.New("choose a user for Postgres, which refuses to run as root: there is neither postgres nor nobody; create one (useradd --system postgres), or run citygauge as another user")
}

func userName(uid int) string {
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return u.Username
	}
	return "user " + strconv.Itoa(uid)
}

// enter checks that the account can get into a directory, by sending a harmless program there: only the kernel knows
// every rule that applies.
func (a account) enter(ctx context.Context, dir, program string) error {
	if !a.drop || a.canEnter(ctx, dir, program) {
		return nil
	}
	barrier := dir
	for _, ancestor := range ancestors(dir) {
		if !a.canEnter(ctx, ancestor, program) {
			barrier = ancestor
			break
		}
	}
	return fmt.Errorf("%s, the user that Postgres runs as, cannot enter %s: choose another --data-dir (such as /var/lib/citygauge), or allow it (chmod o+x %s)",
		a.name, barrier, barrier)
}

func (a account) canEnter(ctx context.Context, dir, program string) bool {
	_, err := run(ctx, a, invocation{dir: dir, program: program, args: []string{"--version"}})
	return !errors.Is(err, fs.ErrPermission)
}

// ancestors returns the directories on the way to an absolute path, from the root down to the path itself.
func ancestors(path string) []string {
	var way []string
	for ; !strings.HasSuffix(path, string(filepath.Separator)); path = filepath.Dir(path) {
		way = append([]string{path}, way...)
	}
	return append([]string{path}, way...)
}
