package compose_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
)

// load reads the compose file as docker compose does.
func load(t *testing.T, environment ...string) *types.Project {
	t.Helper()
	options, err := cli.NewProjectOptions([]string{"compose.yaml"}, cli.WithEnv(environment), cli.WithInterpolation(true))
	if err != nil {
		t.Fatal(err)
	}
	project, err := options.LoadProject(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return project
}

var pinned = regexp.MustCompile(`^[a-z/]+:v?\d+\.\d+`)

func TestServices(t *testing.T) {
	project := load(t)
	for _, name := range []string{"postgres", "citygauge", "readers", "prometheus", "grafana"} {
		if _, ok := project.Services[name]; !ok {
			t.Fatalf("there is no service %s among %v", name, project.ServiceNames())
		}
	}
	for name, s := range project.Services {
		switch {
		case s.Build == nil && !pinned.MatchString(s.Image):
			t.Errorf("%s runs %q, which is not pinned to a version", name, s.Image)
		case s.HealthCheck == nil && s.Restart != types.RestartPolicyNo:
			t.Errorf("%s runs on and says nothing of its health", name)
		}
		for _, p := range s.Ports {
			if p.HostIP != "127.0.0.1" {
				t.Errorf("%s can be reached from outside the machine at port %s", name, p.Published)
			}
		}
		for dependency, how := range s.DependsOn {
			if how.Condition == types.ServiceConditionStarted {
				t.Errorf("%s does not wait until %s is well", name, dependency)
			}
		}
	}
}

// A password that is set is the one that everybody uses.
func TestPasswords(t *testing.T) {
	project := load(t, "CITYGAUGE_DB_PASSWORD=one", "CITYGAUGE_FACULTY_PASSWORD=two", "POSTGRES_PASSWORD=three", "GRAFANA_ADMIN_PASSWORD=four")
	for name, s := range project.Services {
		for variable, value := range s.Environment {
			if value != nil && strings.Contains(*value, "try-") {
				t.Errorf("%s keeps %s=%s", name, variable, *value)
			}
		}
	}
}
