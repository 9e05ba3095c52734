package localpg

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// cluster is the databases of a data directory and the programs that run them. Its methods expect the change lock to be
// held.
type cluster struct {
	dir      *dataDir
	bin      installation
	settings map[string]string
	patience time.Duration // with what passes by itself
	log      *slog.Logger
}

// version returns the major version of Postgres that made the cluster, 0 if there is none yet.
func (d *dataDir) version() (int, error) {
	content, err := d.root.ReadFile(path.Join(clusterDir, "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("find out which Postgres made the data: %w", err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(content)))
	if err != nil {
		return 0, fmt.Errorf("find out which Postgres made the data: %s is damaged: %w", d.file(clusterDir+"/PG_VERSION"), err)
	}
	return major, nil
}

// password returns the superuser's password.
func (d *dataDir) password() (string, error) {
	content, err := d.root.ReadFile(passwordFile)
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("%s is gone, and with it the key to the data: restore it from a backup, or choose another --data-dir", d.file(passwordFile))
	}
	if err != nil {
		return "", fmt.Errorf("read the superuser's password: %w", err)
	}
	return strings.TrimSpace(string(content)), nil
}

// create makes the cluster if there is none. It is made under another name and renamed when it is complete, so that one
// that was interrupted is never mistaken for one that works.
func (c *cluster) create(ctx context.Context, change *lock) error {
	exists, err := c.exists()
	if err != nil || exists {
		return err
	}
	c.log.InfoContext(ctx, "creating a private Postgres", "dir", c.dir.path, "version", c.bin.major, "user", c.dir.as.name)
	// The password comes first: a complete cluster whose password nobody knows would be lost.
	if err := c.dir.write(passwordFile, newPassword()+"\n"); err != nil {
		return fmt.Errorf("write the superuser's password: %w", err)
	}
	if err := c.prepare(); err != nil {
		return fmt.Errorf("make room for the cluster: %w", err)
	}
	_, err = run(ctx, c.dir.as, invocation{
		program:  c.bin.program("initdb"),
		args:     c.initdb(),
		onCancel: syscall.SIGTERM,
		// If we are killed, initdb goes on; nobody may clear its files away before it has ended.
		keepsOpen: change.file,
	})
	if err != nil {
		return fmt.Errorf("create the cluster: %w", errors.Join(err, c.dir.root.RemoveAll(unfinished)))
	}
	if err := c.includeSettings(); err != nil {
		return fmt.Errorf("configure the cluster: %w", err)
	}
	return c.dir.rename(unfinished, clusterDir)
}

// exists reports whether there is a complete cluster.
func (c *cluster) exists() (bool, error) {
	major, err := c.dir.version()
	if err != nil || major > 0 {
		return major > 0, err
	}
	// An empty directory, perhaps a mount point of old, is in the way of the rename; anything else is not ours.
	err = c.dir.root.Remove(clusterDir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, fmt.Errorf("%s is not the work of Postgres; move it away, or choose another --data-dir: %w", c.dir.file(clusterDir), err)
	}
	return false, nil
}

// prepare makes an empty directory for initdb.
func (c *cluster) prepare() error {
	if err := c.dir.root.RemoveAll(unfinished); err != nil {
		return err
	}
	if err := c.dir.root.Mkdir(unfinished, 0o700); err != nil {
		return err
	}
	made, err := c.dir.root.Open(unfinished)
	if err != nil {
		return err
	}
	return errors.Join(c.dir.give(made), made.Close())
}

// initdb returns the arguments of initdb. The C locale is the one that every system has, and the only one whose order a
// system upgrade never changes under an index; UTF-8 holds every city's name.
func (c *cluster) initdb() []string {
	args := []string{
		"--pgdata=" + c.dir.file(unfinished),
		"--username=" + superuser,
		"--pwfile=" + c.dir.file(passwordFile),
		"--auth=scram-sha-256",
		"--encoding=UTF8", "--locale-provider=libc", "--locale=C",
		"--data-checksums",
		"--no-instructions",
	}
	if c.settings["fsync"] == "off" {
		args = append(args, "--no-sync")
	}
	return args
}

// includeSettings makes Postgres read our settings file after its own.
func (c *cluster) includeSettings() error {
	f, err := c.dir.root.OpenFile(path.Join(unfinished, "postgresql.conf"), os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString("\ninclude = '" + settingsFile + "'\n")
	return errors.Join(err, f.Sync(), f.Close())
}

// newPassword returns 32 random bytes as text that needs no quoting anywhere.
func newPassword() string {
	secret := make([]byte, 32)
	rand.Read(secret) // never fails
	return base64.RawURLEncoding.EncodeToString(secret)
}
