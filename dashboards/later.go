package dashboards

import (
	"encoding/json"

	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

// later are options of panels that the SDK fills in and Grafana 9.4 does not
// know, or a later one no longer does. A Grafana that knows one has the same
// default.
var later = map[string][]string{
	"stat":           {"wideLayout", "showPercentChange", "percentChangeColorMode"},
	"state-timeline": {"perPage"},
	"logs":           {"showLogContextToggle"},
	"table":          {"cellHeight", "footer"},
	"barchart":       {"fullHighlight"},
}

// leaveOutLater takes out of a dashboard what not all Grafanas know.
func leaveOutLater(d *dashboard.Dashboard) error {
	for n := range d.Links {
		d.Links[n].Placement = nil
	}
	for n := range d.Templating.List {
		d.Templating.List[n].AllowCustomValue = nil
	}
	for n := range d.Annotations.List {
		d.Annotations.List[n].Placement, d.Annotations.List[n].BuiltIn = nil, nil
	}
	for _, p := range d.Panels {
		panels := []*dashboard.Panel{p.Panel}
		if p.RowPanel != nil {
			panels = nil
			for n := range p.RowPanel.Panels {
				panels = append(panels, &p.RowPanel.Panels[n])
			}
		}
		for _, p := range panels {
			if err := leaveOutOptions(p); err != nil {
				return err
			}
		}
	}
	return nil
}

func leaveOutOptions(p *dashboard.Panel) error {
	for n := range p.Links {
		p.Links[n].Placement = nil
	}
	text, err := json.Marshal(p.Options)
	if err != nil {
		return err
	}
	var options map[string]any
	if err := json.Unmarshal(text, &options); err != nil {
		return err
	}
	for _, name := range later[p.Type] {
		delete(options, name)
	}
	p.Options = options
	return nil
}
