import Synchronization

/// A water-meter bench on two RS-485 lines: references and room on one, the meters on the other.
public final class SimulatedWaterBench: Sendable {
    /// Units 1 flow and volume reference, 2 water temperature, 3 water pressure, 4 room temperature
    /// and humidity, 5 batch controller.
    public let references: SimulatedLine
    /// Unit n is the meter at position n.
    public let meters: SimulatedLine
    private let shared: SharedWaterBench

    /// - Parameters:
    ///   - speed: simulated seconds in a second of the wall.
    ///   - pace: baud rate to which the lines are paced, 0 for not at all.
    public init(
        _ world: WaterBenchWorld, speed: Double, pace: Int = 0,
        monotonicSeconds: @escaping @Sendable () -> Double
    ) throws {
        let shared = SharedWaterBench(world, speed: speed, monotonicSeconds: monotonicSeconds)
        func sensing(_ registers: @escaping @Sendable (WaterBenchWorld) -> [UInt16]) -> SensingBank {
            SensingBank(table: .input, world: shared, registers: registers)
        }
        self.shared = shared
        references = try SimulatedLine(
            [
                // Volume in mL, flow in 0.1 L/h.
                ModbusSlave(
                    unit: 1,
                    bank: sensing { words($0.referenceRegister * 1000) + words($0.flow * 10_000) }),
                ModbusSlave(unit: 2, bank: sensing { [word($0.waterTemperature, step: 0.01)] }),
                ModbusSlave(unit: 3, bank: sensing { [word($0.waterPressure, step: 0.1)] }),
                ModbusSlave(
                    unit: 4,
                    bank: sensing {
                        [word($0.roomTemperature, step: 0.1), word($0.roomHumidity, step: 0.1)]
                    }),
                ModbusSlave(unit: 5, bank: BatchControllerBank(world: shared)),
            ], pace: pace)
        // Volume in 0.01 L (the meters stand in verification mode), then the serial number.
        meters = try SimulatedLine(
            world.meters.indices.map { index in
                ModbusSlave(
                    unit: UInt8(index + 1),
                    bank: sensing {
                        words($0.meters[index].register * 100) + words(Double($0.meters[index].serial))
                    })
            }, pace: pace)
    }

    /// The truth, for those who judge the judges.
    public var world: WaterBenchWorld { shared.now { $0 } }

    public func stop() {
        references.stop()
        meters.stop()
    }
}
