import Synchronization

/// A channel as its instrument holds it.
public struct SimulatedChannel: Sendable {
    public enum Content: Sendable {
        case number(SimulatedValue)
        case text(String)
    }

    public let name: String
    public let place: RegisterLayout
    public let content: Content
    /// Whether a master may set it.
    public let isWritable: Bool

    public init(_ name: String, at place: RegisterLayout, _ content: Content, isWritable: Bool = false) {
        self.name = name
        self.place = place
        self.content = content
        self.isWritable = isWritable
    }
}

/// The registers of an instrument, made from its channels; what no channel stands in is refused.
public final class RegisterImage: RegisterBank {
    private struct Place: Hashable {
        let table: RegisterTable
        let address: Int
    }

    private let channels: [SimulatedChannel]
    /// Which channels stand in a register, in the order of the list.
    private let owners: [Place: [Int]]
    private let faults: InstrumentFaults
    private let readsOverHoles: Bool
    private let written = Mutex<[Place: UInt16]>([:])

    /// - Parameters:
    ///   - readsOverHoles: whether a reading that begins and ends in channels gets zeros between them.
    ///   - faults: of values; the wire has its own.
    public init(_ channels: [SimulatedChannel], readsOverHoles: Bool = false, faults: InstrumentFaults = .init()) {
        self.channels = channels
        self.readsOverHoles = readsOverHoles
        self.faults = faults
        var owners: [Place: [Int]] = [:]
        for (index, channel) in channels.enumerated() {
            for address in channel.place.range {
                owners[Place(table: channel.place.table, address: address), default: []].append(index)
            }
        }
        self.owners = owners
    }

    public func read(_ table: RegisterTable, address: Int, count: Int) -> Result<[UInt16], SlaveException> {
        read(table, address: address, count: count, at: 0)
    }

    public func read(
        _ table: RegisterTable, address: Int, count: Int, at time: Double
    ) -> Result<[UInt16], SlaveException> {
        let places = (address..<(address + count)).map { Place(table: table, address: $0) }
        let isKnown = places.map { owners[$0] != nil }
        guard isKnown.allSatisfy(\.self) || (readsOverHoles && isKnown.first == true && isKnown.last == true) else {
            return .failure(.illegalAddress)
        }
        let disturbance = faults.disturbance(at: time)
        var words: [Int: [UInt16]] = [:]
        let written = written.withLock { $0 }
        return .success(
            places.map { place in
                if let value = written[place] { return value }
                var register: UInt16 = 0
                var taken: UInt16 = 0
                for owner in owners[place] ?? [] {
                    let channel = channels[owner]
                    let held = words[owner] ?? channel.registers(at: time, disturbance)
                    words[owner] = held
                    // Where two channels tell the same bits in their own ways, the first says what stands there.
                    let mask = channel.place.mask & ~taken
                    register |= held[place.address - channel.place.address] & mask
                    taken |= mask
                }
                return register
            })
    }

    public func write(address: Int, values: [UInt16]) -> SlaveException? {
        take(.holding, address, values)
    }

    public func write(coils values: [Bool], address: Int) -> SlaveException? {
        take(.coil, address, values.map { $0 ? 1 : 0 })
    }

    private func take(_ table: RegisterTable, _ address: Int, _ values: [UInt16]) -> SlaveException? {
        let places = values.indices.map { Place(table: table, address: address + $0) }
        guard places.allSatisfy({ (owners[$0] ?? []).contains { channels[$0].isWritable } }) else {
            return .illegalAddress
        }
        written.withLock { written in
            for (place, value) in zip(places, values) { written[place] = value }
        }
        return nil
    }
}

extension SimulatedChannel {
    func registers(at time: Double, _ disturbance: ValueDisturbance) -> [UInt16] {
        switch content {
        case .number(let value): place.registers(value.number(at: time, disturbance))
        case .text(let text): place.registers(text)
        }
    }
}
