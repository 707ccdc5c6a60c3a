import Metrology
import Testing

@Suite struct FormulaTests {
    @Test(arguments: [
        ("1 + 2 * 3", 7.0), ("(1 + 2) * 3", 9), ("10 - 4 - 3", 3), ("24 / 4 / 3", 2), ("24 / 4 * 3", 18),
        ("-2^2", -4), ("(-2)^2", 4), ("2^-2", 0.25), ("2 ^ -2", 0.25), ("3 * -2", -6), ("3 - -2", 5), ("--2", 2),
        ("2*3^2", 18), ("8 / 2^2", 2), ("x^0", 1), ("abs(y)", 3), ("abs(x) - abs(y)", -1), ("min(x, y, 7)", -3),
        ("max(x, y, 7)", 7), ("sqrt(x + 7)", 3), ("ln(exp(x))", 2), ("(x-y)/x", 2.5), (".5*x", 1),
        ("  x  ", 2), ("误差 * 2", 10), ("x_1 + x2", 30),
    ])
    func `operators bind as in mathematics`(text: String, value: Double) throws {
        let values = ["x": 2.0, "y": -3, "误差": 5, "x_1": 10, "x2": 20]
        let result = try Formula(text).evaluate(values).value
        #expect(abs(result - value) <= 1e-15 * abs(value))
    }

    @Test func `names come once each, in order of use`() throws {
        #expect(try Formula("b + a * b - sqrt(c)^2 / -a").names == ["b", "a", "c"])
        #expect(try Formula("abs + min(abs, 1)").names == ["abs"])
        #expect(try Formula("1 + 2").names.isEmpty)
    }

    @Test(arguments: [
        ("", 0, "the formula ends too early"), ("a +", 3, "the formula ends too early"),
        ("a b", 2, "'b' was not expected here"), ("(a", 2, "')' is missing"),
        ("a)", 1, "')' was not expected here"), ("a $ b", 2, "'$' was not expected here"),
        ("$", 0, "'$' was not expected here"), ("+a", 0, "'+' was not expected here"),
        ("a * / b", 4, "'/' was not expected here"), ("2 x", 2, "'x' was not expected here"),
        ("1 e3", 2, "'e' was not expected here"), ("1e999", 0, "'1e999' is not a number"),
        (
            "foo(a)", 0,
            "there is no function 'foo': known are abs, min, max, sqrt, exp, ln, log10, sin, cos, tan, asin, acos, atan, atan2, kelvin, celsius, if"
        ),
        (
            "1 + foo(a)", 4,
            "there is no function 'foo': known are abs, min, max, sqrt, exp, ln, log10, sin, cos, tan, asin, acos, atan, atan2, kelvin, celsius, if"
        ),
        ("1 + abs(a, b)", 4, "abs takes one value"), ("min(a)", 0, "min takes two or more values"),
        ("sqrt()", 5, "')' was not expected here"), ("max(a,)", 6, "')' was not expected here"),
        ("min(a, b", 8, "')' is missing"), ("min(a; b)", 5, "')' is missing"),
        ("a^", 2, "the formula ends too early"), ("a^*b", 2, "'*' was not expected here"),
        ("3 * 1.2.3", 4, "'1.2.3' is not a number"), ("atan2(a)", 0, "atan2 takes two values"),
        ("if(a, b, c)", 4, "a comparison is missing: one of < <= > >= == !="),
        ("1 + if(a < b, c)", 4, "if takes a condition and two values: 'if(a < b, a, b)'"),
        ("if(a < b, c, d", 14, "')' is missing"),
        ("if(not a, b, c)", 8, "a comparison is missing: one of < <= > >= == !="),
        ("½", 0, "'½' is not a number"), (".", 0, "'.' is not a number"),
        ("误差 - #", 5, "'#' was not expected here"), ("a\u{301}", 1, "'\u{301}' was not expected here"),
    ])
    func `a complaint names the character`(text: String, offset: Int, message: String) {
        let error = #expect(throws: FormulaError.self) { try Formula(text) }
        #expect(error?.message == message)
        #expect(error?.offset == offset)
        #expect(error?.description == "\(message) (at character \(offset + 1))")
    }

    @Test(arguments: ["(", "-", "abs("])
    func `deep nesting is refused, not run into`(opening: String) {
        let text = String(repeating: opening, count: 100_000) + "a"
        let error = #expect(throws: FormulaError.self) { try Formula(text) }
        #expect(error?.message == "the formula is nested too deeply")
        #expect(throws: Never.self) {
            try Formula(String(repeating: "(", count: 100) + "a" + String(repeating: ")", count: 100))
        }
    }

    @Test func `a name without a value is named`() throws {
        let formula = try Formula("a + b * 2")
        let error = #expect(throws: FormulaError.self) { try formula.evaluate(["a": 1]) }
        #expect(error?.message == "'b' has no value")
        #expect(error?.offset == 4)
    }
}

