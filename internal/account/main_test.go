package account_test

import (
	"os"
	"testing"

	"github.com/citygauge/citygauge/internal/testdb"
)

func TestMain(m *testing.M) { os.Exit(testdb.Main(m)) }
