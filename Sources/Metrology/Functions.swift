@preconcurrency import Glibc

// The elementary functions of the C library, under names that do not collide with it.

func naturalLogarithm(_ x: Double) -> Double { log(x) }
func exponential(_ x: Double) -> Double { exp(x) }
func power(_ x: Double, _ n: Double) -> Double { pow(x, n) }
