/// Where an instrument is reached: `tcp://HOST:PORT?unit=1` or
/// `serial:///dev/ttyUSB0?baud=9600&parity=even&stop=1&unit=1`.
///
/// `timeout=MILLISECONDS` is understood by both, and so is `framing=ascii`; `framing=rtu` on TCP is for adapters that pass
/// the bytes of a serial line on. `rs485=kernel` or `rs485=rts` is for serial ports whose direction has to be switched. What an address leaves out, the profile says.
public struct Connection: Hashable, Sendable {
    public enum Parity: String, Hashable, Sendable, CaseIterable {
        case none, even, odd
    }

    /// Who switches the direction of an RS-485 line, where the adapter does not do it by itself.
    public enum RS485: String, Hashable, Sendable, CaseIterable {
        /// The port's driver.
        case kernel
        /// This program, by the line RTS.
        case rts
    }

    public enum Line: Hashable, Sendable {
        case serial(path: String)
        case tcp(host: String, port: Int)
    }

    public let line: Line
    public let unit: Int?
    /// Of an instrument that has a longer address than a unit number, as it is printed on it.
    public let address: String?
    public let baud: Int?
    public let parity: Parity?
    public let stopBits: Int?
    /// nil where the adapter switches by itself, as most do.
    public let rs485: RS485?
    /// How long an answer may take, in ms.
    public let timeout: Int?
    /// How Modbus frames are told from each other, where it is not as usual for line and instrument: RTU over TCP, ASCII.
    public let framing: Exchange.Framing?

    static let usualTimeout = 1000

    /// The speeds a port can be set to; at any other the Modbus library would quietly take 9600.
    public static let speeds = [
        300, 600, 1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 500_000,
        576_000, 921_600,
    ]

    /// - Throws: ``DeviceError/badAddress(_:why:)``.
    public init(_ text: String) throws {
        func fail(_ why: String) -> DeviceError { .badAddress(text, why: why) }
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let place = String(parts[0])
        var unit: Int?
        var address: String?
        var baud: Int?
        var parity: Parity?
        var stopBits: Int?
        var rs485: RS485?
        var timeout: Int?
        var framing: Exchange.Framing?
        for pair in parts.count == 2 ? parts[1].split(separator: "&") : [] {
            let setting = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let key = String(setting[0])
            let value = setting.count == 2 ? String(setting[1]) : ""
            func number(_ range: ClosedRange<Int>) throws -> Int {
                guard let number = Int(value), range.contains(number) else {
                    throw fail(
                        "\(key) must be a whole number from \(range.lowerBound) to \(range.upperBound), not '\(value)'")
                }
                return number
            }
            switch key {
            case "unit": unit = try number(0...255)
            case "baud":
                let speed = try number(300...921_600)
                guard Self.speeds.contains(speed) else {
                    let known = Self.speeds.map(String.init).joined(separator: ", ")
                    throw fail("baud must be one of \(known), not \(speed)")
                }
                baud = speed
            case "address":
                guard !value.isEmpty, value.count <= 16, value.allSatisfy(\.isHexDigit) else {
                    throw fail("address must be the digits printed on the instrument, not '\(value)'")
                }
                address = value
            case "stop": stopBits = try number(1...2)
            case "timeout": timeout = try number(1...60_000)
            case "parity":
                guard let known = Parity(rawValue: value) else {
                    throw fail("parity must be none, even or odd, not '\(value)'")
                }
                parity = known
            case "rs485":
                guard let known = RS485(rawValue: value) else {
                    throw fail("rs485 must be kernel or rts, not '\(value)'")
                }
                rs485 = known
            case "framing":
                guard let known = Exchange.Framing(rawValue: value) else {
                    throw fail("framing must be rtu, ascii or tcp, not '\(value)'")
                }
                framing = known
            default:
                throw fail(
                    "unknown setting '\(key)': known are unit, address, baud, parity, stop, timeout, framing, rs485")
            }
        }
        if place.hasPrefix("serial://") {
            let path = String(place.dropFirst("serial://".count))
            guard path.hasPrefix("/") else {
                throw fail("a serial address names a port by its whole path, like serial:///dev/ttyUSB0")
            }
            guard unit.map({ (1...247).contains($0) }) ?? true else {
                throw fail("a unit on a serial line is 1 to 247: 0 is everybody, and nobody answers it")
            }
            guard framing != .tcp else {
                throw fail("on a serial line Modbus is framed as rtu or ascii")
            }
            line = .serial(path: path)
        } else if place.hasPrefix("tcp://") {
            let rest = place.dropFirst("tcp://".count)
            guard rs485 == nil else { throw fail("rs485 is for serial ports: a gateway switches by itself") }
            guard let colon = rest.lastIndex(of: ":"),
                let port = Int(rest[rest.index(after: colon)...]), (1...65_535).contains(port),
                colon > rest.startIndex
            else {
                throw fail("a TCP address names host and port, like tcp://192.168.0.20:502")
            }
            var host = String(rest[..<colon])
            if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
            line = .tcp(host: host, port: port)
        } else {
            throw fail("it must begin with tcp:// or serial://")
        }
        self.unit = unit
        self.address = address
        self.baud = baud
        self.parity = parity
        self.stopBits = stopBits
        self.rs485 = rs485
        self.timeout = timeout
        self.framing = framing
    }
}

extension Connection {
    /// For protocols without long addresses: one that is given and not used would read another instrument than meant.
    func refuseAddress(_ why: String) throws {
        guard address == nil else {
            throw DeviceError.badAddress("\(line)", why: "address= means nothing here: \(why)")
        }
    }
}

extension Connection.Line: CustomStringConvertible {
    public var description: String {
        switch self {
        case .serial(let path): path
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        }
    }
}
