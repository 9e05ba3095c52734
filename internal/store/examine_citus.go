package store

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Citus is what a database says of the cluster that it is a part of; nothing
// where it is a single Postgres's.
type Citus struct {
	Extension string // the version of Citus, such as 13.2-1
	Fits      bool   // it is one that installations are spread by
	OfWorker  bool   // the database is not the coordinator's

	// All of these are known of this program's schema alone.
	Spread   bool // the installation is
	Workers  []Worker
	Unspread []string // tables that are on the coordinator alone, and should not be
	Astray   []string // tables that are spread in another way than this program's
}

// Worker is one as the coordinator finds it.
type Worker struct {
	Host    string `db:"nodename"`
	Port    int    `db:"nodeport"`
	Active  bool   `db:"isactive"` // Citus makes use of it
	Answers bool   `db:"answers"`
	Result  string `db:"result"` // its version of Citus, or why it does not answer
}

func (c *Citus) node(ctx context.Context, db *sqlx.DB) (err error) {
	if c.Extension, err = versionOfCitus(ctx, db); err != nil || c.Extension == "" {
		return err
	}
	c.Fits = fitsCitus(c.Extension)
	return db.GetContext(ctx, &c.OfWorker, `select groupid <> 0 from pg_dist_local_group`)
}

func (c *Citus) cluster(ctx context.Context, db *sqlx.DB) (err error) {
	if c.Extension == "" {
		return nil
	}
	if c.Spread, err = isDistributed(ctx, db); err != nil || !c.Spread {
		return err
	}
	if err := db.SelectContext(ctx, &c.Workers, `
		select nodename, nodeport, isactive, coalesce(success, false) as answers, coalesce(result, '') as result
		from pg_dist_node
		left join run_command_on_workers('select extversion from pg_extension where extname = ''citus''') using (nodename, nodeport)
		where groupid <> 0 and noderole = 'primary'
		order by nodename, nodeport`); err != nil {
		return fmt.Errorf("ask the workers: %w", err)
	}
	if c.Unspread, err = toDistribute(ctx, db); err != nil {
		return err
	}
	// What has neither is the coordinator's, known to the workers or not.
	if err := db.SelectContext(ctx, &c.Astray, `
		select relname
		from pg_dist_partition
		join pg_class on pg_class.oid = logicalrelid
		where relnamespace = 'citygauge'::regnamespace and (repmodel = 't' or colocationid <> 0)
		      and not (repmodel = 't' and relname = any($1))
		      and not (relname = any($2) and column_to_column_name(logicalrelid, partkey) = 'city_id' and colocationid in (
		                 select colocationid from pg_dist_partition where logicalrelid = 'citygauge.indicator'::regclass))
		order by 1`, pq.Array(referenceTables), pq.Array(distributedTables)); err != nil {
		return fmt.Errorf("ask where the tables are: %w", err)
	}
	return nil
}
