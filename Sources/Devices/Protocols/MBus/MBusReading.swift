public import Metrology

extension DeviceProfile.ProtocolSettings.MBus {
    /// Whether a telegram comes from an instrument of this profile, by its fixed header.
    public func fits(_ header: MBusHeader) -> Bool {
        (manufacturer ?? header.manufacturer) == header.manufacturer && (version ?? header.version) == header.version
            && (medium ?? header.medium) == header.medium
    }
}

extension DeviceProfile.Record {
    /// Whether `record` is the one meant, as far as place and meaning go; its data may be coded otherwise.
    private func names(_ record: MBusRecord) -> Bool {
        record.vif == vif && record.storage == storage && record.tariff == tariff && record.subunit == subunit
    }

    /// The record in the telegrams of one answer. Its place does not count, for it changes with the firmware.
    ///
    /// - Throws: ``FrameFault/notAvailable`` where the meter sends it as a value during an error,
    ///   ``FrameFault/otherIdentifier(asked:answered:)`` where it is not there, ``FrameFault/malformed(_:)``
    ///   where it is there twice with different values.
    public func find(in telegrams: [MBusTelegram]) throws(FrameFault) -> MBusRecord {
        let named = telegrams.flatMap(\.records).filter(names)
        let found = named.filter { $0.function == function && $0.dif == dif }
        guard let record = found.first else {
            if named.contains(where: { $0.function == .duringError }) { throw .notAvailable }
            let others = telegrams.flatMap(\.records).map { "\($0.dif) \($0.vif)" }.joined(separator: ", ")
            throw .otherIdentifier(asked: "\(dif) \(vif)", answered: others.isEmpty ? "no record" : others)
        }
        guard found.allSatisfy({ $0.content == record.content }) else {
            throw .malformed("\(found.count) records \(dif) \(vif) with different values")
        }
        return record
    }
}

extension DeviceProfile.Channel {
    /// The number of this channel in its unit, from the telegrams of one answer: pure, the same bytes say the same
    /// for ever.
    ///
    /// - Throws: ``FrameFault`` as ``DeviceProfile/Record/find(in:)`` and ``MBusRecord/raw()``;
    ///   ``FrameFault/unsupported(_:)`` where the channel stands in no record.
    public func number(in telegrams: [MBusTelegram]) throws(FrameFault) -> ExactDecimal {
        for case .record(let record) in ways { return try record.find(in: telegrams).raw() * record.scale }
        throw .unsupported("the channel '\(name)' in a telegram")
    }
}
