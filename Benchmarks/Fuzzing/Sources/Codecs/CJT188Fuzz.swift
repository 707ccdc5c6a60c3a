import Metrology

struct CJT188Reference: ReferenceFormat {
    private func size(_ bytes: ArraySlice<UInt8>) -> Int? {
        let b = Array(bytes.prefix(11))
        guard b.count == 11, b[0] == 0x68, (1...4).contains(b[1] / 16), b[1] % 16 < 10, b[10] <= 128 else { return nil }
        let size = 13 + Int(b[10])
        return bytes.count >= size ? size : nil
    }

    func length(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard let size = size(bytes) else { return nil }
        let b = Array(bytes.prefix(size))
        return b[size - 1] == 0x16 && b[size - 2] == plainSum(b[..<(size - 2)]) ? size : nil
    }

    func mend(_ bytes: inout [UInt8], at start: Int) -> Int? {
        guard let size = size(bytes[start...]) else { return nil }
        bytes[start + size - 1] = 0x16
        bytes[start + size - 2] = plainSum(bytes[start..<(start + size - 2)])
        return start + size
    }
}

struct CJT188Fuzz: FuzzedCodec {
    static let name = "cjt188"
    private let checks: StreamChecks<CJT188Format, CJT188Reference>

    static func seeds(_ published: Published) -> [[UInt8]] {
        published.all("cjt188") { bytes in
            bytes.indices.contains { CJT188Reference().length(bytes[$0...]) != nil }
        }
    }

    init(_ published: Published) {
        let reference = CJT188Reference()
        checks = .init(
            format: CJT188Format(), reference: reference,
            known: Self.seeds(published).filter { reference.length($0[...]) == $0.count }, encode: { $0.bytes() })
    }

    func examine(_ input: FuzzInput, _ report: inout FuzzReport) {
        for frame in checks.examine(input, &report) {
            guard frame.data.count >= 2 else { continue }
            let identifier = UInt16(frame.data[0]) * 256 + UInt16(frame.data[1])
            for asked in [identifier, 0x901F, identifier ^ 1] {
                let request = CJT188Request(.read(asked), type: frame.type, of: frame.address)
                guard let answer = try? request.answer(in: frame) else { continue }
                report.accept()
                report.require(
                    asked == identifier || asked == identifier << 8 | identifier >> 8,
                    "an answer is of the identifier asked, in either order")
                report.require(frame.control & 0xFF == 0x81, "an answer has the function asked, and is no error")
                report.require(answer.data == frame.data, "the data are those sent")
                values(of: answer, &report)
            }
        }
    }

    private func values(of answer: CJT188Answer, _ report: inout FuzzReport) {
        if let reading = try? CJT188VolumeReading(answer) {
            report.require(
                [1, 3].contains(answer.type / 16) && [22, 25].contains(answer.data.count),
                "a volume is of a water or gas meter")
            quantity(reading.volume, answer.data[3..<7], answer.data[7], places: 2, &report)
            quantity(reading.settlement, answer.data[8..<12], answer.data[12], places: 2, &report)
            time(reading.time, answer.data[13..<20], &report)
        }
        for place in CJT188HeatReading.UnitPlace.allCases.map(Optional.some) + [nil] {
            guard let reading = try? CJT188HeatReading(answer, unitPlace: place) else { continue }
            report.require(answer.type / 16 == 2 && answer.data.count == 46, "heat is of a heat meter")
            let shift = reading.unitPlace == .afterValue ? 0 : 1
            let values = [reading.settlement, reading.energy, reading.power, reading.flow, reading.volume]
            for (index, value) in values.enumerated() {
                let start = 3 + 5 * index + shift
                let unit = answer.data[shift == 0 ? start + 4 : start - 1]
                quantity(value, answer.data[start..<(start + 4)], unit, places: nil, &report)
            }
            quantity(reading.supply, answer.data[28..<31], nil, places: 2, &report)
            quantity(reading.return, answer.data[31..<34], nil, places: 2, &report)
            quantity(reading.workingTime, answer.data[34..<37], nil, places: 0, &report)
            time(reading.time, answer.data[37..<44], &report)
        }
    }

    private func quantity(
        _ value: Result<Quantity, FrameFault>, _ bytes: ArraySlice<UInt8>, _ unit: UInt8?, places: Int?,
        _ report: inout FuzzReport
    ) {
        guard case .success(let quantity) = value else { return }
        report.accept()
        report.require(
            quantity.number.coefficient == plainDigits(bytes)
                && (places ?? quantity.number.places)
                    == quantity.number.places,
            "the value is that of the bytes")
        guard let unit else { return }
        let symbols: [UInt8: String] = [
            0x01: "J", 0x05: "kWh", 0x08: "MWh", 0x0B: "kJ", 0x0E: "MJ", 0x11: "GJ", 0x14: "W", 0x17: "kW", 0x1A: "MW",
            0x29: "L", 0x2C: "m3", 0x32: "L/h", 0x35: "m3/h",
        ]
        let due = symbols[unit].flatMap { MeasurementUnit($0) }
        report.require(due == quantity.unit, "the unit is the one whose code came")
    }

    private func time(
        _ value: Result<MeterTime, FrameFault>, _ bytes: ArraySlice<UInt8>, _ report: inout FuzzReport
    ) {
        guard case .success(let time) = value else { return }
        report.accept()
        let parts = bytes.map { byte in plainDigits([byte]).map { Int($0) } }
        let year = parts[6].flatMap { century in parts[5].map { 100 * century + $0 } }
        report.require(
            [time.second, time.minute, time.hour, time.day, time.month, time.year] == parts[0...4] + [year],
            "the clock is that of the bytes")
    }
}
