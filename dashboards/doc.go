// Package dashboards is citygauge's Grafana dashboards as Go code.
//
// A dashboard is written in a small vocabulary: statuses and their colours
// (status.go), kinds of panels (panel.go, chart.go), variables (variable.go)
// and queries (query.go, sql/). Its own file reads like its table of contents.
// What the code generates is kept in json/ by go generate, and a test holds the two
// together.
//
// Dashboards work in Grafana 9.4 to 13: they name no data source by its UID,
// need no panel, option or field that 9.4 does not know, and quote every
// variable in SQL by itself (${city:sqlstring}), because versions differ in
// what they quote. They read the report views alone, with qualified names,
// since a viewer may have set the search path of a pooled connection.
package dashboards
