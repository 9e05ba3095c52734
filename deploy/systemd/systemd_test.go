// Package systemd_test holds that systemd takes the unit, and how much the unit
// leaves open. It has nothing but tests.
package systemd_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

const (
	unit    = "citygauge.service"
	program = "/usr/local/bin/citygauge"
)

// analyze runs systemd-analyze on the unit with something in place of the
// installed program, and with a text added to it.
func analyze(t *testing.T, more string, args ...string) (string, error) {
	t.Helper()
	text, err := os.ReadFile(unit)
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	at := filepath.Join(t.TempDir(), unit)
	if !bytes.Contains(text, []byte("\nExecStart="+program+" serve ")) {
		t.Fatalf("it does not start %s", program)
	}
	text = bytes.Replace(text, []byte(program), []byte(self), 1)
	if err := os.WriteFile(at, append(text, more...), 0o600); err != nil {
		t.Fatal(err)
	}
	tool := exec.CommandContext(t.Context(), "systemd-analyze", append(args, at)...)
	tool.Env = append(os.Environ(), "SYSTEMD_COLORS=0", "SYSTEMD_PAGER=cat")
	said, err := tool.CombinedOutput()
	return string(said), err
}

func TestVerify(t *testing.T) {
	if said, err := analyze(t, "", "verify", "--man=no"); err != nil || said != "" {
		t.Errorf("%v:\n%s", err, said)
	}
	if said, _ := analyze(t, "\n[Service]\nProtectHoem=yes\n", "verify", "--man=no"); !strings.Contains(said, "ProtectHoem") {
		t.Errorf("a misspelt line passes:\n%s", said)
	}
}

// The scale of systemd-analyze security goes from 0, nothing exposed, to 10.
func TestExposure(t *testing.T) {
	const stated = 1.2 // in the README
	said, err := analyze(t, "", "security", "--offline=true")
	if err != nil {
		t.Fatalf("%v:\n%s", err, said)
	}
	found := regexp.MustCompile(`Overall exposure level for ` + unit + `: ([0-9.]+) `).FindStringSubmatch(said)
	if found == nil {
		t.Fatalf("there is no score in\n%s", said)
	}
	if score, err := strconv.ParseFloat(found[1], 64); err != nil || score > stated {
		t.Errorf("the exposure is %s, more than the %v that the README states:\n%s", found[1], stated, said)
	}
	readme, err := os.ReadFile("README.md")
	if err != nil || !bytes.Contains(readme, []byte(strconv.FormatFloat(stated, 'f', -1, 64)+" of 10")) {
		t.Errorf("the README states another exposure (%v)", err)
	}
}

// What the unit names in its environment is what the program reads.
func TestEnvironmentFile(t *testing.T) {
	text, err := os.ReadFile("citygauge.env")
	if err != nil {
		t.Fatal(err)
	}
	service, err := os.ReadFile(unit)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(string(text), "\n") {
		name, _, ok := strings.Cut(strings.TrimPrefix(line, "#"), "=")
		if ok && strings.HasPrefix(name, "CITYGAUGE_") && !bytes.Contains(service, []byte("$"+name)) && !bytes.Contains(service, []byte("${"+name+"}")) {
			t.Errorf("%s is in the example, and the unit does nothing with it", name)
		}
	}
}
