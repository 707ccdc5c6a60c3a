extension MBusMeaning.Base {
    private static let times = ["s", "min", "h", "d"]

    /// Table of primary value information (EN 13757-3), codes 00 to 7A.
    init?(primary code: UInt8) {
        let n = Int(code & 7)
        let m = Int(code & 3)
        switch code {
        case 0x00...0x07: self.init("energy", "Wh", n - 3)
        case 0x08...0x0F: self.init("energy", "J", n)
        case 0x10...0x17: self.init("volume", "m3", n - 6)
        case 0x18...0x1F: self.init("mass", "kg", n - 3)
        case 0x20...0x23: self.init("on time", Self.times[m], 0)
        case 0x24...0x27: self.init("operating time", Self.times[m], 0)
        case 0x28...0x2F: self.init("power", "W", n - 3)
        case 0x30...0x37: self.init("power", "J/h", n)
        case 0x38...0x3F: self.init("volume flow", "m3/h", n - 6)
        case 0x40...0x47: self.init("volume flow", "m3/min", n - 7)
        case 0x48...0x4F: self.init("volume flow", "m3/s", n - 9)
        case 0x50...0x57: self.init("mass flow", "kg/h", n - 3)
        case 0x58...0x5B: self.init("flow temperature", "°C", m - 3)
        case 0x5C...0x5F: self.init("return temperature", "°C", m - 3)
        case 0x60...0x63: self.init("temperature difference", "K", m - 3)
        case 0x64...0x67: self.init("external temperature", "°C", m - 3)
        case 0x68...0x6B: self.init("pressure", "bar", m - 3)
        case 0x6C: self.init("date", isTime: true)
        case 0x6D: self.init("date and time", isTime: true)
        case 0x6E: self.init("heat cost allocation")
        case 0x70...0x73: self.init("averaging duration", Self.times[m], 0)
        case 0x74...0x77: self.init("actuality duration", Self.times[m], 0)
        case 0x78: self.init("fabrication number")
        case 0x79: self.init("identification")
        case 0x7A: self.init("bus address")
        case 0x7F: self.init("manufacturer's own")
        default: return nil
        }
    }

    /// The extension behind FB; units of the imperial system are left out.
    init?(extensionFB code: UInt8) {
        let n = Int(code & 1)
        switch code {
        case 0x00, 0x01: self.init("energy", "MWh", n - 1)
        case 0x08, 0x09: self.init("energy", "GJ", n - 1)
        case 0x10, 0x11: self.init("volume", "m3", n + 2)
        case 0x18, 0x19: self.init("mass", "t", n + 2)
        case 0x28, 0x29: self.init("power", "MW", n - 1)
        case 0x30, 0x31: self.init("power", "GJ/h", n - 1)
        case 0x74...0x77: self.init("temperature limit", "°C", Int(code & 3) - 3)
        case 0x78...0x7F: self.init("cumulated maximum power", "W", Int(code & 7) - 3)
        default: return nil
        }
    }

    /// The extension behind FD.
    init?(extensionFD code: UInt8) {
        switch code {
        case 0x40...0x4F: self.init("voltage", "V", Int(code & 15) - 9)
        case 0x50...0x5F: self.init("current", "A", Int(code & 15) - 12)
        case 0x24...0x27: self.init("storage interval", Self.times[Int(code & 3)], 0)
        case 0x2C...0x2F: self.init("duration since last readout", Self.times[Int(code & 3)], 0)
        case 0x31...0x33: self.init("duration of tariff", Self.times[Int(code & 3)], 0)
        case 0x34...0x37: self.init("period of tariff", Self.times[Int(code & 3)], 0)
        case 0x68: self.init("duration since last cumulation", "h", 0)
        case 0x69: self.init("duration since last cumulation", "d", 0)
        case 0x6C: self.init("operating time of battery", "h", 0)
        case 0x6D: self.init("operating time of battery", "d", 0)
        case 0x30: self.init("start of tariff", isTime: true)
        case 0x70: self.init("date of battery change", isTime: true)
        case 0x3A: self.init("number without dimension", "1", 0)
        default:
            guard let name = Self.names[code] else { return nil }
            self.init(name)
        }
    }

    private static let names: [UInt8: String] = [
        0x08: "access number", 0x09: "medium", 0x0A: "manufacturer", 0x0B: "parameter set", 0x0C: "model",
        0x0D: "hardware version", 0x0E: "firmware version", 0x0F: "software version", 0x10: "customer location",
        0x11: "customer", 0x17: "error flags", 0x18: "error mask", 0x1A: "digital output", 0x1B: "digital input",
        0x1C: "baud rate", 0x1D: "response delay", 0x1E: "retries", 0x20: "first storage number",
        0x21: "last storage number", 0x22: "size of storage block", 0x60: "reset counter", 0x61: "cumulation counter",
        0x62: "control signal", 0x63: "day of week", 0x64: "week number", 0x66: "state of parameters",
    ]
}
