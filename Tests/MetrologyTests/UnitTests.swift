import Metrology
import Testing

private func unit(_ symbol: String) throws -> MeasurementUnit {
    try #require(MeasurementUnit(symbol), "\(symbol) should be a unit")
}

private func isClose(_ a: Double, _ b: Double, _ tolerance: Double = 4e-16) -> Bool {
    abs(a - b) <= tolerance * max(abs(a), abs(b))
}

@Suite struct UnitTests {
    /// SI Brochure, 9th edition; mmHg by its conventional value.
    @Test(
        arguments: [
            (1.0, "1", 1.0, "1"), (5, "%", 0.05, "1"), (3, "ppm", 3e-6, "1"), (45, "%RH", 0.45, "1"),
            (1, "m3", 1, "m3"), (1, "m³", 1, "m3"), (100, "L", 0.1, "m3"), (250, "mL", 2.5e-4, "m3"),
            (3.6, "m3/h", 0.001, "m3 s-1"), (60, "L/min", 0.001, "m3 s-1"), (1, "kWh", 3.6e6, "m2 kg s-2"),
            (1, "kW·h", 3.6e6, "m2 kg s-2"), (1, "kvarh", 3.6e6, "m2 kg s-2"), (1, "MW h", 3.6e9, "m2 kg s-2"),
            (2, "GJ", 2e9, "m2 kg s-2"), (760, "mmHg", 101_324.72, "m-1 kg s-2"),
            (1, "kPa", 1000, "m-1 kg s-2"), (1, "bar", 1e5, "m-1 kg s-2"), (1, "N/mm2", 1e6, "m-1 kg s-2"),
            (20, "°C", 293.15, "K"), (-40, "℃", 233.15, "K"), (1.5, "K", 1.5, "K"), (2, "t", 2000, "kg"),
            (1, "kg", 1, "kg"), (500, "mg", 5e-4, "kg"), (998.2, "kg/m3", 998.2, "m-3 kg"),
            (1, "kg·m-3", 1, "m-3 kg"), (9.8, "m s-2", 9.8, "m s-2"), (9.8, "m/s/s", 9.8, "m s-2"),
            (9.8, "m·s⁻²", 9.8, "m s-2"), (1, "d", 86_400, "s"), (90, "min", 5400, "s"), (50, "Hz", 50, "s-1"),
            (1, "kVA", 1000, "m2 kg s-3"), (220, "V", 220, "m2 kg s-3 A-1"), (5, "mA", 0.005, "A"),
            (1, "kΩ", 1000, "m2 kg s-3 A-2"), (3600, "imp/kWh", 0.001, "m-2 kg-1 s2"), (1, "µm", 1e-6, "m"),
            (1, "μm", 1e-6, "m"), (1, "cd", 1, "cd"), (1, "mmol/L", 1, "m-3 mol"), (4, "1/h", 4.0 / 3600, "s-1"),
            (20, "degC", 293.15, "K"), (1, "ohm", 1, "m2 kg s-3 A-2"), (5, "uA", 5e-6, "A"),
            (10, "pF", 1e-11, "m-2 kg-1 s4 A2"),
            (2, "D", 2, "m-1"), (1, "m-1", 1, "m-1"), (180, "°", .pi, "1"), (60, "′", .pi / 180, "1"),
            (3600, "″", .pi / 180, "1"), (300, "r/min", 5, "s-1"), (300, "rpm", 5, "s-1"), (2, "‰", 0.002, "1"),
            (1, "N·m", 1, "m2 kg s-2"), (1, "lx", 1, "m-2 cd"), (3, "mSv/h", 3e-3 / 3600, "m2 s-3"),
            (1, "mS/cm", 0.1, "m-3 kg-1 s3 A2"), (1, "psi", 6894.757_293_168_361, "m-1 kg s-2"),
            (1, "inH2O", 249.0889, "m-1 kg s-2"), (1, "kgf", 9.80665, "m kg s-2"), (1, "mT", 1e-3, "kg s-2 A-1"),
            (94, "dB", 94, "1"), (60, "dB(A)", 60, "1"), (7, "pH", 7, "1"), (1, "Np", 1, "1"),
            (5, "fA", 5e-15, "A"), (1, "ft", 0.3048, "m"), (6, "°/s", .pi / 30, "s-1"),
            (1, "MeV", 1.602_176_634e-13, "m2 kg s-2"),
        ] as [(Double, String, Double, String)])
    func `a number becomes coherent SI`(number: Double, symbol: String, si: Double, dimension: String) throws {
        let unit = try unit(symbol)
        #expect(isClose(unit.si(number), si), "\(unit.si(number)) for \(number) \(symbol)")
        #expect(unit.dimension.description == dimension)
        #expect(isClose(unit.number(fromSI: unit.si(number)), number, 1e-14))
    }

