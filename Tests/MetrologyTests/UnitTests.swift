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
        "m₃", "°F",
    ])
    func `what is no unit is refused`(symbol: String) {
        #expect(MeasurementUnit(symbol) == nil)
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