@Suite struct FormulaDimensionTests {
    private static let names: [String: QuantityDimension] = [
        "volume": .volume, "area": QuantityDimension(length: 2), "time": QuantityDimension(time: 1),
        "temperature": .temperature, "pressure": QuantityDimension(length: -1, mass: 1, time: -2), "ratio": .one,
    ]

    @Test(arguments: [
        ("(volume - volume) / volume", "1"), ("volume / time", "m3 s-1"), ("sqrt(area)", "m"),
        ("area^-2", "m-4"), ("-volume", "m3"), ("abs(volume)", "m3"), ("min(volume, volume)", "m3"),
        ("exp(ratio) + ln(1 + ratio)", "1"), ("pressure * volume", "m2 kg s-2"), ("2 * volume", "m3"),
        ("sqrt(pressure / pressure)", "1"), ("volume^0 + 1", "1"),
    ])
    func `the result has its dimension`(text: String, dimension: String) throws {
        #expect(try Formula(text).dimension(of: Self.names).description == dimension)
    }

    @Test(arguments: [
        ("pressure + temperature", 9, "cannot add unlike quantities: m-1 kg s-2 and K"),
        ("ratio * (volume - time)", 16, "cannot subtract unlike quantities: m3 and s"),
        ("1 + volume", 2, "cannot add unlike quantities: 1 and m3"),
        ("1 - ln(volume)", 4, "ln takes a number, not m3"), ("exp(time)", 0, "exp takes a number, not s"),
        ("2 * sqrt(volume)", 4, "the root of m3 has no unit"),
        ("min(volume, time)", 0, "min compares unlike quantities: m3 and s"),
        ("max(time, 1)", 0, "max compares unlike quantities: s and 1"),
        (
            "volume * Volume", 9,
            "'Volume' is not known here: known are area, pressure, ratio, temperature, time, volume"
        ),
    ])
    func `unlike quantities are refused where they meet`(text: String, offset: Int, message: String) throws {
        let formula = try Formula(text)
        let error = #expect(throws: FormulaError.self) { try formula.dimension(of: Self.names) }
        #expect(error?.message == message)
        #expect(error?.offset == offset)
    }
}

@Suite struct FormulaDerivativeTests {
    @Test(arguments: [
        "a", "a + b", "a - b * c", "a * b * c", "a / b", "(a - b) / b", "a / (b + c)", "-a^2", "a^3", "a^-2",
        "a^9 / b^9", "sqrt(a)", "sqrt(a^2 + b^2)", "exp(a / b)", "ln(a * b)", "ln(a) - ln(b)", "abs(a - 10)",
        "abs(b)", "min(a, 10, b + 10)", "max(a * 100, b, c)", "a / b * (c + 273) / (a + 293) - 1",
        "sqrt(exp(ln(a) + ln(b)))", "(a + b)^2 / (a - 20)^2", "a - a", "2 * a * 3",
    ])
    func `derivatives agree with central differences`(text: String) throws {
        let formula = try Formula(text)
        var generator = SeededGenerator(seed: 4711)
        for _ in 0..<50 {
            var point: [String: Double] = [:]
            for name in ["a", "b", "c"] { point[name] = generator.uniform(in: 0.5...4) }
            let derivatives = try formula.evaluate(point).derivatives
            #expect(Set(derivatives.keys) == Set(formula.names))
            for name in formula.names {
                let x = try #require(point[name])
                // The cube root of the rounding unit balances truncation against cancellation.
                let step = 6e-6 * x
                var (above, below) = (point, point)
                above[name] = x + step
                below[name] = x - step
                let (high, low) = (try formula.evaluate(above).value, try formula.evaluate(below).value)
                let slope = (high - low) / (2 * step)
                let exact = try #require(derivatives[name])
                let scale = max(abs(exact), (abs(high) + abs(low)) / x, 1e-3)
                #expect(abs(exact - slope) <= 1e-8 * scale, "∂/∂\(name) at \(point)")
            }
        }
    }

    @Test func `an infinite slope stays with its own input`() throws {
        let root = try Formula("sqrt(x) + 3 * y").evaluate(["x": 0, "y": 5])
        #expect(root.value == 15)
        #expect(root.derivatives == ["x": .infinity, "y": 3])
    }

    @Test func `a power of zero is constant, at zero too`() throws {
        let result = try Formula("x^0 * y").evaluate(["x": 0, "y": 2])
        #expect(result.value == 2)
        #expect(result.derivatives == ["x": 0, "y": 1])
        #expect(try Formula("x^1").evaluate(["x": 0]).derivatives == ["x": 1])
        #expect(try Formula("x^2").evaluate(["x": 0]).derivatives == ["x": 0])
    }

    @Test func `corners take the branch that was taken`() throws {
        #expect(try Formula("abs(x)").evaluate(["x": -2]).derivatives == ["x": -1])
        #expect(try Formula("abs(x)").evaluate(["x": 0]).derivatives == ["x": 1])
        #expect(try Formula("min(x, y)").evaluate(["x": 1, "y": 2]).derivatives == ["x": 1, "y": 0])
        #expect(try Formula("max(x, y)").evaluate(["x": 1, "y": 2]).derivatives == ["x": 0, "y": 1])
    }
}
