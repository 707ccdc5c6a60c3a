import Devices
import Glibc
import Metrology

/// Reads rounds of ten registers each through `Device.read`.
///
///     DeviceRounds rounds REQUESTS SECONDS OPEN ADDRESS …   exchanges, seconds, CPU seconds, peak memory in KiB
///     DeviceRounds forecast REQUESTS DELAY ADDRESS          seconds of a round; the delay in s
///
/// With several addresses each is read by a task of its own, those marked with ! without being counted.
@main
enum DeviceRounds {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count >= 4, let requests = Int(arguments[1]), let amount = Double(arguments[2]) else {
            print("DeviceRounds: rounds REQUESTS SECONDS OPEN ADDRESS … or forecast REQUESTS DELAY ADDRESS")
            exit(2)
        }
        switch arguments[0] {
        case "forecast":
            let (profile, names, _) = try profile(requests, open: 1)
            let member = try RoundMember(
                name: "1", profile, at: Connection(arguments[3]), reading: names, turnRound: .stated(amount))
            print(RoundForecast([member]).seconds)
        default:
            try await rounds(requests, amount, open: Int(arguments[3]) ?? 1, at: Array(arguments.dropFirst(4)))
        }
    }

    /// Ten channels of one register each, in blocks so far from each other that none are read together; every register holds its
    /// own address.
    private static func profile(
        _ requests: Int, open: Int
    ) throws -> (DeviceProfile, names: [String], due: [ExactDecimal]) {
        var names: [String] = []
        var due: [ExactDecimal] = []
        var lines: [String] = []
        for block in 0..<requests {
            for place in 0..<10 {
                let name = "register-\(block)-\(place)"
                names.append(name)
                due.append(ExactDecimal(1000 * block + place))
                lines.append("  \(name): {quantity: setting, unit: \"1\", at: \(1000 * block + place), as: uint16}")
            }
        }
        let text = """
            maker: Benchmark
            models: [registers]
            kind: test instrument
            source: this benchmark
            confidence: found
            modbus: {function: holding, baud: 9600, parity: none, stop: 2, open_transactions: \(open)}
            channels:
            \(lines.joined(separator: "\n"))
            """
        return (try DeviceProfile.parse(text, name: "benchmark/registers"), names, due)
    }

    private static func rounds(_ requests: Int, _ seconds: Double, open: Int, at addresses: [String]) async throws {
        let (profile, names, due) = try profile(requests, open: open)
        let lines = DeviceLines()
        var devices: [(device: Device, counts: Bool)] = []
        for address in addresses {
            let counts = !address.hasPrefix("!")
            devices.append(
                (
                    try await lines.device(profile, at: Connection(counts ? address : String(address.dropFirst()))),
                    counts
                ))
        }
        // Plans, connections and buffers are made once in years.
        for (device, counts) in devices where counts { try check(await device.read(names), due) }
        let start = monotonic(), before = cpu()
        let exchanges = try await withThrowingTaskGroup(of: Int.self) { group in
            for (device, counts) in devices {
                group.addTask {
                    var count = 0
                    repeat {
                        guard counts else {
                            _ = try? await device.read(names, .routine(due: start))
                            continue
                        }
                        try check(await device.read(names), due)
                        count += requests
                    } while monotonic() - start < seconds
                    return count
                }
            }
            var sum = 0
            for try await count in group { sum += count }
            return sum
        }
        let spent = monotonic() - start
        print(exchanges, spent, cpu() - before, peakMemory)
    }

    private static func check(_ indications: [Indication], _ due: [ExactDecimal]) throws {
        guard indications.count == due.count, zip(indications, due).allSatisfy({ $0.value.number == $1 }) else {
            throw Wrong()
        }
    }

    private struct Wrong: Error {}

    private static func monotonic() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Of this process, in s.
    private static func cpu() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
    }

    private static var peakMemory: Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss
    }
}
