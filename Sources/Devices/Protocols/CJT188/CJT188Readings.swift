public import Metrology

/// What a water or gas meter of CJ/T 188 says under identifier 901F.
public struct CJT188VolumeReading: Hashable, Sendable {
    public let volume: Result<Quantity, FrameFault>
    /// At the last settlement.
    public let settlement: Result<Quantity, FrameFault>
    public let time: Result<MeterTime, FrameFault>
    /// Two bytes for ``CJT188Status``; which of them says what differs between makers.
    public let status: [UInt8]

    /// The 22 bytes of the edition of 2004; newer meters put three bytes between time and status, which are skipped.
    ///
    /// A value that is missing does not hide the others.
    ///
    /// - Throws: ``FrameFault/unsupported(_:)`` for another kind of meter or another identifier,
    ///   ``FrameFault/wrongLength(said:found:)``.
    public init(_ answer: CJT188Answer) throws(FrameFault) {
        try answer.require([.water, .gas])
        guard [22, 25].contains(answer.data.count) else { throw .wrongLength(said: 22, found: answer.data.count) }
        volume = answer.quantity(at: 3, unitAt: 7, like: "m3")
        settlement = answer.quantity(at: 8, unitAt: 12, like: "m3")
        time = Result { () throws(FrameFault) in try answer.time(at: 13) }
        status = Array(answer.data.suffix(2))
    }
}

/// What a heat meter of CJ/T 188 says under identifier 901F.
public struct CJT188HeatReading: Hashable, Sendable {
    /// Where the byte stands that names the unit of a value.
    public enum UnitPlace: String, Hashable, Sendable, CaseIterable {
        case afterValue, beforeValue
    }

    /// Which of the two energies comes first.
    public enum EnergyOrder: String, Hashable, Sendable, CaseIterable {
        case settlementFirst, currentFirst
    }

    public let unitPlace: UnitPlace
    public let energy, settlement: Result<Quantity, FrameFault>
    public let power, flow, volume: Result<Quantity, FrameFault>
    /// In °C.
    public let supply, `return`: Result<Quantity, FrameFault>
    /// In h.
    public let workingTime: Result<Quantity, FrameFault>
    public let time: Result<MeterTime, FrameFault>
    /// Two bytes for ``CJT188Status``; which of them says what differs between makers.
    public let status: [UInt8]

    /// - Parameters:
    ///   - unitPlace: of this maker; nil where the bytes shall tell. They do when one place alone holds a unit of the
    ///     right kind beside each of the five values.
    ///   - order: of this maker.
    /// - Throws: ``FrameFault/unsupported(_:)`` for another kind of meter or another identifier,
    ///   ``FrameFault/wrongLength(said:found:)`` unless there are 46 bytes, ``FrameFault/unknownUnit(_:)`` where no
    ///   place holds units, ``FrameFault/malformed(_:)`` where both do.
    public init(
        _ answer: CJT188Answer, unitPlace: UnitPlace? = nil, order: EnergyOrder = .settlementFirst
    ) throws(FrameFault) {
        try answer.require([.heat])
        guard answer.data.count == 46 else { throw .wrongLength(said: 46, found: answer.data.count) }
        let place: UnitPlace
        if let unitPlace { place = unitPlace } else { place = try Self.place(in: answer) }
        let values = Self.fields.map { field in
            answer.quantity(
                at: field.offset + place.valueShift, unitAt: field.offset + place.unitShift, like: field.like)
        }
        self.unitPlace = place
        (settlement, energy) = order == .settlementFirst ? (values[0], values[1]) : (values[1], values[0])
        (power, flow, volume) = (values[2], values[3], values[4])
        supply = answer.quantity(at: 28, places: 2, .celsius)
        `return` = answer.quantity(at: 31, places: 2, .celsius)
        workingTime = MeasurementUnit("h").map { answer.quantity(at: 34, places: 0, $0) } ?? .failure(.unknownUnit("h"))
        time = Result { () throws(FrameFault) in try answer.time(at: 37) }
        status = Array(answer.data.suffix(2))
    }

    /// Five bytes each: a value of four and its unit.
    private static let fields = [(3, "kWh"), (8, "kWh"), (13, "kW"), (18, "m3/h"), (23, "m3")].map { offset, like in
        (offset: offset, like: like)
    }

    private static func place(in answer: CJT188Answer) throws(FrameFault) -> UnitPlace {
        let fitting = UnitPlace.allCases.filter { place in
            fields.allSatisfy { answer.hasUnit(at: $0.offset + place.unitShift, like: $0.like) }
        }
        guard let place = fitting.first else {
            throw .unknownUnit("beside one of the values, before it or after it")
        }
        guard fitting.count == 1 else { throw .malformed("units may stand before or after the values") }
        return place
    }
}

extension CJT188HeatReading.UnitPlace {
    fileprivate var valueShift: Int { self == .afterValue ? 0 : 1 }
    fileprivate var unitShift: Int { self == .afterValue ? 4 : 0 }
}

extension CJT188Answer {
    private static let reading: Set<[UInt8]> = [[0x90, 0x1F], [0x1F, 0x90]]

    fileprivate func require(_ kinds: Set<CJT188Kind>) throws(FrameFault) {
        guard let kind = CJT188Kind(type: type), kinds.contains(kind) else {
            throw .unsupported("a meter of type \(Int(type).hexadecimal)")
        }
        guard Self.reading.contains(Array(data.prefix(2))) else {
            throw .unsupported("the identifier \(data.prefix(2).spacedHexadecimal)")
        }
    }

    fileprivate func hasUnit(at offset: Int, like symbol: String) -> Bool {
        guard let unit = try? unit(at: offset) else { return false }
        return unit.dimension == MeasurementUnit(symbol)?.dimension
    }

    /// A value of four bytes with the two decimals of volumes and energies, or the four of flows.
    fileprivate func quantity(at offset: Int, unitAt: Int, like symbol: String) -> Result<Quantity, FrameFault> {
        Result { () throws(FrameFault) in
            let number = try number(at: offset, count: 4, places: symbol == "m3/h" ? 4 : 2)
            let unit = try unit(at: unitAt)
            guard unit.dimension == MeasurementUnit(symbol)?.dimension else {
                throw .unknownUnit("\(unit.symbol) of a value in \(symbol)")
            }
            return Quantity(number, unit)
        }
    }

    fileprivate func quantity(at offset: Int, places: Int, _ unit: MeasurementUnit) -> Result<Quantity, FrameFault> {
        Result { () throws(FrameFault) in Quantity(try number(at: offset, count: 3, places: places), unit) }
    }
}
