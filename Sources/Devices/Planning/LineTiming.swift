/// How long an exchange takes on a line to one instrument. All times in seconds.
///
/// A serial line costs the characters of request and answer, the silence that ends a frame, the
/// instrument's turn-round, and the rest it wants before it is asked again. A network costs its round
/// trip instead of characters; a serial line behind a gateway costs both.
public struct LineTiming: Hashable, Sendable {
    /// Speed and shape of the characters of a serial line.
    public struct Serial: Hashable, Sendable {
        /// Bits per second.
        public var baud: Int
        public var dataBits: Int
        public var parity: Connection.Parity
        public var stopBits: Int

        public init(baud: Int, dataBits: Int = 8, parity: Connection.Parity = .none, stopBits: Int = 1) {
            self.baud = baud
            self.dataBits = dataBits
            self.parity = parity
            self.stopBits = stopBits
        }

        /// Seconds a character takes: start bit, data, parity, stop.
        public var character: Double {
            Double(1 + dataBits + (parity == .none ? 0 : 1) + stopBits) / Double(max(1, baud))
        }

        /// The silence between two frames of Modbus RTU: 3.5 characters of 11 bits, 1.75 ms above
        /// 19 200 baud (Modbus over serial line V1.02, 2.5.1.1).
        ///
        /// Characters as they are on this line are counted, so that 8N1 gives a tenth less.
        public var silence: Double { baud > 19_200 ? 0.001_75 : 3.5 * character }
    }

    /// The time an instrument takes to begin its answer, beyond the silence that tells it that the
    /// request is over.
    public enum TurnRound: Hashable, Sendable {
        /// Neither stated nor measured: a time computed with it is the least possible.
        case unknown
        case stated(Double)
        case measured(Double)

        public var seconds: Double {
            switch self {
            case .unknown: 0
            case .stated(let seconds), .measured(let seconds): max(0, seconds)
            }
        }
    }

    /// nil on a network that ends at the instrument.
    public var serial: Serial?
    /// Of the network, without the instrument; 0 where there is none.
    public var roundTrip: Double
    public var spoken: DeviceProtocol
    public var turnRound: TurnRound
    /// The rest between an answer and the next request.
    public var pause: Double

    public init(
        serial: Serial?, roundTrip: Double = 0, spoken: DeviceProtocol, turnRound: TurnRound = .unknown,
        pause: Double = 0
    ) {
        self.serial = serial
        self.roundTrip = roundTrip
        self.spoken = spoken
        self.turnRound = turnRound
        self.pause = pause
    }

    /// What an exchange is made of.
    public struct Cost: Hashable, Sendable {
        /// Characters on the line.
        public var wire = 0.0
        /// Silence, round trip, turn-round and rest.
        public var waiting = 0.0

        public var seconds: Double { wire + waiting }

        public init(wire: Double = 0, waiting: Double = 0) {
            self.wire = wire
            self.waiting = waiting
        }

        public static func + (a: Cost, b: Cost) -> Cost {
            Cost(wire: a.wire + b.wire, waiting: a.waiting + b.waiting)
        }
    }

    /// An exchange of so many bytes.
    public func cost(of size: FrameSize) -> Cost {
        let silence = silence
        return Cost(
            wire: Double(size.request + size.answer) * (serial?.character ?? 0),
            // The rest before a request is silence too: the longer of the two is kept.
            waiting: silence + turnRound.seconds + max(silence, pause) + roundTrip)
    }

    /// Reading `count` registers in one request.
    public func cost(ofRegisters count: Int) -> Cost {
        cost(of: .reading(registers: count, spoken))
    }

    /// What one more register costs in a request.
    public var perRegister: Double {
        cost(ofRegisters: 1).seconds - cost(ofRegisters: 0).seconds
    }

    /// What a request costs beside its registers.
    public var perRequest: Double { cost(ofRegisters: 0).seconds }

    /// The largest number of unwanted registers that is read over sooner than a second request is sent;
    /// nil where registers cost nothing.
    public var hole: Int? {
        let each = perRegister
        guard each > 0 else { return nil }
        // A break-even that is whole but for rounding counts as whole.
        return Int((perRequest / each + 1e-9).rounded(.down))
    }

    /// What ends a frame on this line.
    var silence: Double {
        switch spoken {
        case .modbusRTU, .modbusRTUOverTCP: serial?.silence ?? 0
        default: 0
        }
    }
}
