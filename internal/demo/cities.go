package demo

import "github.com/citygauge/citygauge/internal/programme"

// place is an invented city: the country and the spot on the map exist, the
// city does not.
type place struct {
	id, name, country   string
	population          int
	timezone            string
	latitude, longitude float64
	delivery            delivery
}

// delivery is what is special about the way in which a city's files come.
type delivery string

const (
	usual     delivery = ""
	silent    delivery = "silent"    // none yet
	late      delivery = "late"      // the newest one is overdue
	stopped   delivery = "stopped"   // several are overdue
	gap       delivery = "gap"       // one was never sent
	withheld  delivery = "withheld"  // small numbers are suppressed for privacy
	estimated delivery = "estimated" // a broken sensor's values were estimated
)

// city is the place as a programme declares it, marked as sample data.
func (p place) city(cohorts ...string) programme.City {
	return programme.City{
		ID: p.id, Name: p.name + " (sample)", Country: p.country, Population: p.population, Timezone: p.timezone,
		Location: &programme.Location{Latitude: p.latitude, Longitude: p.longitude}, Cohorts: cohorts,
	}
}

// places is the cohort. Problems and fortunes are dealt out in turn, so the
// order matters: see deal.
var places = []place{
	{"aldermoor", "Aldermoor", "GB", 310_000, "Europe/London", 53.4, -1.9, usual},
	{"brackwater", "Brackwater", "US", 640_000, "America/New_York", 40.6, -82.4, usual},
	{"cielo-sereno", "Cielo Sereno", "MX", 1_240_000, "America/Mexico_City", 21.9, -101.6, usual},
	{"dunmarrow", "Dunmarrow", "IE", 140_000, "Europe/Dublin", 53.3, -8.2, usual},
	{"suryavanapur", "Suryavanapur", "IN", 3_620_000, "Asia/Kolkata", 22.6, 78.9, usual},
	{"lindenfurt", "Lindenfurt", "DE", 480_000, "Europe/Berlin", 50.6, 9.4, usual},
	{"silverkloof", "Silverkloof", "ZA", 950_000, "Africa/Johannesburg", -27.2, 27.0, usual},
	{"sablecrest", "Sablecrest", "US", 920_000, "America/Los_Angeles", 37.6, -120.6, usual},
	{"hoshimigawa", "Hoshimigawa", "JP", 460_000, "Asia/Tokyo", 36.2, 138.2, usual},
	{"piedraluna", "Piedraluna", "CO", 2_130_000, "America/Bogota", 5.6, -73.6, usual},
	{"odurenwa", "Odurenwa", "NG", 2_810_000, "Africa/Lagos", 7.9, 4.9, usual},
	{"nilkamalpur", "Nilkamalpur", "BD", 1_900_000, "Asia/Dhaka", 24.0, 90.1, usual},
	{"castelluvio", "Castelluvio", "IT", 290_000, "Europe/Rome", 43.2, 12.3, late},
	{"ziwanjema", "Ziwanjema", "KE", 1_100_000, "Africa/Nairobi", -0.4, 36.6, usual},
	{"pinemarch", "Pinemarch", "CA", 270_000, "America/Toronto", 44.9, -78.6, usual},
	{"ribalverde", "Ribalverde", "ES", 610_000, "Europe/Madrid", 41.0, -2.9, usual},
	{"serra-clareira", "Serra Clareira", "BR", 1_520_000, "America/Sao_Paulo", -20.3, -46.2, usual},
	{"wattlehaven", "Wattlehaven", "AU", 175_000, "Australia/Sydney", -33.1, 148.9, usual},
	{"gulovasi", "Gülovası", "TR", 870_000, "Europe/Istanbul", 39.0, 33.4, estimated},
	{"montclairval", "Montclairval", "FR", 350_000, "Europe/Paris", 46.4, 2.6, usual},
	{"tanah-melor", "Tanah Melor", "MY", 390_000, "Asia/Kuala_Lumpur", 3.8, 102.4, usual},
	{"copperfell", "Copperfell", "US", 410_000, "America/Denver", 39.2, -106.8, usual},
	{"kivisalmi", "Kivisalmi", "FI", 120_000, "Europe/Helsinki", 62.6, 26.4, withheld},
	{"larkhaven", "Larkhaven", "US", 185_000, "America/Chicago", 44.2, -89.9, usual},
	{"liwaywayan", "Liwaywayan", "PH", 3_910_000, "Asia/Manila", 15.4, 120.9, stopped},
	{"jasnobrod", "Jasnobród", "PL", 430_000, "Europe/Warsaw", 51.9, 19.9, usual},
	{"vallesol", "Vallesol del Viento", "AR", 560_000, "America/Argentina/Cordoba", -32.6, -63.4, usual},
	{"thalassopetra", "Thalassopetra", "GR", 210_000, "Europe/Athens", 39.0, 22.2, usual},
	{"val-des-brumes", "Val-des-Brumes", "CA", 360_000, "America/Toronto", 47.4, -71.9, usual},
	{"vasterlunda", "Västerlunda", "SE", 165_000, "Europe/Stockholm", 59.2, 14.5, usual},
	{"porto-alvorinho", "Porto Alvorinho", "BR", 780_000, "America/Bahia", -12.6, -40.8, usual},
	{"eunharim", "Eunharim", "KR", 1_310_000, "Asia/Seoul", 36.6, 127.9, usual},
	{"bir-nawwar", "Bir Nawwar", "MA", 520_000, "Africa/Casablanca", 32.6, -6.6, usual},
	{"puerto-quillay", "Puerto Quillay", "CL", 230_000, "America/Santiago", -36.0, -72.4, usual},
	{"lumitara", "Lumitara", "TZ", 740_000, "Africa/Dar_es_Salaam", -6.0, 36.2, usual},
	{"fenwyck", "Fenwyck", "GB", 205_000, "Europe/London", 52.6, 0.2, usual},
	{"modrolesy", "Modrolesy", "CZ", 260_000, "Europe/Prague", 49.7, 15.4, usual},
	{"adomtia", "Adomtia", "GH", 680_000, "Africa/Accra", 6.9, -1.3, gap},
	{"huaylluma", "Huaylluma", "PE", 540_000, "America/Lima", -12.8, -74.6, usual},
	{"kauriwhenua", "Kauriwhenua", "NZ", 150_000, "Pacific/Auckland", -38.3, 175.9, silent},
}
