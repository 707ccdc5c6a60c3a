import Certification
import Testing

@Suite struct CalibrationCertificateUnitTests {
    @Test(arguments: [
        ("1", "\\one"), ("%", "\\percent"), ("%RH", "\\percent"), ("ppm", "\\ppm"), ("°C", "\\degreecelsius"),
        ("℃", "\\degreecelsius"), ("K", "\\kelvin"), ("mK", "\\milli\\kelvin"), ("s", "\\second"),
        ("min", "\\minute"), ("h", "\\hour"), ("d", "\\day"), ("V", "\\volt"), ("mV", "\\milli\\volt"),
        ("A", "\\ampere"), ("Ω", "\\ohm"), ("kΩ", "\\kilo\\ohm"), ("Pa", "\\pascal"),
        ("hPa", "\\hecto\\pascal"),
        ("kPa", "\\kilo\\pascal"), ("MPa", "\\mega\\pascal"), ("bar", "\\bar"), ("L", "\\litre"),
        ("mL", "\\milli\\litre"), ("m3", "\\metre\\tothe{3}"), ("m³", "\\metre\\tothe{3}"),
        ("m3/h", "\\metre\\tothe{3}\\hour\\tothe{-1}"), ("L/min", "\\litre\\minute\\tothe{-1}"),
        ("mm", "\\milli\\metre"), ("cm2", "\\centi\\metre\\tothe{2}"), ("µm", "\\micro\\metre"),
        ("g", "\\gram"),
        ("kg", "\\kilogram"), ("mg", "\\milli\\gram"), ("t", "\\tonne"),
        ("kg/m3", "\\kilogram\\metre\\tothe{-3}"), ("cd", "\\candela"), ("mol", "\\mole"), ("Hz", "\\hertz"),
        ("kN", "\\kilo\\newton"), ("J", "\\joule"), ("W", "\\watt"), ("kW·h", "\\kilo\\watt\\hour"),
        ("kWh", "\\kilo\\watt\\hour"), ("VA", "\\volt\\ampere"), ("kVAh", "\\kilo\\volt\\ampere\\hour"),
        ("imp", "\\one"), ("imp/kWh", "\\kilo\\watt\\tothe{-1}\\hour\\tothe{-1}"),
        ("1/s", "\\second\\tothe{-1}"),
        ("s-1", "\\second\\tothe{-1}"), ("%/K", "\\percent\\kelvin\\tothe{-1}"),
        ("m/s/s", "\\metre\\second\\tothe{-1}\\second\\tothe{-1}"),
    ])
    func isSpelledAsDSI(symbol: String, spelling: String) throws {
        let unit = try DCCUnit(symbol)
        #expect(unit.spelling == spelling)
        #expect(unit.definition == nil)
    }

    @Test(arguments: [("mmHg", "|mmHg"), ("var", "|var"), ("kvarh", "|kvarh"), ("kvar h", "|kvar·h")])
    func outsideTheSIIsMarkedAndDefined(symbol: String, spelling: String) throws {
        let unit = try DCCUnit(symbol)
        #expect(unit.spelling == spelling)
        #expect(unit.definition?.contains("=") == true)
    }

    @Test(arguments: ["", " ", "furlong", "m3h", "kmin", "m^3", "/", "m/", "°C/h", "\\metre", "k%"])
    func unknownIsRefused(symbol: String) {
        #expect(throws: CalibrationCertificateError.unknownUnit(symbol)) { try DCCUnit(symbol) }
    }
}
