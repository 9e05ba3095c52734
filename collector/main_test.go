package collector_test

import (
	"os"
	"testing"

	"github.com/citygauge/citygauge/internal/testdb"
)

func TestMain(m *testing.M) {
	if os.Getenv(serverVariable) != "" {
		os.Exit(collectUntilKilled())
	}
	os.Exit(testdb.Main(m))
}
