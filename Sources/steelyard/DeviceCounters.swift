import Chronometry
import Devices
import Energy
import Ledger
import Metrology

/// Counters read through device profiles: what joins Energy to Devices.
struct DeviceCounters: CounterSource {
    private let devices: [String: Device]

    /// - Throws: `DeviceError` or `DataFileError` where a profile, a channel or an address is wrong;
    ///   nothing is read yet.
    init(_ points: [MeteringPoint], profiles folder: String) async throws {
        let lines = DeviceLines(news: tell)
        var devices: [String: Device] = [:]
        for point in points {
            let profile = try DeviceProfile.named(point.device, in: folder)
            _ = try profile.channel(point.channel)
            devices[point.key] = try await lines.device(profile, at: Connection(point.connection))
        }
        self.devices = devices
    }

    func read(_ point: MeteringPoint) async throws -> CounterReading {
        guard let device = devices[point.key] else {
            throw EnergyError.unknownPoint(key: point.key)
        }
        // A profile whose sources contradict each other is settled on the instrument, every time anew: a meter that was
        // changed for another must not go on under the old one's answer. Without contradictions nothing is read for it.
        // A bench that shares the line goes first.
        let settled = try await device.settled().device
        let indication = try await settled.read(point.channel, .routine(due: SystemClock.monotonicSeconds()))
        let exchange = indication.exchange
        return CounterReading(
            value: indication.value.number, unit: indication.value.unit.description,
            exchange: CounterExchange(
                request: exchange.request.hexadecimal, answer: exchange.answer.hexadecimal,
                requestedAt: exchange.sentAt, answeredAt: exchange.answeredAt))
    }
}
