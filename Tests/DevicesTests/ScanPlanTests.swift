import Devices
import Testing

/// What a scan asks, in which order, and how long that takes.
@Suite struct ScanPlanTests {
    private func scope(
        _ protocols: Set<ScanProtocol>, speeds: [Int] = [9600, 2400], parities: [Connection.Parity] = [.none, .even],
        units: [Int] = [1, 2, 50], timeout: Int = 150
    ) -> ScanPlan.Scope {
        .init(
            isSerial: true, speeds: speeds, parities: parities, protocols: protocols, units: units, timeout: timeout)
    }

    private func serial(_ baud: Int, _ parity: Connection.Parity) -> LineTiming.Serial {
        .init(baud: baud, parity: parity)
    }

    @Test func whatIsLikelyIsAskedFirst() throws {
        let plan = ScanPlan(scope([.dlt645, .modbus]))
        let first = plan.tries.prefix(4)
        #expect(
            first.elementsEqual([
                ScanTry(.modbusRegister(unit: 1, .rtu), at: serial(9600, .none)),
                ScanTry(.modbusRegister(unit: 2, .rtu), at: serial(9600, .none)),
                ScanTry(.dlt645Address, at: serial(2400, .even)),
                ScanTry(.dlt645Energy(.of2007), at: serial(2400, .even)),
            ]))
        // The unit nobody has from the factory comes after everything likely at every speed.
        let rare = try #require(plan.tries.firstIndex { $0.question == .modbusRegister(unit: 50, .rtu) })
        let likely = try #require(plan.tries.lastIndex { $0.question == .modbusRegister(unit: 2, .rtu) })
        let meters = try #require(plan.tries.lastIndex { $0.question == .dlt645Energy(.of1997) })
        #expect(rare > likely && rare > meters)
        #expect(plan.tries[rare].serial == serial(9600, .none))
        // And the second question to silent units after all first ones.
        let again = try #require(
            plan.tries.firstIndex { if case .modbusIdentity = $0.question { true } else { false } })
        #expect(plan.tries[..<again].count { $0.question.spoken == .modbus } == 4 * 3)
    }

    @Test func everyTryIsMadeOnceAtEverySpeedAndParity() {
        let plan = ScanPlan(scope(Set(ScanProtocol.allCases)))
        // Eight questions to any meter or instrument, and two to each of three units, in four settings.
        #expect(plan.tries.count == 4 * (8 + 2 * 3) && Set(plan.tries).count == plan.tries.count)
        #expect(
            ScanPlan(scope([.scpi], speeds: [300], parities: [.odd])).tries == [ScanTry(.scpi, at: serial(300, .odd))])
        let usual = ScanPlan(.init(isSerial: true))
        #expect(usual.tries.count == 16 * (8 + 2 * 247))
    }

    @Test func aNetworkHasNoSpeedAndTwoFramings() {
        let plan = ScanPlan(.init(isSerial: false, protocols: [.modbus], units: [7]))
        #expect(
            plan.tries == [
                .init(.modbusRegister(unit: 7, .tcp), at: nil), .init(.modbusRegister(unit: 7, .rtu), at: nil),
                .init(.modbusIdentity(unit: 7, .tcp), at: nil), .init(.modbusIdentity(unit: 7, .rtu), at: nil),
            ])
        #expect((plan.seconds - 4 * 0.15).magnitude < 1e-9)
    }

    /// Eight bytes of ten bits at 9600 baud are 8.33 ms; with the rest of 20 ms and 150 ms of waiting, 178.33 ms a try.
    @Test func theTimeIsThatOfTheTriesAndTheirTimeOuts() {
        let one = ScanTry(.modbusRegister(unit: 1, .rtu), at: serial(9600, .none))
        #expect((one.seconds(timeout: 150) - 0.178_333).magnitude < 1e-5)
        let slow = ScanTry(.modbusRegister(unit: 1, .rtu), at: serial(1200, .even))
        #expect((slow.seconds(timeout: 1000) - (1.02 + 88.0 / 1200)).magnitude < 1e-9)
        let plan = ScanPlan(scope([.modbus], speeds: [9600], parities: [.none], units: Array(1...247)))
        let sweep = plan.tries.filter { $0.question.words.hasSuffix("\(1)") }
        #expect(sweep.count > 0 && plan.seconds > 494 * 0.17 && plan.seconds < 494 * 0.19)
    }
}
