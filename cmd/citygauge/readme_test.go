package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/citygauge/citygauge/internal/testdb"
)

// blocks are the commands of a section of the README.
func blocks(t *testing.T, title string) []string {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(text), "\n"+title+"\n")
	if !found {
		t.Fatalf("the README has no section %q", title)
	}
	if next := regexp.MustCompile(`(?m)^##`).FindStringIndex(section); next != nil {
		section = section[:next[0]]
	}
	var all []string
	for _, b := range regexp.MustCompile("(?s)\n```\n(.*?)\n```\n").FindAllStringSubmatch(section, -1) {
		all = append(all, b[1])
	}
	return all
}

// What the README has one type in the first hour, and with curl, works as it is
// written, but for the address.
func TestREADME(t *testing.T) {
	database := testdb.New(t).URL
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, "bin"), 0o700); err != nil {
		t.Fatal(err)
	}
	// It is always the autumn of 2026 there.
	const today = "--today=2026-10-10"
	program := fmt.Sprintf("#!/bin/sh\nexec %q %s \"$@\"\n", built(t), today)
	if err := os.WriteFile(filepath.Join(folder, "bin", "citygauge"), []byte(program), 0o700); err != nil {
		t.Fatal(err)
	}
	s := serve(t, nil, "--database-url="+database, today)
	lines := strings.Join(append(blocks(t, "## A first hour"), blocks(t, "### API")...), "\n")
	for _, line := range []string{"make build", `bin/citygauge serve .*`} { // done above
		if once := regexp.MustCompile("(?m)^" + line + "$"); len(once.FindAllString(lines, -1)) != 1 {
			t.Fatalf("the README has not the line %q once", line)
		} else {
			lines = once.ReplaceAllString(lines, "")
		}
	}
	if !strings.Contains(lines, "http://127.0.0.1:8080/") {
		t.Fatal("the README does not say where the API is")
	}
	lines = strings.ReplaceAll(lines, "http://127.0.0.1:8080", s.site)
	shell := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", lines)
	shell.Dir, shell.Env = folder, append(os.Environ(), "CITYGAUGE_DATABASE_URL="+database)
	var talk strings.Builder
	shell.Stderr = &talk
	out, err := shell.Output()
	if err != nil {
		t.Fatalf("%v\n%s%s", err, out, talk.String())
	}
	for _, part := range []string{
		`{"applied":true,"upload":2,`,                     // committed as it was shown
		`{"applied":true,"upload":3,`,                     // sent once more
		`"counts":{"rows":5,"new":0,`,                     // which changed nothing
		`"upload":2,"at":"`,                               // what became of the second
		`"reverts":2}`,                                    // and back
		"springfield,sleeping-rough,2026-Q2,183,final,1,", // as CSV
		`{"items":[{"city":"springfield","indicator":"sleeping-rough","cohort":"2026",`,
	} {
		if !strings.Contains(string(out), part) {
			t.Errorf("it has not answered %s", part)
		}
	}
	if strings.Contains(string(out), "2026-Q3,171") {
		t.Error("what was reverted is still there")
	}
	if t.Failed() {
		t.Logf("%s", out)
	}
}
