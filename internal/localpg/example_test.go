package localpg_test

import (
	"context"
	"database/sql"
	"fmt"
	"log"

	"github.com/citygauge/citygauge/internal/localpg"
)

// A command that is not told of a database uses the user's own.
func ExampleStart() {
	server, err := localpg.Start(context.Background(), localpg.Options{Database: "citygauge"})
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	db, err := sql.Open("postgres", server.SuperuserURL("citygauge"))
	if err != nil {
		log.Print(err)
		return
	}
	defer db.Close()
	var version string
	if err := db.QueryRow(`select version()`).Scan(&version); err != nil {
		log.Print(err)
		return
	}
	fmt.Println(version)
}
