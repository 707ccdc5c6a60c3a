/// Finds what answers on a line.
///
/// Asks what is likely first. A line speaks one protocol at one speed: once something has answered, the other speeds and
/// protocols are left out, unless the scan is thorough. Nothing is written; an M-Bus meter's link is initialised and it
/// may be selected, which changes nothing in it.
public struct LineScan: Sendable {
    private let line: Connection.Line
    private let plan: ScanPlan
    private let units: [Int]
    private let profiles: [DeviceProfile]
    private let isThorough: Bool
    private let access: LineAccess?

    /// - Parameters:
    ///   - profiles: among which those are looked for that fit what is found.
    ///   - isThorough: whether everything is asked, also after something has answered.
    public init(
        _ line: Connection.Line, _ scope: ScanPlan.Scope, profiles: [DeviceProfile], isThorough: Bool = false
    ) {
        self.init(line, scope, profiles: profiles, isThorough: isThorough, access: nil)
    }

    /// On a line that leads elsewhere than to the machine's own ports.
    package init(
        _ line: Connection.Line, _ scope: ScanPlan.Scope, profiles: [DeviceProfile], isThorough: Bool = false,
        access: LineAccess?
    ) {
        self.line = line
        plan = ScanPlan(scope)
        units = scope.units
        self.profiles = profiles
        self.isThorough = isThorough
        self.access = access
    }

    /// - Parameters:
    ///   - progress: gets each try before it is made.
    ///   - found: gets each instrument as it is found, and keeps it where the scan is cancelled.
    /// - Throws: ``DeviceError`` where the line cannot be used, `CancellationError`.
    public func run(
        progress: @Sendable (ScanProgress) -> Void, found: @Sendable (ScanFinding) -> Void
    ) async throws -> ScanSummary {
        var summary = ScanSummary()
        var known = Known(isThorough: isThorough)
        var (asker, dialect): (ScanAsker?, ScanQuestion.Dialect?)
        for (index, asked) in plan.tries.enumerated() {
            try Task.checkCancellation()
            guard known.wants(asked) else {
                if known.isLeftOut(asked) { summary.leftOut = true }
                continue
            }
            progress(known.progress(at: index, of: plan))
            let isOther = asked.serial == nil && asked.question.dialect != dialect
            if asker == nil || asker?.serial != asked.serial || isOther {
                try await asker?.close()
                dialect = asked.question.dialect
                asker = ScanAsker(line, asked.serial, timeout: plan.timeout, access)
            }
            guard let asker else { continue }
            let answered = try await asker.answers(to: asked.question, units: units)
            if answered.isNoise { summary.note(asked.serial) }
            for identity in answered.identities where known.note(identity, asked) {
                let finding = try await finding(identity, asker, &known)
                summary.findings.append(finding)
                found(finding)
            }
        }
        try await asker?.close()
        return summary
    }

    private func finding(
        _ identity: ScanIdentity, _ asker: ScanAsker, _ known: inout Known
    ) async throws -> ScanFinding {
        var says = identity.says
        var candidates = ScanRecognition(profiles: profiles).candidates(identity)
        if case .modbus(let unit, let framing, _) = identity {
            if framing == .tcp, try await answersAnyUnit(beside: unit, asker) {
                known.answersAnyUnit = true
                says.append("it answers to every unit number")
            }
            let registers = ModbusRecognition(asker, unit: unit, framing)
            let recognised = try await registers.recognised(among: profiles)
            candidates += recognised.filter { new in !candidates.contains { $0.profile == new.profile } }
            if candidates.isEmpty { candidates = try await registers.plausible(among: profiles) }
        }
        return ScanFinding(
            spoken: identity.spoken(isSerial: asker.serial != nil), connection: identity.connection(asker), says: says,
            candidates: candidates.sorted { ($0.certainty.rank, $0.profile) < ($1.certainty.rank, $1.profile) })
    }

    /// An instrument on a network of its own often does not look at the unit number: a sweep would find it 247 times.
    private func answersAnyUnit(beside unit: Int, _ asker: ScanAsker) async throws -> Bool {
        for other in [247, 246] where other != unit {
            guard try await asker.answers(unit: other, .tcp) else { return false }
        }
        return true
    }
}

/// What a scan has met so far, and what is therefore not asked any more.
private struct Known {
    let isThorough: Bool
    /// Where and in what something answered first.
    private var first: (serial: LineTiming.Serial?, spoken: ScanProtocol)?
    private var identities: Set<String> = []
    private var met: Set<ScanProtocol> = []
    private var framing: Exchange.Framing?
    var answersAnyUnit = false

    init(isThorough: Bool) { self.isThorough = isThorough }

    /// Notes who answered; false where that is known already.
    mutating func note(_ identity: ScanIdentity, _ asked: ScanTry) -> Bool {
        if first == nil { first = (asked.serial, asked.question.spoken) }
        met.insert(asked.question.spoken)
        if case .modbus(_, let spoken, _) = identity { framing = spoken }
        return identities.insert(Self.key(identity)).inserted
    }

    /// Whether it is passed over though it might find something.
    func isLeftOut(_ asked: ScanTry) -> Bool {
        guard !isThorough, let first else { return false }
        return asked.serial != first.serial || asked.question.spoken != first.spoken
    }

    func wants(_ asked: ScanTry) -> Bool {
        guard !isLeftOut(asked) else { return false }
        guard met.contains(asked.question.spoken) else { return true }
        switch asked.question {
        case .modbusRegister(let unit, let asks), .modbusIdentity(let unit, let asks):
            guard !answersAnyUnit, asks == framing, !identities.contains("modbus \(unit)") else { return false }
            // Where the others answer about a register, one that is silent is not there.
            if case .modbusIdentity = asked.question { return isThorough }
            return true
        // One answer of those that mean any meter tells all they can tell.
        default: return false
        }
    }

    /// Of what is still wanted from `index` on.
    func progress(at index: Int, of plan: ScanPlan) -> ScanProgress {
        let left = plan.tries[index...].filter(wants)
        return ScanProgress(
            asked: plan.tries[index], left: left.count,
            seconds: left.reduce(0) { $0 + $1.seconds(timeout: plan.timeout) })
    }

    private static func key(_ identity: ScanIdentity) -> String {
        switch identity {
        case .modbus(let unit, _, _): "modbus \(unit)"
        case .dlt645(_, let address): "dlt645 \(address)"
        case .cjt188(_, let address): "cjt188 \(address)"
        case .mbus(let address, let header): "mbus \(header?.identification ?? "\(address)")"
        case .text(let flavour, _): "text \(flavour.rawValue)"
        }
    }
}

extension ScanSummary {
    fileprivate mutating func note(_ serial: LineTiming.Serial?) {
        if let place = noise.firstIndex(where: { $0.serial == serial }) {
            noise[place].times += 1
        } else {
            noise.append(Noise(serial: serial, times: 1))
        }
    }
}
