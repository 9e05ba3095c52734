package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// machine is what was measured on, and with.
type machine struct {
	processor, kernel string
	cores             int
	memory            float64 // GB
	load              string  // of the last minute, before the first measurement
	versions          []string
}

var (
	modelName   = regexp.MustCompile(`(?m)^model name\s*:\s*(.*)$`)
	totalMemory = regexp.MustCompile(`(?m)^MemTotal:\s*(\d+) kB`)
	numbers     = regexp.MustCompile(`\d+(\.\d+)+`)
)

func inspect(ctx context.Context) (machine, error) {
	m := machine{processor: runtime.GOARCH, cores: runtime.NumCPU()}
	if found := modelName.FindStringSubmatch(content("/proc/cpuinfo")); found != nil {
		m.processor = found[1]
	}
	if found := totalMemory.FindStringSubmatch(content("/proc/meminfo")); found != nil {
		kB, err := strconv.ParseFloat(found[1], 64)
		if err != nil {
			return m, err
		}
		m.memory = kB / (1 << 20)
	}
	m.load, _, _ = strings.Cut(content("/proc/loadavg"), " ")
	m.kernel = content("/proc/sys/kernel/osrelease")
	for _, of := range []struct{ name, program, args string }{
		{"citygauge", "git", "describe --tags --always --dirty"},
		{"Go", "go", "env GOVERSION"},
		{"Postgres", newestPostgres(), "--version"},
		{"client_golang", "go", "list -m -f {{.Version}} github.com/prometheus/client_golang"},
		{"postgres_exporter", "prometheus-postgres-exporter", "--version"},
	} {
		said, err := exec.CommandContext(ctx, of.program, strings.Fields(of.args)...).CombinedOutput()
		if err != nil {
			continue // nothing is measured against what is not there
		}
		version := strings.TrimSpace(string(said))
		if found := numbers.FindString(version); found != "" && of.name != "citygauge" {
			version = found
		}
		m.versions = append(m.versions, of.name+" "+version)
	}
	return m, nil
}

// newestPostgres is Debian's server of the highest version, or what is on PATH.
func newestPostgres() string {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres") // the pattern is good
	if len(found) == 0 {
		return "postgres"
	}
	return slices.MaxFunc(found, func(a, b string) int { return len(a) - len(b) + strings.Compare(a, b) })
}

func content(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

func (m machine) String() string {
	return fmt.Sprintf("%s, %d cores, %.0f GB, Linux %s, load %s before; %s", m.processor, m.cores, m.memory, m.kernel, m.load, strings.Join(m.versions, ", "))
}
