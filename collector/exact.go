package collector

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/citygauge/citygauge/internal/programme"
)

// exact is a sum without rounding, so that adding in another order, or at the
// source, gives the same. The zero value is 0.
type exact struct {
	whole int64
	parts *big.Rat // nil: 0
}

const exactInFloat = 1 << 53

func (e *exact) add(o exact) {
	if sum := e.whole + o.whole; sum > -exactInFloat && sum < exactInFloat {
		e.whole = sum
	} else {
		e.rat().Add(e.rat(), new(big.Rat).SetInt64(o.whole))
	}
	if o.parts != nil {
		e.rat().Add(e.rat(), o.parts)
	}
}

func (e *exact) rat() *big.Rat {
	if e.parts == nil {
		e.parts = new(big.Rat)
	}
	return e.parts
}

// all is the sum as a fraction of its own.
func (e exact) all() *big.Rat {
	sum := new(big.Rat).SetInt64(e.whole)
	if e.parts != nil {
		sum.Add(sum, e.parts)
	}
	return sum
}

// over is the nearest float to the quotient times a factor; d is not 0.
func (e exact) over(d exact, factor float64) float64 {
	q := e.all()
	if factor != 0 && factor != 1 {
		q.Mul(q, new(big.Rat).SetFloat64(factor))
	}
	v, _ := q.Quo(q, d.all()).Float64()
	return v
}

func (e exact) float() float64 {
	v, _ := e.all().Float64()
	return v
}

func (e exact) isZero() bool { return e.all().Sign() == 0 }

// smallest is the least magnitude other than 0 that is read: what is smaller is
// no value of an indicator, and would take long to add.
const smallest = 1e-30

const longestNumber = 64

// readExact reads a number as a record writes it: mark is the decimal mark, or
// 0 where only plain numbers are read.
func readExact(text string, mark byte) (exact, float64, error) {
	plain := text
	if len(text) <= longestNumber {
		plain = bareDigits(text, mark)
	}
	if n, err := strconv.ParseInt(plain, 10, 64); err == nil && n > -exactInFloat && n < exactInFloat {
		return exact{whole: n}, float64(n), nil
	}
	v, err := strconv.ParseFloat(plain, 64)
	if err != nil || len(plain) > longestNumber || math.Abs(v) > programme.Largest || v != 0 && math.Abs(v) < smallest || strings.ContainsAny(plain, "xX_pP") {
		return exact{}, 0, fmt.Errorf("%q is not a number", text)
	}
	parts, ok := new(big.Rat).SetString(plain)
	if !ok || v == 0 && parts.Sign() != 0 {
		return exact{}, 0, fmt.Errorf("%q is not a number", text)
	}
	return exact{parts: parts}, v, nil
}

// bareDigits takes away currency and per cent signs and, where the decimal mark
// is known, what divides thousands.
func bareDigits(text string, mark byte) string {
	text = strings.Trim(text, " $€£%\u00a0")
	switch mark {
	case ',':
		text = strings.ReplaceAll(strings.ReplaceAll(text, ".", ""), ",", ".")
	case '.':
		text = strings.ReplaceAll(text, ",", "")
	}
	return text
}
