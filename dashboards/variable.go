package dashboards

import (
	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

const datasourceVariable = "datasource"

// variable is a template variable that is complete.
type variable dashboard.VariableModel

var _ cog.Builder[dashboard.VariableModel] = variable{}

// Build is the variable itself.
func (v variable) Build() (dashboard.VariableModel, error) { return dashboard.VariableModel(v), nil }

// datasource is the Postgres that the queries go to: the first whose name
// begins with citygauge. It stays hidden, for there is only one to choose.
func datasource() variable {
	return hidden(dashboard.NewDatasourceVariableBuilder(datasourceVariable).
		Type(postgresType).
		Regex("/^citygauge/i"))
}

// choice is a variable that the viewer chooses from what sql/QUERY.sql lists:
// its columns __text, which must be unique, and __value.
func choice(name, label, query string) variable {
	return built(options(name, query).Label(label))
}

// choices is a variable of which the viewer chooses several, at first all.
func choices(name, label, query string) variable {
	return built(all(options(name, query)).Label(label))
}

// some is a variable of which the viewer chooses one or several, at first the
// first: for what would be endless if all were shown.
func some(name, label, query string) variable {
	return built(options(name, query).Label(label).Multi(true))
}

// derived is a hidden variable that follows from others.
func derived(name, query string) variable {
	return hidden(options(name, query))
}

// every is a hidden variable with all that sql/QUERY.sql lists, to repeat rows
// by.
func every(name, query string) variable {
	return hidden(all(options(name, query)))
}

func all(b *dashboard.QueryVariableBuilder) *dashboard.QueryVariableBuilder {
	return b.
		Multi(true).
		IncludeAll(true).
		Current(dashboard.VariableOption{
			Text:  dashboard.StringOrArrayOfString{String: new("All")},
			Value: dashboard.StringOrArrayOfString{String: new("$__all")},
		})
}

func options(name, query string) *dashboard.QueryVariableBuilder {
	text := statement(query)
	return dashboard.NewQueryVariableBuilder(name).
		Query(dashboard.StringOrMap{String: new(text)}).
		Definition(text).
		Datasource(postgres()).
		Refresh(dashboard.VariableRefreshOnDashboardLoad)
}

// hidden takes a variable out of sight and out of the address, where a value
// left over from another city would do harm.
func hidden(b cog.Builder[dashboard.VariableModel]) variable {
	v := built(b)
	v.Hide, v.SkipUrlSync = new(dashboard.VariableHideHideVariable), new(true)
	return v
}

func built(b cog.Builder[dashboard.VariableModel]) variable {
	v, err := b.Build()
	if err != nil {
		panic(err)
	}
	v.Auto, v.AutoMin, v.AutoCount = nil, nil, nil // of interval variables, filled in for every kind
	return variable(v)
}
