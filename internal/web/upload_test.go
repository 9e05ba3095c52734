package web_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/citygauge/citygauge/internal/upload"
	"github.com/citygauge/citygauge/internal/web"
)

// The way of a file: shown, confirmed, in force, taken back.
func TestUpload(t *testing.T) {
	i := install(t)
	c := i.as(t, aide)
	says(t, c.page(t, "/cities/riverton"), "Due now", "Thefts", "September 2026", "due by 30 Oct 2026", "Upload now")
	path := c.preview(t, riverton, goodFile)
	says(t, c.page(t, path), "Check before you save", "Nothing is saved yet.", "numbers.csv",
		"new 1", "changed 2", "unchanged 0", "wrong 0",
		"How the charts would change", "Thefts 2026", "Now on track", "With this file on track",
		"Changed numbers", "Thefts July 2026 1,040 → becomes 1,070", "New numbers", "Thefts September 2026 1,021 thefts", "Confirm and save")
	if a := c.get(t, "/cities/riverton"); !strings.Contains(text(a.body), "Data to 31 Aug 2026.") {
		t.Errorf("a preview is in force:\n%s", text(a.body))
	}
	if a := c.post(t, path+"/commit", nil); a.code != http.StatusSeeOther || a.header.Get("Location") != path {
		t.Fatalf("commit: %d to %s", a.code, a.header.Get("Location"))
	}
	says(t, c.page(t, path), "Saved. The dashboards show it now.", "These numbers are in force.", "See Riverton", "Revert this upload")
	says(t, c.page(t, "/cities/riverton"), "Data to 30 Sep 2026.", "Uploads", "numbers.csv", "saved", "3 changes")

	says(t, c.page(t, path+"/revert"), "Revert this upload?", "numbers.csv", "Keep it")
	a := c.post(t, path+"/revert", nil)
	says(t, c.page(t, a.header.Get("Location")), "Reverted. What stood before stands again.", "Took back upload", "withdrawn 1")
	says(t, c.page(t, path), "This upload was taken back.")
	says(t, c.page(t, "/cities/riverton"), "Data to 31 Aug 2026.")
	says(t, c.page(t, "/uploads"), "Revert of upload", "numbers.csv", "reverted")

	var did []string
	entries, err := i.Trail(t.Context(), 3)
	for _, e := range entries {
		did = append(did, e.By.Name+" "+string(e.Action)+" "+e.By.Address)
	}
	if got := strings.Join(did, ", "); err != nil || got != aide+" revert 127.0.0.1, "+aide+" commit 127.0.0.1, "+aide+" preview 127.0.0.1" {
		t.Errorf("the trail is %s (%v)", got, err)
	}
}

func TestBadFile(t *testing.T) {
	i := install(t)
	c := i.as(t, aide)
	path := c.preview(t, riverton, "indicator,period,value\nthefts,2026-09,12.5\ntheft,2026-09,3\n=cmd|' /C calc'!A0,2026-09,1\nheating,2026-Q3,5.5\n")
	says(t, c.page(t, path), "Not saved", "nothing of it was saved", "new 0", "wrong 3", "3 things to correct",
		"Line 2", "Column C", "value", "12.5", "Line 3", "theft", "All problems as CSV", "Without changing the file", "1 row has no error.", "Upload the corrected file")

	a := c.get(t, path+"/problems.csv")
	rows, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
	if err != nil || len(rows) != 4 || !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment") {
		t.Fatalf("%d rows, %v, %q", len(rows), err, a.header.Get("Content-Disposition"))
	}
	if value := rows[3][6]; !strings.HasPrefix(value, "'=cmd") {
		t.Errorf("a spreadsheet would compute %q", value)
	}

	// The rows without an error, without sending the file again.
	a = c.post(t, path+"/again", url.Values{"errors": {"skip"}})
	again := a.header.Get("Location")
	says(t, c.page(t, again), "Check before you save", "new 1", "wrong 3", "Homes without heating Q3 2026 5.5", "Confirm and save")
	c.post(t, again+"/commit", nil)
	says(t, c.page(t, again), "Saved")
}

