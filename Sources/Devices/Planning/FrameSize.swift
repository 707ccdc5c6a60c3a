/// The bytes of a request and of its answer as they stand on the line.
public struct FrameSize: Hashable, Sendable {
    public let request: Int
    public let answer: Int

    public init(request: Int, answer: Int) {
        self.request = request
        self.answer = answer
    }

    /// Reading `count` registers (Modbus Application Protocol V1.1b3, 6.3 and 6.4).
    ///
    /// A request is function, address and count, an answer function, length and two bytes a register; around
    /// them stand unit and checksum (RTU), colon, hexadecimal digits and line end (ASCII), or the header (TCP).
    public static func reading(registers count: Int, _ spoken: DeviceProtocol) -> FrameSize {
        let (request, answer) = (5, 2 + 2 * count)
        switch spoken {
        case .modbusASCII: return FrameSize(request: 3 + 2 * (request + 2), answer: 3 + 2 * (answer + 2))
        case .modbusTCP: return FrameSize(request: request + 7, answer: answer + 7)
        default: return FrameSize(request: request + 3, answer: answer + 3)
        }
    }

    /// Reading a data identifier of DL/T 645 with `bytes` of data: twelve bytes of frame, and the identifier of
    /// four bytes (2007) or two (1997) both ways. Bytes FE may lead either frame.
    public static func dlt645(bytes: Int, edition1997: Bool = false, wakeUp: Int = 0, lead: Int = 0) -> FrameSize {
        let frame = 12 + (edition1997 ? 2 : 4)
        return FrameSize(request: wakeUp + frame, answer: lead + frame + bytes)
    }

    /// Reading a meter of CJ/T 188 with `bytes` of data: thirteen bytes of frame, and identifier and serial
    /// number of three both ways. Bytes FE may lead either frame.
    public static func cjt188(bytes: Int, wakeUp: Int = 0, lead: Int = 0) -> FrameSize {
        FrameSize(request: wakeUp + 16, answer: lead + 16 + bytes)
    }

    /// Asking an M-Bus meter for its data (EN 13757-2): a short frame, and a long one around `bytes` after the CI
    /// field, with the fixed header of twelve where there is one.
    public static func mbus(bytes: Int) -> FrameSize {
        FrameSize(request: 5, answer: 9 + bytes)
    }
}
