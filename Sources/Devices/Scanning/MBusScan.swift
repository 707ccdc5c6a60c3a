/// Who is on an M-Bus: the only meter by the address that all answer, else each by its identification (EN 13757-3,
/// wildcard selection), else each by its primary address.
struct MBusScan: Sendable {
    let asker: ScanAsker
    let units: [Int]

    /// Bytes of the longest telegram.
    private static let telegramBytes = 261

    func found() async throws -> ScanAsker.Answered {
        if case .silence = try await acknowledged(.initialise(MBusRequest.test)) { return .init() }
        if case .answer(let identity?) = try await telegram(of: MBusRequest.test) { return .init([identity]) }
        // Several answered at once, or one that is known by its identification only.
        var found = try await selected("")
        if found.isEmpty {
            for address in units.compactMap({ UInt8(exactly: $0) }) where address <= 250 {
                try Task.checkCancellation()
                guard case .answer = try await acknowledged(.initialise(address)),
                    case .answer(let identity?) = try await telegram(of: address)
                else { continue }
                found.append(identity)
            }
        }
        return .init(found, isNoise: found.isEmpty)
    }

    private enum Reply {
        case answer(ScanIdentity?)
        case noise, silence
    }

    private enum Request {
        case initialise(UInt8)
        case select(MBusSelection)

        var frame: MBusFrame {
            switch self {
            case .initialise(let address): MBusRequest.initialise(address)
            case .select(let selection): MBusRequest.select(selection)
            }
        }
    }

    private func acknowledged(_ request: Request) async throws -> Reply {
        let heard = try await asker.frame(
            request.frame.bytes ?? [], MBusFormat(takesAcknowledgement: true), bytes: 1
        ) { $0 == .acknowledgement }
        return switch heard {
        case .answer: .answer(nil)
        case .noise: .noise
        case .silence: .silence
        }
    }

    private func telegram(of address: UInt8) async throws -> Reply {
        let request = MBusRequest.data(address, MBusFrameCount())
        let heard = try await asker.frame(
            request.bytes ?? [], MBusFormat(takesAcknowledgement: false), bytes: Self.telegramBytes
        ) { if case .long = $0 { true } else { false } }
        switch heard {
        case .answer(let frame, _):
            guard let telegram = try? MBusTelegram(frame) else { return .noise }
            return .answer(.mbus(address: telegram.address, telegram.header))
        case .noise: return .noise
        case .silence: return .silence
        }
    }

    /// All whose identification begins with `digits`.
    private func selected(_ digits: String) async throws -> [ScanIdentity] {
        try Task.checkCancellation()
        let pattern = digits + String(repeating: "F", count: 8 - digits.count)
        guard let selection = MBusSelection(identification: pattern) else { return [] }
        let reply = try await acknowledged(.select(selection))
        if case .silence = reply { return [] }
        if case .answer(.mbus(_, let header?)?) = try await telegram(of: MBusRequest.selected) {
            // Whoever was selected before lets go when another selection does not mean it.
            return [.mbus(address: MBusRequest.selected, header)]
        }
        guard digits.count < 8 else { return [] }
        var found: [ScanIdentity] = []
        for digit in 0...9 { found += try await selected(digits + "\(digit)") }
        return found
    }
}
