import Devices
import Metrology
import Testing

/// What the sources leave open is settled by the instrument, or stays refused.
@Suite struct ProfileProbeTests {
    private func profile() throws -> DeviceProfile {
        try DeviceProfile.parse(
            profileText(
                """
                  voltage: {quantity: voltage, unit: V, at: 0, as: float32, scale: 0.1}
                  energy: {quantity: energy, unit: kWh, at: 10, as: uint32, scale: 0.01}
                  frequency: {quantity: frequency, unit: Hz, at: 20, as: uint16, scale: 0.1}
                probes:
                  scale:
                    settles: scale
                    channels: [voltage]
                    alternatives: {divided: {}, as-it-is: {scale: 1}, swapped: {order: CDAB}, later: {shift: 1}}
                    decided_by: {voltage: {within: [80 V, 300 V]}}
                  energy:
                    settles: scale
                    channels: [energy]
                    alternatives: {listed: {}, ten-times: {times: 10}}
                    by_person: compare the energy with the display
                """), name: "test/t")
    }

    private func readings(_ values: [String: String?]) -> [String: [String: ExactDecimal?]] {
        values.mapValues { ["voltage": $0.map(decimal)] }
    }

    @Test func theOneAlternativeThatIsPlausibleWins() throws {
        let profile = try profile()
        let probe = try #require(profile.probes.first)
        let verdict = try probe.verdict(
            readings(["divided": "23.1", "as-it-is": "231", "swapped": nil, "later": "0"]), profile: profile.name)
        #expect(verdict.name == "as-it-is")
        let settled = profile.settled(probe, as: verdict)
        #expect(try settled.channel("voltage").scale == decimal("1"))
        #expect(try settled.channel("frequency").scale == decimal("0.1"))
        #expect(settled.probes.map(\.name) == ["energy"])
        #expect(settled.readable.map(\.name) == ["voltage", "frequency"])
    }

    @Test func whatAlternativesChange() throws {
        let profile = try profile()
        let probe = try #require(profile.probes.first)
        let places = try probe.alternatives.map {
            try #require(try profile.settled(probe, as: $0).channel("voltage").registers)
        }
        #expect(places.map(\.address) == [0, 0, 0, 1])
        #expect(places.map(\.order) == [.abcd, .abcd, .cdab, .abcd])
        let person = try #require(profile.probes.last)
        #expect(try profile.settled(person, as: person.alternatives[1]).channel("energy").scale == decimal("0.1"))
    }

    @Test(arguments: [
        (["divided": "23", "as-it-is": "30"], "no reading of the sources fits"),
        (["divided": "231", "as-it-is": "232"], "more than one reading of the sources fits"), ([:], "no reading"),
    ])
    func nothingIsGuessed(values: [String: String], why: String) throws {
        let probe = try #require(try profile().probes.first)
        let error = #expect(throws: DeviceError.self) {
            try probe.verdict(readings(values.mapValues { Optional($0) }), profile: "test/t")
        }
        guard case .undecided("scale", "test/t", let said) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(said.hasPrefix(why))
    }

    @Test func aPersonIsAskedWhereTheInstrumentCannotTell() throws {
        let probe = try #require(try profile().probes.last)
        #expect(
            throws: DeviceError.undecided(
                probe: "energy", profile: "test/t", why: "only a person can tell: compare the energy with the display")
        ) { try probe.verdict([:], profile: "test/t") }
    }

    @Test(arguments: [
        (
            "alternatives: {a: {}}\n    decided_by: {voltage: {within: [1 V, 2 V]}}",
            "a probe decides between at least two"
        ),
        ("alternatives: {a: {}, b: {}}", "'probes.p' lacks the required key 'decided_by'"),
        ("alternatives: {a: {}, b: {}}\n    decided_by: {power: {within: [1 W, 2 W]}}", "there is no channel 'power'"),
        ("alternatives: {a: {}, b: {}}\n    decided_by: {voltage: {within: [2 V, 1 V]}}", "'within' is two quantities"),
        (
            "alternatives: {a: {}, b: {}}\n    decided_by: {voltage: {within: [1 A, 2 A]}}",
            "'1 A' must be a number followed by"
        ),
    ])
    func faultyProbes(probe: String, message: String) throws {
        let error = try #require(
            #expect(throws: (any Error).self) {
                try DeviceProfile.parse(
                    profileText(
                        "  voltage: {quantity: voltage, unit: V, at: 0, as: float32}\nprobes:\n  p:\n    settles: scale\n    \(probe)"
                    ), name: "t")
            })
        #expect("\(error)".contains(message), "\(error)")
    }
}
