package progress

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// remainder is the distribution of what the rest of the year will add: a
// mixture of what each model expects.
type remainder struct {
	parts [2 * len(quantityDrifts)]component
	n     int
	count bool // whole and not negative
}

// component is what one model expects.
type component struct {
	weight          float64
	mean, deviation float64
}

// add takes a component, whose deviation was estimated with so many degrees of
// freedom; a count is at least half an event in all that was seen, and has at
// least the noise of events.
func (r *remainder) add(c component, degrees float64, seen int) {
	// What Student's t has beyond a normal distribution at the ends of an 80 %
	// interval (Cornish and Fisher's first term), where its own function is too
	// slow to be asked for every indicator.
	c.deviation *= 1 + (normal80*normal80+1)/(4*degrees)
	if r.count {
		c.mean = max(c.mean, 0.5/float64(seen))
		c.deviation = max(c.deviation, math.Sqrt(c.mean))
	}
	r.parts[r.n] = c
	r.n++
}

// below is the probability that the remainder, taken as continuous, is less
// than x.
func (r *remainder) below(x float64) float64 {
	p, total := 0.0, 0.0
	for _, c := range r.parts[:r.n] {
		p += c.weight * c.below(x, r.count)
		total += c.weight
	}
	return p / total
}

// certain is how many deviations away from the mean nothing is possible;
// normalShape is from where on a gamma distribution is a normal one for every
// purpose here, its skewness being below 1/500.
const (
	certain     = 1e6
	normalShape = 1e6
)

// below follows a count by a gamma distribution: with Poisson noise around a
// gamma-distributed rate it is negative binomial, which the gamma follows
// closely where whole numbers are taken at their halves.
func (c component) below(x float64, count bool) float64 {
	z := (x - c.mean) / c.deviation
	switch {
	case z > certain:
		return 1
	case z < -certain, count && x <= 0:
		return 0
	case !count:
		return distuv.UnitNormal.CDF(z)
	}
	rate := c.mean / (c.deviation * c.deviation)
	if shape := c.mean * rate; shape < normalShape {
		return distuv.Gamma{Alpha: shape, Beta: rate}.CDF(x)
	}
	return distuv.UnitNormal.CDF(z)
}

// quantile is what the remainder is below with a probability; whole for counts.
func (r *remainder) quantile(p float64) float64 {
	low, high := math.Inf(1), math.Inf(-1)
	for _, c := range r.parts[:r.n] {
		low = min(low, c.mean-widest*c.deviation)
		high = max(high, c.mean+widest*c.deviation)
	}
	if r.count {
		low = max(low, 0)
		return math.Round(r.root(p, low, high))
	}
	return r.root(p, low, high)
}

// widest is how many deviations around the mean hold far more than 80 % of any
// component.
const widest = 8

// exact is how near a quantile's probability has to be.
const exact = 1e-7

// root finds a quantile by false position (the Illinois variant).
func (r *remainder) root(p, low, high float64) float64 {
	precise := (high - low) * exact
	atLow, atHigh := r.below(low)-p, r.below(high)-p
	side := 0
	for high-low > precise {
		x := (low*atHigh - high*atLow) / (atHigh - atLow)
		if !(low < x && x < high) {
			break
		}
		at := r.below(x) - p
		switch {
		case math.Abs(at) < exact:
			return x
		case at < 0:
			low, atLow = x, at
			if side < 0 {
				atHigh /= 2
			}
			side = -1
		default:
			high, atHigh = x, at
			if side > 0 {
				atLow /= 2
			}
			side = 1
		}
	}
	return low + (high-low)/2
}

// atMost is the probability that the remainder is x or less.
func (r *remainder) atMost(x float64) float64 {
	x += slack(x)
	if !r.count {
		return r.below(x)
	}
	if x < 0 {
		return 0
	}
	return r.below(math.Floor(x) + 0.5)
}

// atLeast is the probability that the remainder is x or more.
func (r *remainder) atLeast(x float64) float64 {
	x -= slack(x)
	if !r.count {
		return 1 - r.below(x)
	}
	if x <= 0 {
		return 1
	}
	return 1 - r.below(math.Ceil(x)-0.5)
}
