import Devices

/// A serial port in JSON.
struct PortDocument: Encodable {
    let node, place, words, connection: String
    let stableName, vendor, product, serial, interface: String?
    /// In ms.
    let latencyTimer: Int?

    init(_ port: SerialPortDetails) {
        node = port.node
        place = port.place
        words = port.words
        connection = port.connection
        stableName = port.stableName
        vendor = port.vendor
        product = port.product
        serial = port.serial
        interface = port.interface
        latencyTimer = port.latency
    }
}

/// A serial port with who uses it now.
struct HeldPortDocument: Encodable {
    let port: PortDocument
    let holder: String?

    private enum Key: CodingKey { case holder }

    init(_ port: SerialPortDetails) {
        self.port = PortDocument(port)
        holder = SerialPorts.holder(of: port.node)
    }

    func encode(to encoder: any Encoder) throws {
        try port.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encodeIfPresent(holder, forKey: .holder)
    }
}