// A file that would change nothing says so, and asks for no confirmation.
func TestNothingToSave(t *testing.T) {
	c := install(t).as(t, aide)
	for file, want := range map[string][]string{
		"thefts,2026-08,1030": {"Nothing to save", "Every number in this file is saved already.", "unchanged 1"},
		"thefts,2026-09,":     {"Nothing to save", "No row of this file has a value.", "without a value 1"},
	} {
		a := c.page(t, c.preview(t, riverton, "indicator,period,value\n"+file+"\n"))
		says(t, a, want...)
		if strings.Contains(a, "Confirm and save") {
			t.Errorf("%s is to be confirmed", file)
		}
	}
	// Nor is there anything to leave rows out for, where none is left.
	path := c.preview(t, riverton, "indicator,period,value\nthefts,2026-09,\nthefts,2026-08,many\n")
	if a := c.page(t, path); strings.Contains(a, "Leave out the wrong rows") {
		t.Errorf("no row would be left: %s", a)
	}
	a := c.post(t, path+"/again", url.Values{"errors": {"skip"}})
	says(t, c.page(t, a.header.Get("Location")), "Not saved", "wrong 1")
}

func TestAmbiguousNumbers(t *testing.T) {
	c := install(t).as(t, aide)
	path := c.preview(t, riverton, "indicator,period,value\nthefts,2026-09,1.021\n")
	says(t, c.page(t, path), "Some numbers could mean two things", "A point", "A comma")
	a := c.post(t, path+"/again", url.Values{"decimal": {"comma"}})
	says(t, c.page(t, a.header.Get("Location")), "Check before you save", "Thefts September 2026 1,021 thefts")
}

