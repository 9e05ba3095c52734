package main

import (
	"encoding/csv"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"
)

// workbook is a command of scripts that makes a workbook with a sheet for each
// CSV file, named after it. Numbers are stored as numbers.
func workbook(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: workbook FILE CSV…")
	}
	f := excelize.NewFile()
	defer f.Close()
	for n, name := range args[1:] {
		sheet := strings.TrimSuffix(filepath.Base(name), ".csv")
		if n == 0 {
			ts.Check(f.SetSheetName("Sheet1", sheet))
		} else {
			_, err := f.NewSheet(sheet)
			ts.Check(err)
		}
		rows, err := csv.NewReader(strings.NewReader(ts.ReadFile(name))).ReadAll()
		ts.Check(err)
		for y, row := range rows {
			for x, text := range row {
				at, err := excelize.CoordinatesToCellName(x+1, y+1)
				ts.Check(err)
				var value any = text
				if number, err := strconv.ParseFloat(text, 64); err == nil {
					value = number
				}
				ts.Check(f.SetCellValue(sheet, at, value))
			}
		}
	}
	ts.Check(f.SaveAs(ts.MkAbs(args[0])))
}
