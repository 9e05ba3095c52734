// Command generate writes the dashboards' JSON; go generate runs it in the
// package's folder.
package main

import (
	"log"
	"os"
	"path/filepath"

	"github.com/citygauge/citygauge/dashboards"
)

func main() {
	files, err := dashboards.Generate()
	if err != nil {
		log.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join("json", name), text, 0o644); err != nil {
			log.Fatal(err)
		}
	}
}
