/// What is asked on a line, in which order: what is likely first. Pure.
public struct ScanPlan: Hashable, Sendable {
    /// What a scan may ask.
    public struct Scope: Hashable, Sendable {
        public var isSerial: Bool
        /// Bits per second, the likeliest first; without meaning on a network.
        public var speeds: [Int]
        public var parities: [Connection.Parity]
        public var protocols: Set<ScanProtocol>
        /// Of Modbus.
        public var units: [Int]
        /// Until the first byte of an answer, in ms.
        public var timeout: Int

        public init(
            isSerial: Bool, speeds: [Int] = Scope.usualSpeeds, parities: [Connection.Parity] = [.none, .even],
            protocols: Set<ScanProtocol> = Set(ScanProtocol.allCases), units: [Int] = Array(1...247), timeout: Int = 150
        ) {
            self.isSerial = isSerial
            self.speeds = speeds
            self.parities = parities
            self.protocols = protocols
            self.units = units
            self.timeout = timeout
        }

        /// Those instruments leave the factory with.
        public static let usualSpeeds = [9600, 2400, 19_200, 4800, 1200, 115_200, 38_400, 57_600]
    }

    public let tries: [ScanTry]
    /// In ms.
    public let timeout: Int

    /// Units asked before all others: instruments leave the factory as one of the first.
    static let likelyUnits = 1...10

    public init(_ scope: Scope) {
        timeout = scope.timeout
        let settings = Self.settings(scope)
        var ranked: [(rank: [Int], asked: ScanTry)] = []
        for (place, serial) in settings.enumerated() {
            for (order, question) in Self.questions(scope).enumerated() {
                let stage = Self.stage(question, at: serial)
                ranked.append(([stage, place, order], ScanTry(question, at: serial)))
            }
        }
        tries = ranked.sorted { $0.rank.lexicographicallyPrecedes($1.rank) }.map(\.asked)
    }

    /// How long all of it takes where nobody answers, in seconds.
    public var seconds: Double { tries.reduce(0) { $0 + $1.seconds(timeout: timeout) } }

    private static func settings(_ scope: Scope) -> [LineTiming.Serial?] {
        guard scope.isSerial else { return [nil] }
        return scope.speeds.flatMap { baud in scope.parities.map { LineTiming.Serial(baud: baud, parity: $0) } }
    }

    private static func questions(_ scope: Scope) -> [ScanQuestion] {
        var questions: [ScanQuestion] = [
            .dlt645Address, .dlt645Energy(.of2007), .dlt645Energy(.of1997), .cjt188(.mostSignificantFirst),
            .cjt188(.leastSignificantFirst), .mbus, .scpi, .mtSICS,
        ]
        // Through a network the frames may be those of the serial line behind it.
        let framings: [Exchange.Framing] = scope.isSerial ? [.rtu] : [.tcp, .rtu]
        for framing in framings { questions += scope.units.map { .modbusRegister(unit: $0, framing) } }
        for framing in framings { questions += scope.units.map { .modbusIdentity(unit: $0, framing) } }
        return questions.filter { scope.protocols.contains($0.spoken) }
    }

    /// 0 what is likely, at the speed it is likely at; 1 the same at other speeds; 2 and 3 the other units; 4 the second
    /// question to units that were silent.
    private static func stage(_ question: ScanQuestion, at serial: LineTiming.Serial?) -> Int {
        let isUsual = serial.map { Self.isUsual(question, $0) } ?? true
        switch question {
        case .modbusIdentity: return 4
        case .modbusRegister(let unit, _) where !likelyUnits.contains(unit): return isUsual ? 2 : 3
        default: return isUsual ? 0 : 1
        }
    }

    /// As instruments of the protocol leave the factory.
    private static func isUsual(_ question: ScanQuestion, _ serial: LineTiming.Serial) -> Bool {
        switch question {
        case .dlt645Energy(.of1997): (serial.baud, serial.parity) == (1200, .even)
        case .dlt645Address, .dlt645Energy, .cjt188, .mbus: (serial.baud, serial.parity) == (2400, .even)
        case .scpi, .mtSICS, .modbusRegister, .modbusIdentity: (serial.baud, serial.parity) == (9600, .none)
        }
    }
}