    @Test(arguments: [
        "", " ", "/", "m3/", "/h", "m//s", "·", "furlong", "M3", "kmin", "mh", "k%", "kmmHg", "kk", "k", "m3h",
        "°C/min", "m·°C", "m10", "m-10", "m99999999999", "m-9223372036854775808", "m2.5", "m^2", "3", "kkg",
        "m₃", "°F", "%FS", "dB/m", "kdB", "pH·m", "kmmH2O", "cal", "ct", "Gs", "pH/m", "fmin",
    ])
    func `what is no unit is refused`(symbol: String) {
        #expect(MeasurementUnit(symbol) == nil)
    }

    /// The verification division of a balance and a customary mass; both by data.
    @Test func `a case brings units of its own`() throws {
        var units = CustomaryUnits()
        try units.define("e", as: try #require(Quantity("5 g")))
        try units.define("斤", as: try #require(Quantity("0.5 kg")))
        try units.define("ct", as: try #require(Quantity("0.2 g")))
        #expect(isClose(try #require(MeasurementUnit("ct", with: units)).si(5), 0.001))
        let division = try #require(MeasurementUnit("e", with: units))
        #expect(isClose(division.si(0.5), 0.0025) && division.dimension.description == "kg")
        #expect(isClose(try #require(MeasurementUnit("斤/m3", with: units)).si(2), 1))
        #expect(MeasurementUnit("e") == nil)
        for (symbol, quantity, fault) in [
            ("m", "5 g", CustomaryUnitError.known("m")), ("e", "2 g", .known("e")), ("2e", "5 g", .noWord("2e")),
            ("w", "0 g", .notPositive("w")), ("w", "-1 g", .notPositive("w")), ("w", "5 °C", .noRatio("w", unit: "°C")),
        ] {
            let given = try #require(Quantity(quantity))
            #expect(throws: fault) { try units.define(symbol, as: given) }
        }
    }

    @Test func `dimensions multiply, divide, and have roots where exponents are even`() throws {
        let (length, time) = (QuantityDimension(length: 1), QuantityDimension(time: 1))
        #expect((length / time / time).description == "m s-2")
        #expect((length * length).root(2) == length)
        #expect(QuantityDimension.volume.root(2) == nil)
        #expect(QuantityDimension.volume.root(3) == length)
        #expect(time.power(-2) == QuantityDimension.one / time / time)
        #expect(length.power(0) == .one)
        #expect(QuantityDimension.one.description == "1")
    }
}

@Suite struct QuantityTests {
    @Test(
        arguments: [
            ("20.0 °C", "20.0 °C", 293.15), ("4 m3/h", "4 m3/h", 4.0 / 3600), ("5%", "5 %", 0.05),
            ("5 %", "5 %", 0.05), ("-0.50 K", "-0.50 K", -0.5), ("0.20", "0.20", 0.2),
            ("101.325kPa", "101.325 kPa", 101_325),
            ("+3  kg", "3 kg", 3), (".5 L", "0.5 L", 0.0005),
        ] as [(String, String, Double)])
    func `a quantity keeps its digits and its unit`(text: String, written: String, si: Double) throws {
        let quantity = try #require(Quantity(text))
        #expect(quantity.description == written)
        #expect(isClose(quantity.si, si))
        #expect(Quantity(written) == quantity)
    }

    @Test(arguments: ["", "m3", "five m", "5 furlong", "1.2.3 m", "1-2 m", "- m", "5 m/", "1e3 m", " 5 m", "5 5 m"])
    func `what is no quantity is refused`(text: String) {
        #expect(Quantity(text) == nil)
    }
}
