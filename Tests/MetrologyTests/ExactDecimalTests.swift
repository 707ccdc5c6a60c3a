import Metrology
import Testing

func decimal(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> ExactDecimal {
    try #require(ExactDecimal(text), "\(text) should be a number", sourceLocation: sourceLocation)
}

@Suite struct ExactDecimalTests {
    @Test(arguments: [
        ("20.0", "20.0"), ("-12.50", "-12.50"), ("+3", "3"), (".5", "0.5"), ("-.5", "-0.5"), ("5.", "5"),
        ("007", "7"), ("0.000", "0.000"), ("-0.0", "0.0"), ("1.2e-3", "0.0012"), ("1e3", "1000"),
        ("1.50E2", "150"), ("1.5e+1", "15"), ("-2.50e1", "-25.0"), ("1e17", "100000000000000000"),
        ("123456789012345678", "123456789012345678"), ("999.999999999999999", "999.999999999999999"),
        ("0.000000000000001", "0.000000000000001"), ("0e30", "0"),
        ("0000000000000000000000000000012.5", "12.5"),
    ])
    func `a number is kept as it was written`(text: String, kept: String) throws {
        #expect(try decimal(text).description == kept)
    }

    @Test(arguments: [
        "", "-", "+", ".", "-.", "e5", "1e", "1e+", "1e1.5", "1,5", "1 000", " 1", "1 ", "1.2.3", "--1", "+-1",
        "0x10", "nan", "inf", "１２", "1²", "½", "٣", "1\u{301}", "1234567890123456789", "0.1234567890123456",
        "1e-16", "1e18", "1e40", "1e-9223372036854775808", "1e9223372036854775807",
        "1e99999999999999999999", "1e5e5", "1_000",
    ])
    func `what is no number, or too long to be exact, is refused`(text: String) {
        #expect(ExactDecimal(text) == nil)
    }

    @Test func `sums and products are exact and keep their zeros`() throws {
        #expect(try (decimal("0.1") + decimal("0.2")).description == "0.3")
        #expect(try (decimal("1.50") + decimal("2.5")).description == "4.00")
        #expect(try (decimal("100.00") - decimal("99.999")).description == "0.001")
        #expect(try (decimal("1.0") - decimal("2")).description == "-1.0")
        #expect(try (decimal("-0.5") * decimal("0.20")).description == "-0.100")
        #expect(try (-decimal("2.50")).description == "-2.50")
        #expect(try decimal("-2.50").magnitude.description == "2.50")
        #expect(ExactDecimal(-7).description == "-7")
        #expect(
            try (decimal("999999999999999999") * decimal("0.999999999999999")).description
                == "999999999999998999.000000000000001")
    }

    @Test func `arithmetic agrees with whole numbers at random`() {
        var generator = SeededGenerator(seed: 20261125)
        for _ in 0..<2000 {
            let x = Int.random(in: -1_000_000_000...1_000_000_000, using: &generator)
            let y = Int.random(in: -1_000_000_000...1_000_000_000, using: &generator)
            let (p, q) = (Int.random(in: 0...6, using: &generator), Int.random(in: 0...6, using: &generator))
            let a = ExactDecimal(coefficient: Int128(x), places: p)
            let b = ExactDecimal(coefficient: Int128(y), places: q)
            // Everything in millionths.
            let scale = { (n: Int, places: Int) in (places..<6).reduce(Int128(n)) { r, _ in r * 10 } }
            let (left, right) = (scale(x, p), scale(y, q))
            #expect(a + b == ExactDecimal(coefficient: left + right, places: 6))
            #expect(a - b == ExactDecimal(coefficient: left - right, places: 6))
            #expect(a * b == ExactDecimal(coefficient: left * right, places: 12))
            #expect((a < b) == (left < right))
            #expect((a == b) == (left == right))
            #expect(ExactDecimal(a.description) == a)
            #expect(ExactDecimal(a.description)?.places == p)
        }
    }

    @Test func `equality is of value, not of spelling`() throws {
        let (a, b) = (try decimal("20.0"), try decimal("20"))
        #expect(a == b)
        #expect(a.hashValue == b.hashValue)
        #expect(Set([a, b, try decimal("2e1"), try decimal("20.01")]).count == 2)
        #expect(try decimal("0.00").hashValue == ExactDecimal(0).hashValue)
    }

    @Test func `order holds across signs and spellings`() throws {
        let sorted = try ["-1.5", "-1.49", "-0.5", "0", "0.05", "0.5", "1.49", "1.5", "15"].map { try decimal($0) }
        for i in sorted.indices {
            for j in sorted.indices {
                #expect((sorted[i] < sorted[j]) == (i < j))
                #expect((sorted[i] == sorted[j]) == (i == j))
            }
        }
    }

    @Test func `a long product compares with a large number`() throws {
        let product = try decimal("999.999999999999999") * decimal("-999.999999999999999")
        let large = try decimal("999999999999999999")
        #expect(product < large)
        #expect(product != large)
        #expect(-product < large)
        #expect(product.double == -1_000_000)
    }

    @Test(arguments: [
        ("0.5", 0, "0"), ("1.5", 0, "2"), ("2.5", 0, "2"), ("3.5", 0, "4"), ("-0.5", 0, "0"),
        ("-1.5", 0, "-2"), ("-2.5", 0, "-2"), ("2.5000001", 0, "3"), ("-2.51", 0, "-3"), ("2.49", 0, "2"),
        ("0.125", 2, "0.12"), ("0.375", 2, "0.38"), ("-0.135", 2, "-0.14"), ("9.995", 2, "10.00"),
        ("-9.995", 2, "-10.00"), ("1.2", 3, "1.200"), ("1.2", 1, "1.2"), ("12.1498", 1, "12.1"),
        ("10.502", 0, "11"), ("0.0004", 3, "0.000"), ("999999999999999999", 2, "999999999999999999.00"),
    ])
    func `ties go to the even digit`(text: String, places: Int, rounded: String) throws {
        #expect(try decimal(text).rounded(toPlaces: places).description == rounded)
    }

    @Test func `rounding beyond all digits leaves nothing`() {
        #expect(ExactDecimal(coefficient: 9, places: 60).rounded(toPlaces: 3).description == "0.000")
        #expect(ExactDecimal(coefficient: 7, places: 38).rounded(toPlaces: 0).description == "0")
    }

    @Test func `double precision by its shortest digits`() {
        #expect(ExactDecimal(shortest: 0.1)?.description == "0.1")
        #expect(ExactDecimal(shortest: -220.35)?.description == "-220.35")
        #expect(ExactDecimal(shortest: 1e-5)?.description == "0.00001")
        #expect(ExactDecimal(shortest: 1e16) == ExactDecimal("1e16"))
        #expect(ExactDecimal(shortest: 0.1 + 0.2) == nil)
        for value in [Double.nan, .infinity, -.infinity, 1e300, .leastNonzeroMagnitude] {
            #expect(ExactDecimal(shortest: value) == nil)
        }
    }

    @Test func `single precision by its shortest digits`() {
        #expect(ExactDecimal(shortest: Float(0.1))?.description == "0.1")
        #expect(ExactDecimal(shortest: Float(220.3))?.description == "220.3")
        #expect(ExactDecimal(shortest: Float.pi)?.description == "3.1415925")
        #expect(ExactDecimal(shortest: Float(16_777_216)) == ExactDecimal(16_777_216))
        #expect(ExactDecimal(shortest: -Float(1e-6))?.description == "-0.000001")
        #expect(ExactDecimal(shortest: Float.nan) == nil)
        #expect(ExactDecimal(shortest: Float.infinity) == nil)
        #expect(ExactDecimal(shortest: Float.greatestFiniteMagnitude) == nil)
    }

    @Test func `near zero a register has more places than are kept`() {
        #expect(ExactDecimal(nearest: 0.1 + 0.2)?.description == "0.300000000000000")
        #expect(ExactDecimal(nearest: 0.5 / 3600)?.description == "0.000138888888889")
        #expect(ExactDecimal(nearest: -220.35)?.description == "-220.35")
        #expect(ExactDecimal(nearest: Float(1.4e-13))?.description == "0.00000000000014")
        #expect(ExactDecimal(nearest: -6e-16)?.description == "-0.000000000000001")
        for value in [4e-16, 1e-20, .leastNonzeroMagnitude, -0.0] {
            #expect(ExactDecimal(nearest: value) == ExactDecimal(0), "\(value)")
        }
        for value in [Double.nan, .infinity, -.infinity, 1e300, 1e18] { #expect(ExactDecimal(nearest: value) == nil) }
    }

    @Test func `a float32 register reads back bit for bit`() throws {
        var generator = SeededGenerator(seed: 32)
        for _ in 0..<2000 {
            let value = Float(generator.uniform(in: -1e6...1e6))
            let kept = try #require(ExactDecimal(shortest: value))
            #expect(Float(kept.description) == value)
        }
    }

    @Test func `the nearest binary number`() throws {
        #expect(try decimal("0.1").double == 0.1)
        #expect(try decimal("-12.50").double == -12.5)
        #expect(try decimal("123456789012345678").double == 123_456_789_012_345_680)
    }
}
