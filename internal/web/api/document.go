package api

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"strconv"

	"go.yaml.in/yaml/v3"
)

//go:embed openapi/*.yaml
var documents embed.FS

// Document is the OpenAPI document, as JSON. Its parts are files of the folder
// openapi.
func Document() ([]byte, error) {
	whole := map[string]any{}
	files, err := documents.ReadDir("openapi")
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		text, err := documents.ReadFile("openapi/" + f.Name())
		if err != nil {
			return nil, err
		}
		part := map[string]any{}
		if err := yaml.Unmarshal(text, &part); err != nil {
			return nil, fmt.Errorf("read openapi/%s: %w", f.Name(), err)
		}
		merge(whole, part)
	}
	return json.MarshalIndent(whole, "", " ")
}

// merge adds a part of the document to what is there.
func merge(whole, part map[string]any) {
	for name, v := range part {
		inner, isMap := v.(map[string]any)
		if there, ok := whole[name].(map[string]any); ok && isMap {
			merge(there, inner)
			continue
		}
		if isMap {
			v = maps.Clone(inner)
		}
		whole[name] = v
	}
}

func (a *API) openAPI(c *call) error {
	if q := c.query(); q.err != nil {
		return q.err
	}
	c.w.Header().Set("Content-Type", asJSON)
	c.w.Header().Set("Content-Length", strconv.Itoa(len(a.document)))
	_, _ = c.w.Write(a.document) // that a client went away is its own affair
	return nil
}
