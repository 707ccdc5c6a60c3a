import Synchronization

/// A world shared by the instruments in it; time passes in it `speed` times as fast as on the wall.
final class SharedWaterBench: Sendable {
    private struct State {
        var world: WaterBenchWorld
        var lastSeen: Double
    }

    private let state: Mutex<State>
    private let speed: Double
    private let monotonicSeconds: @Sendable () -> Double

    init(
        _ world: WaterBenchWorld, speed: Double, monotonicSeconds: @escaping @Sendable () -> Double
    ) {
        state = Mutex(State(world: world, lastSeen: monotonicSeconds()))
        self.speed = speed
        self.monotonicSeconds = monotonicSeconds
    }

    /// The world as it is now.
    func now<T: Sendable>(_ body: (inout WaterBenchWorld) -> T) -> T {
        state.withLock { state in
            let time = monotonicSeconds()
            state.world.advance(by: (time - state.lastSeen) * speed)
            state.lastSeen = time
            return body(&state.world)
        }
    }
}

/// An instrument whose registers are computed from the world when they are asked for.
struct SensingBank: RegisterBank {
    let table: RegisterTable
    let world: SharedWaterBench
    /// All registers, from address 0.
    let registers: @Sendable (WaterBenchWorld) -> [UInt16]

    func read(
        _ table: RegisterTable, address: Int, count: Int
    ) -> Result<[UInt16], SlaveException> {
        guard table == self.table else { return .failure(.illegalFunction) }
        let all = world.now { registers($0) }
        guard address + count <= all.count else { return .failure(.illegalAddress) }
        return .success(Array(all[address..<(address + count)]))
    }

    func write(address: Int, values: [UInt16]) -> SlaveException? { .illegalFunction }
}

/// The batch controller: opens the valve at a set flow and closes it after a preset volume.
///
/// Holding registers: 0 flow in 0.1 L/h, 1 volume in 0.1 L, 2 command (1 start, 0 stop).
/// Input registers: 0 state (0 idle, 1 running, 2 complete), 1–2 duration of the batch in 0.1 s.
struct BatchControllerBank: RegisterBank {
    let world: SharedWaterBench

    func read(
        _ table: RegisterTable, address: Int, count: Int
    ) -> Result<[UInt16], SlaveException> {
        let all: [UInt16] = world.now { world in
            switch table {
            case .holding:
                [
                    UInt16(clamping: Int((world.preset.flow * 10_000).rounded())),
                    UInt16(clamping: Int((world.preset.volume * 10).rounded())),
                    world.isRunning ? 1 : 0,
                ]
            case .input:
                [world.isRunning ? 1 : world.isComplete ? 2 : 0]
                    + words(world.batchDuration * 10)
            case .coil, .discrete: []
            }
        }
        guard address + count <= all.count else { return .failure(.illegalAddress) }
        return .success(Array(all[address..<(address + count)]))
    }

    func write(address: Int, values: [UInt16]) -> SlaveException? {
        guard address + values.count <= 3 else { return .illegalAddress }
        return world.now { world in
            for (index, value) in values.enumerated() {
                switch address + index {
                case 0: world.set(flow: Double(value) / 10_000)
                case 1: world.set(volume: Double(value) / 10)
                default:
                    switch value {
                    case 0: world.stopBatch()
                    case 1: world.startBatch()
                    default: return .illegalValue
                    }
                }
            }
            return nil
        }
    }
}

/// The two registers of an unsigned 32-bit value, most significant first, what is below its last digit cut off.
func words(_ value: Double) -> [UInt16] {
    let bits = UInt32(clamping: Int(value.rounded(.down)))
    return [UInt16(bits >> 16), UInt16(truncatingIfNeeded: bits)]
}

/// The register of a signed value in steps of `step`.
func word(_ value: Double, step: Double) -> UInt16 {
    UInt16(bitPattern: Int16(clamping: Int((value / step).rounded())))
}