// twoSheets is a workbook with numbers on its second sheet, and with a row on
// its first.
func twoSheets(t *testing.T, row []any) string {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	if _, err := book.NewSheet("Numbers"); err != nil {
		t.Fatal(err)
	}
	for sheet, rows := range map[string][][]any{
		"Sheet1":  {{"indicator", "period", "value"}, row},
		"Numbers": {{"indicator", "period", "value"}, {"thefts", "2026-09", 1021}},
	} {
		for n, row := range rows {
			if err := book.SetSheetRow(sheet, "A"+number(int64(n+1)), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	var content bytes.Buffer
	if err := book.Write(&content); err != nil {
		t.Fatal(err)
	}
	return content.String()
}

func TestAnotherSheet(t *testing.T) {
	c := install(t).as(t, aide)
	content := twoSheets(t, []any{"thefts", "2026-08", 1003})
	path := c.preview(t, riverton, content)
	says(t, c.page(t, path), "Check before you save", "sheet Sheet1", "changed 1", "The sheet of the workbook that has the numbers", "Sheet1 Numbers Check this sheet", "the workbook has 2 sheets", "Confirm and save")
	wrong := c.post(t, path+"/again", form("sheet", "Nothing")).header.Get("Location")
	says(t, c.page(t, wrong), "Not saved", "Sheet1 Numbers Check this sheet", "has no sheet of this name")
	right := c.post(t, wrong+"/again", form("sheet", "Numbers")).header.Get("Location")
	says(t, c.page(t, right), "Check before you save", "sheet Numbers", "new 1", "changed 0", "Sheet1 Numbers Check this sheet", "Thefts September 2026 1,021")
	c.post(t, right+"/commit", nil)
	says(t, c.page(t, right), "Saved")
}

func TestFilesThatDoNotArrive(t *testing.T) {
	i := install(t)
	c := i.as(t, aide)
	a := c.send(t, riverton, "large.csv", goodFile+strings.Repeat("thefts,2026-09,1021\n", 20*maxBytes/20))
	if a.code != http.StatusRequestEntityTooLarge {
		t.Errorf("too large: %d", a.code)
	}
	says(t, a.body, "The file is larger than 64 KB. Nothing was saved.")
	// Just over the limit, but not over that of the request.
	a = c.send(t, riverton, "large.csv", goodFile+strings.Repeat("\n", maxBytes))
	if a.code != http.StatusRequestEntityTooLarge {
		t.Errorf("a little too large: %d", a.code)
	}
	if a = c.post(t, "/cities/riverton/upload", url.Values{}); a.code != http.StatusBadRequest {
		t.Errorf("no form with a file: %d", a.code)
	}
	says(t, a.body, "The file did not arrive whole.")
	r := c.request(t, http.MethodPost, "/cities/riverton/upload", strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\n1\r\n--x--\r\n"))
	r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	if a = c.do(t, r); a.code != http.StatusUnprocessableEntity {
		t.Errorf("no file: %d", a.code)
	}
	says(t, a.body, "Choose a file first.")
	says(t, c.page(t, c.preview(t, riverton, "")), "Not saved", "The whole file")
}

func TestFileAsReceived(t *testing.T) {
	c := install(t).as(t, aide)
	const content = "indicator;period;value\r\nthefts;2026-09;1021\r\n"
	a := c.send(t, riverton, `C:\numbers\"März", <b>.csv`, content)
	path := a.header.Get("Location")
	a = c.get(t, path+"/file")
	if a.body != content {
		t.Errorf("the file is %q", a.body)
	}
	for name, want := range map[string]string{
		"Content-Type": "application/octet-stream", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox",
		"Cache-Control": "no-store",
	} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if disposition := a.header.Get("Content-Disposition"); !strings.HasPrefix(disposition, "attachment; filename") || strings.ContainsAny(disposition, "<>") {
		t.Errorf("Content-Disposition is %q", disposition)
	}
	if page := c.page(t, path); strings.Contains(page, "<b>.csv") || !strings.Contains(page, "&lt;b&gt;.csv") {
		t.Error("the file's name is not escaped")
	}
}

// What moved meanwhile is not overwritten: a preview commits what it showed.
func TestSomebodyElseWasFaster(t *testing.T) {
	i := install(t)
	slow, fast := i.as(t, aide), i.as(t, both)
	path := slow.preview(t, riverton, goodFile)
	fast.post(t, fast.preview(t, riverton, "indicator,period,value\nthefts,2026-09,999\n")+"/commit", nil)
	moved := slow.post(t, path+"/commit", nil)
	says(t, slow.page(t, moved.header.Get("Location")), "Somebody changed these numbers since the file was checked, so nothing was saved.",
		"Check before you save", "changed 3", "999 → becomes 1,021", "Confirm and save")
	says(t, slow.page(t, path), "Check before you save")
	// And what somebody built on is not taken back.
	first := slow.preview(t, riverton, goodFile)
	slow.post(t, first+"/commit", nil)
	fast.post(t, fast.preview(t, riverton, "indicator,period,value\nthefts,2026-09,998\n")+"/commit", nil)
	if a := slow.post(t, first+"/revert", nil); a.code != http.StatusConflict {
		t.Errorf("revert: %d", a.code)
	} else {
		says(t, a.body, "Later changes would be lost", "Revert the later upload first")
	}
}

// A preview belongs to the account that made it, in whatever session.
func TestPreviewOfAnotherAccount(t *testing.T) {
	i := install(t)
	path := i.as(t, aide).preview(t, riverton, goodFile)
	another := i.as(t, both)
	if page := another.page(t, path); strings.Contains(page, "Confirm and save") {
		t.Error("it may be confirmed")
	}
	another.post(t, path+"/commit", nil)
	says(t, another.page(t, path), "This check can no longer be confirmed, so nothing was saved.", "Check before you save")

	elsewhere := i.as(t, aide)
	says(t, elsewhere.page(t, path), "Check before you save", "Confirm and save")
	elsewhere.post(t, path+"/commit", nil)
	says(t, elsewhere.page(t, path), "Saved. The dashboards show it now.")
}

// Tabs of one browser share a session, and do not take from each other what
// confirms their files; what is confirmed in two of them at once is saved once,
// and no page says that it was not.
func TestTabs(t *testing.T) {
	c := install(t).as(t, aide)
	const tabs = 6
	paths := make([]string, tabs)
	atOnce(tabs, func(n int) {
		paths[n] = c.send(t, riverton, "numbers.csv", goodFile+strings.Repeat("\n", n)).header.Get("Location")
	})
	for _, path := range paths {
		says(t, c.page(t, path), "Check before you save", "Confirm and save")
	}
	codes := make([]int, tabs)
	atOnce(tabs, func(n int) { codes[n] = c.post(t, paths[0]+"/commit", nil).code })
	page := c.page(t, paths[0])
	says(t, page, "Saved", "These numbers are in force.")
	if strings.Contains(page, "nothing was saved") || slices.ContainsFunc(codes, func(code int) bool { return code != http.StatusSeeOther }) {
		t.Errorf("answered %d and then\n%s", codes, text(page))
	}
	reverts := make([]string, tabs)
	atOnce(tabs, func(n int) { reverts[n] = c.post(t, paths[0]+"/revert", nil).header.Get("Location") })
	if led := slices.Compact(slices.Clone(reverts)); len(led) != 1 || led[0] == "" || led[0] == paths[0] {
		t.Errorf("one revert leads to %q", reverts)
	}
}

// atOnce does something n times at the same time.
func atOnce(n int, do func(int)) {
	var all sync.WaitGroup
	for k := range n {
		all.Go(func() { do(k) })
	}
	all.Wait()
}

// The pages take what the web may send, not what an operator may.
func TestLimitsOfThePages(t *testing.T) {
	c := install(t).as(t, aide)
	path := c.preview(t, riverton, "indicator,period,value\n"+strings.Repeat("1,", 5000)+"\n")
	says(t, c.page(t, path), "Not saved", "The row has more than 4096 columns")
}

// A name that no file system has does not make every page and list as wide.
func TestLongestName(t *testing.T) {
	c := install(t).as(t, aide)
	path := c.send(t, riverton, strings.Repeat("ä", 5000)+".csv", "indicator,period,value\nthefts,2026-09,x\n").header.Get("Location")
	want := strings.Repeat("ä", 204) + "…" + strings.Repeat("ä", 46) + ".csv"
	says(t, c.page(t, path), want+" ·")
	if problems := c.get(t, path+"/problems.csv").body; !strings.Contains(problems, "\n"+want+",2,C,") {
		t.Errorf("the problems are %.500s", problems)
	}
}

func TestTemplates(t *testing.T) {
	c := install(t).as(t, aide)
	want := [][]string{
		{"indicator", "period", "value"},
		{"calls", "2026-03"},
		{"calls", "2026-04"},
		{"calls", "2026-05"},
		{"calls", "2026-06"},
		{"calls", "2026-07"},
		{"calls", "2026-08"},
		{"calls", "2026-09"},
		{"heating", "2026-Q3"},
		{"thefts", "2026-09"},
		{"visits", "2026-09"},
	}
	filled := map[string]string{"calls": "300", "heating": "6.0", "thefts": "1000", "visits": "20000"}
	a := c.get(t, "/cities/riverton/template.csv")
	rows, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	checkTemplate(t, rows, want)
	var out strings.Builder
	for n, row := range rows {
		if n > 0 {
			row[2] = filled[row[0]]
		}
		out.WriteString(strings.Join(row, ",") + "\n")
	}
	says(t, c.page(t, c.preview(t, riverton, out.String())), "Check before you save", "new 10", "wrong 0")

	book, err := excelize.OpenReader(strings.NewReader(c.get(t, "/cities/riverton/template.xlsx").body))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if rows, err = book.GetRows("observations"); err != nil {
		t.Fatal(err)
	}
	checkTemplate(t, rows, want)
	for n, row := range rows[1:] {
		cell, err := excelize.CoordinatesToCellName(3, n+2)
		if err == nil {
			err = book.SetCellStr("observations", cell, filled[row[0]])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	var saved bytes.Buffer
	if err := book.Write(&saved); err != nil {
		t.Fatal(err)
	}
	says(t, c.page(t, c.preview(t, riverton, saved.String())), "Check before you save", "new 10", "wrong 0")
}

// Where nothing is due, a template shows what stands, which comes back in
// unchanged, and what is next; and what nothing came of yet in any case.
func TestTemplateWhereNothingIsDue(t *testing.T) {
	i := install(t)
	i.take(t, "city,indicator,period,value\nriverton,thefts,2026-09,1000\nriverton,visits,2026-09,20000\nriverton,heating,2026-Q3,5.1250\n"+
		"riverton,calls,2026-09,300\n")
	p := cohortOfCities()
	trees := p.Indicators[3]
	trees.City, trees.ID, trees.Title = riverton, "trees", "Trees"
	parks := trees
	parks.ID, parks.Title = "parks", "Parks"
	p.Indicators = append(p.Indicators, trees, parks)
	i.apply(t, p)
	i.take(t, "city,indicator,period,value,status\nriverton,parks,2026-09,7,estimated\n")
	c := i.as(t, aide)
	want := [][]string{
		{"indicator", "period", "value"},
		{"calls", "2026-09", "300"},
		{"calls", "2026-10"},
		{"heating", "2026-Q3", "5.1250"},
		{"heating", "2026-Q4"},
		{"parks", "2026-09"}, // as it comes back in, it would be final
		{"thefts", "2026-09", "1000"},
		{"thefts", "2026-10"},
		{"trees", "2026-09"},
		{"visits", "2026-09", "20000"},
		{"visits", "2026-10"},
	}
	says(t, c.page(t, "/cities/riverton/upload"), "Nothing is due. A template with the newest numbers")
	file := c.get(t, "/cities/riverton/template.csv").body
	rows, err := csv.NewReader(strings.NewReader(file)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	checkTemplate(t, rows, want)
	for _, file := range []string{file, c.get(t, "/cities/riverton/template.xlsx").body} {
		says(t, c.page(t, c.preview(t, riverton, file)), "Nothing to save", "unchanged 4", "without a value 6", "wrong 0")
	}
}

// The template of who has several cities says whose it is.
func TestTemplateOfOneOfSeveralCities(t *testing.T) {
	i := install(t)
	for _, name := range []string{both, admin} {
		c := i.as(t, name)
		for _, form := range []string{"csv", "xlsx"} {
			file := c.get(t, "/cities/lakeside/template."+form).body
			says(t, c.page(t, c.preview(t, riverton, file)), "Not saved", "the upload is for riverton alone")
			says(t, c.page(t, c.preview(t, lakeside, file)), "Nothing to save", "without a value 10")
			if form == "csv" {
				file = strings.ReplaceAll(file, "2026-09,\n", "2026-09,300\n")
				says(t, c.page(t, c.preview(t, lakeside, file)), "Check before you save", "new 3")
			}
		}
	}
}

// A file of several cities is taken in from the page of one, once that is asked
// for, by who may write them all.
func TestFileOfSeveralCities(t *testing.T) {
	i := install(t)
	const file, all = "city,indicator,period,value\nriverton,thefts,2026-09,1021\nlakeside,thefts,2026-09,1200\n", "Check it for all cities that you upload for"
	for _, name := range []string{both, admin} {
		c := i.as(t, name)
		path := c.preview(t, riverton, file)
		says(t, c.page(t, path), "Not saved", "the upload is for riverton alone", all)
		again := c.post(t, path+"/again", form("cities", "all")).header.Get("Location")
		says(t, c.page(t, again), "Check before you save", "new 2", "New numbers", "Lakeside", "Riverton", "Confirm and save")
	}
	c := i.as(t, aide)
	path := c.preview(t, riverton, file)
	if page := c.page(t, path); strings.Contains(page, all) {
		t.Errorf("an aide of one city is asked about others: %s", page)
	}
	again := c.post(t, path+"/again", form("cities", "all")).header.Get("Location")
	says(t, c.page(t, again), "Not saved", "the upload is for riverton alone")
}

func checkTemplate(t *testing.T, rows, want [][]string) {
	t.Helper()
	if len(rows) != len(want) {
		t.Fatalf("the template is %q", rows)
	}
	for n := range want {
		if got := strings.TrimRight(strings.Join(rows[n], " "), " "); got != strings.Join(want[n], " ") {
			t.Errorf("row %d is %q, want %q", n, got, want[n])
		}
	}
}

// failing is uploads over a store that does not answer.
type failing struct{ web.Uploads }

func (failing) Preview(context.Context, upload.Request) (upload.Report, error) {
	return upload.Report{}, errors.New("password authentication failed for user app")
}

func TestFailureSaysNoDetail(t *testing.T) {
	i := install(t, func(o *web.Options) { o.Uploads = failing{o.Uploads} })
	c := i.as(t, aide)
	a := c.send(t, riverton, "numbers.csv", goodFile)
	if a.code != http.StatusServiceUnavailable || strings.Contains(a.body, "authentication") {
		t.Errorf("%d: %s", a.code, text(a.body))
	}
	says(t, a.body, "Something went wrong here", "nothing was lost")
	if !strings.Contains(i.log.String(), "password authentication failed for user app") {
		t.Errorf("the log says %s", i.log)
	}
}

// A file came at one time, by the clock of its city, wherever that is told.
func TestTimesAreTheCitys(t *testing.T) {
	i := install(t)
	c := i.as(t, other)
	path := c.preview(t, lakeside, strings.ReplaceAll(goodFile, riverton, lakeside))
	number, err := strconv.ParseInt(strings.TrimPrefix(path, "/uploads/"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	record, _, err := i.store.Upload(t.Context(), upload.Scope{lakeside}, number)
	if err != nil {
		t.Fatal(err)
	}
	there := record.At.In(time.FixedZone("India", 5*3600+1800)).Format("2 Jan 2006, 15:04")
	for _, page := range []string{path, "/cities/" + lakeside, "/uploads"} {
		says(t, c.page(t, page), "numbers.csv", there+" ·")
	}
}

// A file of many cities is told by their number, in a line of a list.
func TestFilesOfManyCities(t *testing.T) {
	i := install(t)
	p, csv := cohortOfCities(), "city,indicator,period,value\nriverton,thefts,2026-09,1021\nlakeside,thefts,2026-09,1021\n"
	for _, id := range []string{"eastham", "westham"} {
		city, visits := p.Cities[0], p.Indicators[3]
		city.ID, city.Name, visits.City = id, id, id
		p.Cities, p.Indicators = append(p.Cities, city), append(p.Indicators, visits)
		csv += id + ",visits,2026-08,7\n"
	}
	i.apply(t, p)
	i.take(t, csv)
	says(t, i.as(t, admin).page(t, "/uploads"), "observations.csv", "4 cities", "4 changes", "observations.csv", "lakeside, riverton")
}

// A file of which rows were left out is recorded with every city that it may
// speak of, and its report still names what it changed.
func TestReportOfWhatWasNotLeftOut(t *testing.T) {
	i := install(t)
	report, err := i.upload.Import(t.Context(), upload.Request{
		Name: "numbers.csv", Account: "operator", OnError: upload.Skip,
		Content: func() (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader("city,indicator,period,value\nriverton,thefts,2026-09,1021\nlakeside,thefts,2026-09,0.5\n")), nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	says(t, i.as(t, admin).page(t, "/uploads/"+number(report.Upload)), "Saved", "new 1", "wrong 1", "Thefts Riverton September 2026 1,021 thefts")
}

func TestHistoryByPage(t *testing.T) {
	i := install(t)
	for range 55 {
		_, err := i.upload.Import(t.Context(), upload.Request{
			Name: "numbers.csv", Account: aide, Scope: upload.Scope{riverton},
			Content: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(goodFile)), nil },
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	c := i.as(t, aide)
	page := c.page(t, "/uploads")
	if n := strings.Count(page, `<li><a href="/uploads/`); n != 50 || !strings.Contains(page, `href="/uploads?before=7"`) {
		t.Errorf("the first page has %d:\n%s", n, page)
	}
	page = c.page(t, "/uploads?before=7")
	if n := strings.Count(page, `<li><a href="/uploads/`); n != 5 || strings.Contains(page, "before=") || !strings.Contains(page, "Newest") {
		t.Errorf("the second page has %d", n)
	}
	for _, wrong := range []string{"-1", "x", "0"} {
		if a := c.get(t, "/uploads?before="+wrong); a.code != http.StatusNotFound {
			t.Errorf("before=%s: %d", wrong, a.code)
		}
	}
}
