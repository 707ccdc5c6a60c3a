@preconcurrency import Glibc

// The elementary functions of the C library, under names that do not collide with it.

func naturalLogarithm(_ x: Double) -> Double { log(x) }
func commonLogarithm(_ x: Double) -> Double { log10(x) }
func exponential(_ x: Double) -> Double { exp(x) }
func power(_ x: Double, _ n: Double) -> Double { pow(x, n) }
func sine(_ x: Double) -> Double { sin(x) }
func cosine(_ x: Double) -> Double { cos(x) }
func tangent(_ x: Double) -> Double { tan(x) }
func arcSine(_ x: Double) -> Double { asin(x) }
func arcCosine(_ x: Double) -> Double { acos(x) }
func arcTangent(_ x: Double) -> Double { atan(x) }
func arcTangent(_ y: Double, _ x: Double) -> Double { atan2(y, x) }
