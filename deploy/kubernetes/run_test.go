package kubernetes_test

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/citygauge/citygauge/internal/testdb"
	"github.com/citygauge/citygauge/internal/testlog"
)

func TestMain(m *testing.M) { os.Exit(testdb.Main(m)) }

// What the containers are told to run runs, with the secrets where they are
// mounted, and answers the probes.
func TestContainersRun(t *testing.T) {
	pod := the[*appsv1.Deployment](t, built(t, "example")).Spec.Template.Spec
	program := filepath.Join(t.TempDir(), "citygauge")
	if said, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "../../cmd/citygauge").CombinedOutput(); err != nil {
		t.Fatalf("build citygauge: %v\n%s", err, said)
	}
	secrets := t.TempDir()
	if err := os.WriteFile(filepath.Join(secrets, "database-url"), []byte(testdb.New(t).URL+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}

	if said, err := command(t, program, pod.InitContainers[0], secrets).CombinedOutput(); err != nil || !strings.Contains(string(said), "this version's schema") {
		t.Fatalf("%s: %v\n%s", pod.InitContainers[0].Name, err, said)
	}

	container := pod.Containers[0]
	server := command(t, program, container, secrets)
	var talk testlog.Transcript
	server.Stderr = &talk
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }()
	t.Cleanup(func() {
		if err := server.Process.Signal(os.Interrupt); err != nil {
			t.Error(err)
		}
		if err := <-ended; err != nil {
			t.Errorf("the server: %v\n%s", err, talk.String())
		}
	})
	var at string
	await(t, &talk, func() bool {
		found := regexp.MustCompile(`the metrics at (.*)/metrics\.`).FindStringSubmatch(talk.String())
		if found != nil {
			at = found[1]
		}
		return found != nil
	})
	for _, probe := range []*corev1.Probe{container.StartupProbe, container.LivenessProbe, container.ReadinessProbe} {
		if probe.HTTPGet.Port.String() != "metrics" {
			t.Errorf("the probe %s asks the port %s", probe.HTTPGet.Path, probe.HTTPGet.Port.String())
		}
		await(t, &talk, func() bool {
			response, err := http.Get(at + probe.HTTPGet.Path)
			if err != nil {
				return false
			}
			response.Body.Close()
			return response.StatusCode == http.StatusOK
		})
	}
}

// command is what a container runs, with this machine's folder in place of the
// mounted one, and free ports in place of the pod's own.
func command(t *testing.T, program string, c corev1.Container, secrets string) *exec.Cmd {
	t.Helper()
	var args []string
	for _, a := range c.Args {
		args = append(args, regexp.MustCompile(`=:\d+$`).ReplaceAllString(a, "=127.0.0.1:0"))
	}
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), program, args...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH")}
	for _, e := range c.Env {
		value := e.Value
		for _, m := range c.VolumeMounts {
			if strings.HasPrefix(value, m.MountPath+"/") {
				value = filepath.Join(secrets, strings.TrimPrefix(value, m.MountPath))
				break
			}
		}
		cmd.Env = append(cmd.Env, e.Name+"="+value)
	}
	return cmd
}

// await waits for a condition.
func await(t *testing.T, talk *testlog.Transcript, condition func() bool) {
	t.Helper()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for end := time.Now().Add(40 * time.Second); !condition(); <-look.C {
		if time.Now().After(end) {
			t.Fatalf("waited in vain; it said:\n%s", talk.String())
		}
	}
}
