package dashboards

import (
	"fmt"
	"strings"

	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/logs"
)

// lettersOfPhone is how many letters of a feed a phone shows beside each other.
const lettersOfPhone = 43

// feed lists what happened, a sentence each, the newest first: the columns time,
// says and level of sql/QUERY.sql. Unlike the cells of a table, which Grafana
// 9.4 cuts, a sentence is wrapped to the width of a phone. The colour beside it
// is that of its level: error, warning or info.
func feed(w words, query string, s size) *logs.PanelBuilder {
	q := queryOf(query, Table)
	q.RawSQL = asFeed(q.RawSQL, w.empty)
	return framed(logs.NewPanelBuilder(), w, s).
		Datasource(postgres()).
		WithTarget(q).
		ShowTime(false).
		ShowLabels(false).
		ShowCommonLabels(false).
		WrapLogMessage(true).
		PrettifyLogMessage(false).
		EnableLogDetails(false).
		SortOrder(common.LogsSortOrderDescending).
		DedupStrategy(common.LogsDedupStrategyNone)
}

// asFeed names the columns as Grafana's data plane does, wraps the sentences of a query between words, where Grafana would break
// them within, and says what is said where there are none: this kind of panel
// has no text of its own for that.
func asFeed(sql, empty string) string {
	return fmt.Sprintf(`with feed as (
%s), shown as (
  select time, says, level from feed
  union all
  select $__timeTo()::timestamptz, '%s', 'unknown' where not exists (select from feed)
)
select time as timestamp, rtrim(regexp_replace(says, '(.{1,%d})( +|$)', E'\\1\n', 'g'), E'\n') as body, level
from shown
order by time desc
`, sql, strings.ReplaceAll(empty, "'", "''"), lettersOfPhone)
}
