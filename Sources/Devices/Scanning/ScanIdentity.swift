/// Who answered a question of a scan.
enum ScanIdentity: Hashable, Sendable {
    /// With what it says of itself (function 43), by object number.
    case modbus(unit: Int, Exchange.Framing, objects: [UInt8: String])
    case dlt645(DLT645Edition, DLT645Address)
    case cjt188(type: UInt8, CJT188Address)
    case mbus(address: UInt8, MBusHeader?)
    /// What it answered, by what it was asked.
    case text(TextFlavour, answers: [String: String])

    func spoken(isSerial: Bool) -> DeviceProtocol {
        switch self {
        case .modbus(_, .tcp, _): .modbusTCP
        case .modbus(_, .ascii, _): .modbusASCII
        case .modbus: isSerial ? .modbusRTU : .modbusRTUOverTCP
        case .dlt645(.of2007, _): .dlt645Of2007
        case .dlt645(.of1997, _): .dlt645Of1997
        case .cjt188: .cjt188
        case .mbus: .mbus
        case .text: .text
        }
    }

    func connection(_ asker: ScanAsker) -> String {
        switch self {
        case .modbus(let unit, let framing, _):
            // On a serial line it is what an address means anyway.
            asker.serial == nil
                ? asker.address("unit=\(unit)", "framing=\(framing.rawValue)") : asker.address("unit=\(unit)")
        case .dlt645(_, let address): asker.address("address=\(address)")
        case .cjt188(_, let address): asker.address("address=\(address)")
        case .mbus(let address, let header):
            // Beyond those an instrument is reached by its identification only.
            (1...247).contains(address) || header == nil
                ? asker.address("unit=\(address)") : asker.address("address=\(header?.identification ?? "")")
        case .text: asker.address()
        }
    }

    /// For a person.
    var says: [String] {
        switch self {
        case .modbus(_, _, let objects):
            objects.sorted { $0.key < $1.key }.map { number, text in
                let names = ModbusIdentification.names
                return "\(names.indices.contains(Int(number)) ? names[Int(number)] : "object \(number)"): \(text)"
            }
        case .dlt645(_, let address): ["address: \(address)"]
        case .cjt188(let type, let address):
            ["address: \(address)", "type: \(CJT188Kind.name(ofType: type) ?? Int(type).hexadecimal)"]
        case .mbus(_, let header?):
            [
                "identification: \(header.identification)",
                "manufacturer: \(header.manufacturer ?? "no three letters")",
                "version: \(header.version)",
                "medium: \(MBusMedium.name(header.medium) ?? Int(header.medium).hexadecimal)",
            ]
        case .mbus(_, nil): []
        case .text(_, let answers): answers.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        }
    }
}
