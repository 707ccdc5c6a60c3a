import Chronometry
import Devices
import Foundation
import Metrology
import Simulation
import Testing

/// Every Modbus profile as a simulated instrument, decoded by `Devices`: what is read is what the instrument has.
@Suite struct EveryModbusProfileTests {
    private static let devices =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path + "/Devices"

    private static let profiles = ((try? ProfileCatalogue.profiles(in: devices)) ?? []).filter(\.speaksModbus)

    @Test func thereAreProfiles() { #expect(Self.profiles.count > 50) }

    private func exchange(_ request: [UInt8], _ voice: inout ModbusVoice) -> Exchange {
        let moment = Instant(milliseconds: 0)
        let answer = voice.hear(request, at: 0).first?.bytes ?? []
        return Exchange(
            framing: .tcp, request: request, answer: answer, sentAt: moment, answeredAt: moment, line: "test")
    }

    /// Reads one channel alone.
    private func exchange(_ channel: DeviceProfile.Channel, _ voice: inout ModbusVoice) throws -> Exchange {
        let place = try #require(channel.registers)
        let function = place.table.readFunction.rawValue
        let request: [UInt8] = [
            0, 1, 0, 0, 0, 6, 1, function, UInt8(place.address >> 8), UInt8(place.address & 255), 0, UInt8(place.count),
        ]
        return exchange(request, &voice)
    }

    /// Whether another channel, listed before, tells the same registers in its own way.
    private func isShadowed(_ index: Int, in profile: DeviceProfile) -> Bool {
        guard let place = profile.channels[index].registers else { return true }
        return profile.channels[..<index].contains { other in
            guard let otherPlace = other.registers, otherPlace.table == place.table else { return false }
            let areBitsApart =
                place.bits.map { bits in otherPlace.bits.map { !$0.overlaps(bits) } ?? false } ?? false
            let range = place.address..<(place.address + place.count)
            return !areBitsApart && range.overlaps(otherPlace.address..<(otherPlace.address + otherPlace.count))
        }
    }

    @Test(arguments: profiles.map(\.name)) func whatIsReadIsWhatIsServed(name: String) throws {
        let simulated = try SimulatedProfile(DeviceProfile.named(name, in: Self.devices))
        var voice = simulated.modbus(.tcp, unit: 1, InstrumentFaults())
        var compared = 0
        for (index, channel) in simulated.profile.channels.enumerated() where !isShadowed(index, in: simulated.profile)
        {
            guard let place = channel.registers else { continue }
            let exchange = try exchange(channel, &voice)
            compared += 1
            if channel.content == .text {
                let wanted = String(
                    decoding: Array((simulated.texts[channel.name] ?? "").utf8.prefix(2 * place.count)), as: UTF8.self)
                #expect(try channel.decodeText(exchange) == wanted, "\(channel.name)")
                continue
            }
            let read = try channel.decode(exchange).value.number.double
            let served = try #require(simulated.values[channel.name]).number(at: 0)
            // Half a step of whole numbers, seven digits of a binary32.
            // Beyond 2^53 a simulated value is no longer exact, and shows the end of that range.
            guard abs(served) <= 0x1p53 else { continue }
            let isFloat = place.format == .float32 || place.format == .float64
            let tolerance = (isFloat ? 0 : 0.5001 * abs(place.scale.double)) + 1e-7 * abs(served)
            #expect(abs(read - served) <= tolerance, "\(channel.name): \(read) instead of \(served)")
        }
        #expect(compared > 0)
    }

    /// Where the register next to the deciding one holds the same quantity, the instrument does not tell, and is not
    /// guessed at.
    private static let untold: Set<String> = ["acrel/dtsd1352 address-base", "hipeak/tuf-2000m address-base"]

    /// The first alternative of every question is the one the instrument itself speaks for.
    @Test(arguments: profiles.filter { !$0.probes.isEmpty }.map(\.name)) func probesFindTheirAnswer(name: String) throws
    {
        let named = try DeviceProfile.named(name, in: Self.devices)
        var voice = try SimulatedProfile(named).modbus(.tcp, unit: 1, InstrumentFaults())
        var settled = named
        for probe in named.probes where !probe.evidence.isEmpty {
            var readings: [String: [String: ExactDecimal?]] = [:]
            for alternative in probe.alternatives {
                let trial = settled.settled(probe, as: alternative)
                for item in probe.evidence {
                    let exchange = try exchange(trial.channel(item.channel), &voice)
                    let value = try? trial.channel(item.channel).decode(exchange).value.number
                    readings[alternative.name, default: [:]][item.channel] = .some(value)
                }
            }
            guard !Self.untold.contains("\(name) \(probe.name)") else {
                let error = #expect(throws: DeviceError.self) { try probe.verdict(readings, profile: name) }
                #expect("\(error, default: "")".contains("more than one reading of the sources fits"))
                continue
            }
            let found = try probe.verdict(readings, profile: name)
            #expect(found.name == probe.alternatives.first?.name, "\(probe.name)")
            settled = settled.settled(probe, as: found)
        }
    }
}
