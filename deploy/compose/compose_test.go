package compose_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
)

// load reads the compose file as docker compose does.
func load(t *testing.T, environment ...string) *types.Project {
	t.Helper()
	return merged(t, []string{"compose.yaml"}, environment...)
}

func merged(t *testing.T, files []string, environment ...string) *types.Project {
	t.Helper()
	options, err := cli.NewProjectOptions(files, cli.WithEnv(environment), cli.WithInterpolation(true))
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

var onCitus = []string{"compose.yaml", "citus.yaml"}

func TestServices(t *testing.T) {
	sound(t, load(t), "postgres", "citygauge", "readers", "prometheus", "grafana")
}

// The workers of a Citus are reached by nobody but its nodes, and the server
// starts when the tables are spread.
func TestServicesOnCitus(t *testing.T) {
	project := merged(t, onCitus)
	sound(t, project, "postgres", "worker1", "worker2", "nodes", "spread", "citygauge", "readers", "prometheus", "grafana")
	for name, s := range project.Services {
		_, among := s.Networks["nodes"]
		_, outside := s.Networks["default"]
		worker := strings.HasPrefix(name, "worker")
		if node := worker || name == "postgres" || name == "nodes"; among != node {
			t.Errorf("%s is among the nodes: %t", name, among)
		}
		if worker && (outside || len(s.Ports) > 0) {
			t.Errorf("%s can be reached by others than the nodes", name)
		}
	}
	if !project.Networks["nodes"].Internal {
		t.Error("the nodes' network leads out")
	}
	if s := project.Services["citygauge"]; s.DependsOn["spread"].Condition != types.ServiceConditionCompletedSuccessfully {
		t.Error("the server does not wait until the tables are spread")
	}
	if s := project.Services["spread"]; !slices.Equal(s.Command, types.ShellCommand{"migrate", "--citus"}) {
		t.Errorf("the tables are spread by %v", s.Command)
	}
	for _, v := range project.Services["postgres"].Volumes {
		if v.Target == "/docker-entrypoint-initdb.d" && !strings.HasSuffix(v.Source, "/citus") {
			t.Errorf("the coordinator begins with %s", v.Source)
		}
	}
}

// sound makes sure that a project has services, and each of them what it needs.
func sound(t *testing.T, project *types.Project, names ...string) {
	t.Helper()
	for _, name := range names {
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
	project := merged(t, onCitus, "CITYGAUGE_DB_PASSWORD=one", "CITYGAUGE_FACULTY_PASSWORD=two", "POSTGRES_PASSWORD=three", "GRAFANA_ADMIN_PASSWORD=four")
	for name, s := range project.Services {
		for variable, value := range s.Environment {
			if value != nil && strings.Contains(*value, "try-") {
				t.Errorf("%s keeps %s=%s", name, variable, *value)
			}
		}
	}
}
