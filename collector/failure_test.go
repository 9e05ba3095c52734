package collector_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"

	"github.com/citygauge/citygauge/collector"
)

// Whatever a run failed for, there is something to do about it.
func TestEveryReasonSaysWhatToDo(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "failure.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	reasons := 0
	ast.Inspect(file, func(n ast.Node) bool {
		c, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := c.Type.(*ast.Ident); !ok || kind.Name != "Reason" {
			return true
		}
		text, err := strconv.Unquote(c.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		if reasons++; collector.Reason(text).Do() == "" {
			t.Errorf("nothing is to be done about %s", text)
		}
		return true
	})
	if reasons < 16 {
		t.Errorf("there are %d reasons", reasons)
	}
}
