extension Connection {
    var isSerial: Bool {
        if case .serial = line { true } else { false }
    }
}

extension DeviceProfile {
    /// How Modbus frames are told from each other at `connection`: as it says, else as the instrument leaves the factory.
    func framing(at connection: Connection) -> Exchange.Framing {
        if let stated = connection.framing { return stated }
        if connection.isSerial {
            return protocols.contains(.modbusASCII) && !protocols.contains(.modbusRTU) ? .ascii : .rtu
        }
        // A serial instrument on the network stands behind a gateway, which speaks Modbus TCP unless somebody says otherwise.
        return protocols.contains(.modbusRTUOverTCP) && !protocols.contains(.modbusTCP) ? .rtu : .tcp
    }

    func spokenModbus(at connection: Connection) -> DeviceProtocol {
        switch (framing(at: connection), connection.isSerial) {
        case (.ascii, _): .modbusASCII
        case (.tcp, _): .modbusTCP
        case (.rtu, true): .modbusRTU
        case (.rtu, false): .modbusRTUOverTCP
        }
    }
}
