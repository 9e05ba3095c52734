package progress

import "math"

// tolerance is what every comparison with a threshold allows.
const tolerance = 1e-9

// reaches reports whether a ratio is at a threshold or above it.
func reaches(ratio, threshold float64) bool { return ratio >= threshold-tolerance }

// slack is the tolerance for values of the size of the given ones.
func slack(values ...float64) float64 {
	largest := 0.0
	for _, v := range values {
		largest = max(largest, math.Abs(v))
	}
	return tolerance * largest
}

// nearly reports whether two values are one but for rounding.
func nearly(v, w float64) bool { return math.Abs(v-w) <= slack(v, w) }
