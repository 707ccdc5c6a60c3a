/// Registers that are wanted together: a value is never split between two requests.
public struct RegisterSpan: Hashable, Sendable {
    public let table: ModbusTable
    /// As sent on the wire, counted from 0.
    public let start: Int
    public let count: Int

    public init(table: ModbusTable, start: Int, count: Int) {
        self.table = table
        self.start = start
        self.count = count
    }

    /// One past the last register.
    public var end: Int { start + count }

    /// Whether every register of `other` is among these.
    public func holds(_ other: RegisterSpan) -> Bool {
        table == other.table && start <= other.start && other.end <= end
    }
}

extension RegisterSpan: CustomStringConvertible {
    public var description: String {
        count == 1 ? "\(table.rawValue) register \(start)" : "\(table.rawValue) registers \(start) to \(end - 1)"
    }
}

/// What an instrument can be asked for in one request.
public struct ReadLimits: Hashable, Sendable {
    /// Which registers may be read along although nobody wants them.
    public enum Holes: Hashable, Sendable {
        /// All that are not refused.
        case all
        /// Those the instrument is known to offer, and no other.
        case only([RegisterSpan])
        public static let none = Holes.only([])
    }

    /// The largest number of registers of one request.
    public var together: Int
    public var holes: Holes
    /// Registers no request may touch, in any table.
    public var refused: [ClosedRange<Int>]

    /// One answer holds 125 registers (Modbus Application Protocol V1.1b3, 6.3).
    public static let mostOfTheProtocol = 125

    public init(together: Int = mostOfTheProtocol, holes: Holes = .none, refused: [ClosedRange<Int>] = []) {
        self.together = together
        self.holes = holes
        self.refused = refused
    }

    /// - Throws: ``ReadPlanError`` where no request can hold `span`.
    func check(_ span: RegisterSpan) throws(ReadPlanError) {
        guard span.count >= 1, span.start >= 0, span.end <= 65_536 else {
            throw .noRegisters(span)
        }
        let most = min(together, Self.mostOfTheProtocol)
        guard span.count <= most else { throw .tooLong(span, together: most) }
        if let refused = refused.first(where: { $0.lowerBound < span.end && $0.upperBound >= span.start }) {
            throw .refused(span, refused)
        }
    }
}

/// Why no request can read a value.
public enum ReadPlanError: Error, Hashable, Sendable {
    /// Outside the registers 0 to 65535, or empty.
    case noRegisters(RegisterSpan)
    case tooLong(RegisterSpan, together: Int)
    case refused(RegisterSpan, ClosedRange<Int>)
}

extension ReadPlanError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noRegisters(let span):
            "\(span.table.rawValue), start \(span.start), count \(span.count), cannot be read in one request: "
                + "registers and bits stand at 0 to 65535"
        case .tooLong(let span, let together):
            "\(span) belong together, but the instrument gives \(together) at most in one request: "
                + "correct together_at_most or the channel in its profile"
        case .refused(let span, let refused):
            "\(span) touch what the instrument refuses (\(refused.lowerBound) to \(refused.upperBound)): "
                + "correct refused or the channel in its profile"
        }
    }
}
