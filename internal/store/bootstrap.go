package store

import (
	"context"
	"fmt"
	"net/url"

	"github.com/lib/pq"
)

// Bootstrap makes a database for an installation on a server of our own, whose
// superuser's URL is given, and migrates it. It answers with the URL by which
// the installation is used from then on: that of a login, named by the prefix,
// which is no superuser but may make the logins of cities. It has the
// superuser's password. What is there already stays, but for the right of
// everybody to enter the server's other databases.
func Bootstrap(ctx context.Context, superuser, database, prefix string) (string, error) {
	at, err := url.Parse(superuser)
	if err != nil {
		return "", ErrBadURL
	}
	r, err := newRoles(prefix)
	if err != nil {
		return "", err
	}
	password, _ := at.User.Password()
	if err := createLogin(ctx, superuser, r.prefix, password); err != nil {
		return "", fmt.Errorf("make the login %s: %w", r.prefix, err)
	}
	if err := createDatabase(ctx, superuser, database, r.prefix); err != nil {
		return "", fmt.Errorf("make the database %s: %w", database, err)
	}
	at.Path = "/" + database
	if err := closeLargeObjects(ctx, at.String()); err != nil {
		return "", fmt.Errorf("close the database %s: %w", database, err)
	}
	at.User = url.UserPassword(r.prefix, password)
	return at.String(), Migrate(ctx, at.String(), prefix)
}

func createLogin(ctx context.Context, superuser, name, password string) error {
	db, err := connect(ctx, superuser, "")
	if err != nil {
		return err
	}
	defer db.Close()
	role := pq.QuoteIdentifier(name)
	verifier, err := scramVerifier(password)
	if err != nil {
		return err
	}
	// City logins cannot enter this database, so none of them holds the key.
	_, err = db.ExecContext(ctx, fmt.Sprintf(`do $$
begin
  perform pg_advisory_xact_lock(hashtext('citygauge login'));
  if not exists (select from pg_roles where rolname = %s) then
    create role %s;
  end if;
  alter role %s login createrole nosuperuser nobypassrls nocreatedb noinherit password %s;
  -- The logins of cities have nothing to do in the server's own databases.
  revoke connect, temporary on database postgres, template1 from public;
end
$$`, pq.QuoteLiteral(name), role, role, pq.QuoteLiteral(verifier)))
	return err
}

func createDatabase(ctx context.Context, superuser, name, owner string) error {
	db, err := connect(ctx, superuser, "")
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(ctx, fmt.Sprintf(`create database %s owner %s template template0`, pq.QuoteIdentifier(name), pq.QuoteIdentifier(owner)))
	switch sqlState(err) {
	case duplicateDatabase, uniqueViolation: // made before, or by a faster process
		return nil
	}
	return err
}

// closeLargeObjects keeps logins that may only read from writing nevertheless:
// anybody may make large objects, until a superuser says otherwise.
func closeLargeObjects(ctx context.Context, superuser string) error {
	db, err := connect(ctx, superuser, "")
	if err != nil {
		return err
	}
	defer db.Close()
	return together(ctx, db, noLargeObjects)
}

const noLargeObjects = `revoke execute on function lo_creat(int), lo_create(oid), lo_from_bytea(oid, bytea) from public`
