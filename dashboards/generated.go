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
		if err := leaveOutLater(&d); err != nil {
			return nil, fmt.Errorf("write dashboard %s: %w", name, err)
		}
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
	last := uint32(0)
	next := func() uint32 { last++; return last }
	for _, p := range panels {
		if p.RowPanel == nil {
			p.Panel.Id = new(next())
			continue
		}
		p.RowPanel.Id = next()
		for n := range p.RowPanel.Panels {
			p.RowPanel.Panels[n].Id = new(next())
		}
	}
}
