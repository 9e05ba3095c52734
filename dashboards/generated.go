package dashboards

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"

	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

//go:generate go run ./generate

//go:embed json/*.json
var generated embed.FS

// schemaVersion is that of Grafana 9.4. Later ones migrate what they read, such
// as how a table shows a cell.
const schemaVersion = 37

// Files holds the dashboards as Grafana reads them, one JSON file each.
func Files() fs.FS {
	files, err := fs.Sub(generated, "json")
	if err != nil {
		panic(err)
	}
	return files
}

// Generate makes the files of [Files] from the code, by name.
func Generate() (map[string][]byte, error) {
	files := map[string][]byte{}
	for name, build := range map[string]func() (dashboard.Dashboard, error){
		"city.json":       city,
		"cohort.json":     cohort,
		"indicator.json":  indicator,
		"health.json":     health,
		"operations.json": operations,
	} {
		d, err := build()
		if err != nil {
			return nil, fmt.Errorf("build dashboard %s: %w", name, err)
		}
		d.SchemaVersion = schemaVersion
		numberPanels(d.Panels)
		text, err := json.MarshalIndent(d, "", "  ")
		if err != nil {
			return nil, fmt.Errorf("write dashboard %s: %w", name, err)
		}
		files[name] = append(text, '\n')
	}
	return files, nil
}

// numberPanels gives every panel an id, which links to it and its alerts need.
func numberPanels(panels []dashboard.PanelOrRowPanel) {
	for i, p := range panels {
		id := uint32(i + 1)
		if p.RowPanel != nil {
			p.RowPanel.Id = id
			continue
		}
		p.Panel.Id = new(id)
	}
}
