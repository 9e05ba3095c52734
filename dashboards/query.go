package dashboards

import (
	"embed"
	"fmt"
	"reflect"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/cog/variants"
	"github.com/grafana/grafana-foundation-sdk/go/common"
)

// postgresType is the id under which every supported Grafana knows its
// Postgres data source: from 10.3 on it is the alias of
// grafana-postgresql-datasource.
const postgresType = "postgres"

// Format is the shape in which Grafana reads a query's rows.
type Format string

// The formats. Rows of TimeSeries begin with a column time, in ascending
// order, and name their series in a column metric.
const (
	Table      Format = "table"
	TimeSeries Format = "time_series"
)

// PostgresQuery is a query of Grafana's built-in Postgres data source, which
// foundation-sdk has no type for.
type PostgresQuery struct {
	Datasource common.DataSourceRef `json:"datasource"`
	RefID      string               `json:"refId"`
	Format     Format               `json:"format"`
	RawSQL     string               `json:"rawSql"`
	RawQuery   bool                 `json:"rawQuery"`
	EditorMode string               `json:"editorMode"`
}

var (
	_ variants.Dataquery              = PostgresQuery{}
	_ cog.Builder[variants.Dataquery] = PostgresQuery{}
)

//go:embed sql
var statements embed.FS

// statement is the text of a file in sql/; a name without a file is a fault of
// the program.
func statement(name string) string {
	text, err := statements.ReadFile("sql/" + name + ".sql")
	if err != nil {
		panic(fmt.Sprintf("dashboards: %v", err))
	}
	return string(text)
}

// queryOf asks the dashboard's Postgres for what sql/NAME.sql says.
func queryOf(name string, format Format) PostgresQuery {
	return PostgresQuery{
		Datasource: postgres(),
		RefID:      "A",
		Format:     format,
		RawSQL:     statement(name),
		RawQuery:   true,
		EditorMode: "code",
	}
}

// postgres is the data source that the dashboard's variable datasource chose.
func postgres() common.DataSourceRef {
	return common.DataSourceRef{Type: new(postgresType), Uid: new("${" + datasourceVariable + "}")}
}

// Build is the query itself.
func (q PostgresQuery) Build() (variants.Dataquery, error) { return q, nil }

// ImplementsDataqueryVariant marks a query of a data source.
func (PostgresQuery) ImplementsDataqueryVariant() {}

// DataqueryType is the id of the data source's plugin.
func (PostgresQuery) DataqueryType() string { return postgresType }

// Equals reports whether other is the same query.
func (q PostgresQuery) Equals(other variants.Dataquery) bool { return reflect.DeepEqual(q, other) }

// Validate refuses a query that asks nothing.
func (q PostgresQuery) Validate() error {
	if q.RawSQL == "" {
		return cog.MakeBuildErrors("rawSql", fmt.Errorf("query %s has no SQL", q.RefID))
	}
	return nil
}
