import Devices
import Metrology
import Testing

/// A small instrument, what is wanted of it, and what asking costs.
private struct Case: CustomStringConvertible {
    var spans: [RegisterSpan]
    let limits: ReadLimits
    let cost: ReadPlan.Cost

    var description: String { "\(spans) \(limits) \(cost)" }

    static func random(_ random: inout SeededGenerator, most: Int = 8, width: Int = 40) -> Case {
        let together = Int.random(in: 2...16, using: &random)
        var refused: [ClosedRange<Int>] = []
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            let first = Int.random(in: 0..<width, using: &random)
            refused.append(first...(first + Int.random(in: 0...2, using: &random)))
        }
        func span() -> RegisterSpan {
            RegisterSpan(
                table: Int.random(in: 0...4, using: &random) == 0 ? .holding : .input,
                start: Int.random(in: 0..<width, using: &random), count: Int.random(in: 1...4, using: &random))
        }
        func isReadable(_ span: RegisterSpan) -> Bool {
            span.count <= together && !refused.contains { $0.overlaps(span.start...(span.end - 1)) }
        }
        let spans = (0..<Int.random(in: 1...most, using: &random)).map { _ in span() }.filter(isReadable)
        let holes: ReadLimits.Holes =
            switch Int.random(in: 0...2, using: &random) {
            case 0: .all
            case 1: .only((0..<6).map { _ in span() })
            default: .none
            }
        return Case(
            spans: spans, limits: ReadLimits(together: together, holes: holes, refused: refused),
            // Whole numbers: sums are exact, whatever their order.
            cost: .init(
                perRequest: Double(Int.random(in: 0...30, using: &random)),
                perRegister: Double(Int.random(in: 0...4, using: &random))))
    }

    /// Whether one request may read the registers of `range`, told register by register.
    func mayRead(_ table: ModbusTable, _ range: Range<Int>) -> Bool {
        range.count <= limits.together
            && range.allSatisfy { register in
                guard !limits.refused.contains(where: { $0.contains(register) }) else { return false }
                let isWanted = spans.contains { $0.table == table && ($0.start..<$0.end).contains(register) }
                switch limits.holes {
                case .all: return true
                case .only(let known):
                    return isWanted
                        || known.contains { $0.table == table && ($0.start..<$0.end).contains(register) }
                }
            }
    }

    /// The least cost over every way to share the spans out among requests.
    func leastCost() -> Double {
        var memory: [RegisterSpan: Bool] = [:]
        func mayRead(_ hull: RegisterSpan) -> Bool {
            if let known = memory[hull] { return known }
            let answer = self.mayRead(hull.table, hull.start..<hull.end)
            memory[hull] = answer
            return answer
        }
        func least(_ next: Int, _ groups: [RegisterSpan]) -> Double {
            guard next < spans.count else {
                return cost.total(requests: groups.count, registers: groups.reduce(0) { $0 + $1.count })
            }
            let span = spans[next]
            var best = least(next + 1, groups + [span])
            for (number, group) in groups.enumerated() where group.table == span.table {
                let start = min(group.start, span.start)
                let hull = RegisterSpan(table: group.table, start: start, count: max(group.end, span.end) - start)
                // A request that may not be sent is no better for being longer.
                guard mayRead(hull) else { continue }
                var groups = groups
                groups[number] = hull
                best = min(best, least(next + 1, groups))
            }
            return best
        }
        return least(0, [])
    }

    func plan() throws -> ReadPlan { try ReadPlan(reading: spans, within: limits, at: cost) }
}

@Suite struct ReadPlanTests {
    private func input(_ start: Int, _ count: Int) -> RegisterSpan {
        RegisterSpan(table: .input, start: start, count: count)
    }

    @Test(arguments: 0..<8) func noSharingOutIsCheaper(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        var merged = 0
        var overlapping = 0
        for _ in 0..<500 {
            let small = Case.random(&random)
            let plan = try small.plan()
            #expect(plan.total(small.cost) == small.leastCost(), "\(small)")
            merged += Set(small.spans).count > plan.requests.count ? 1 : 0
            let ranges = small.spans.map { $0.start..<$0.end }
            overlapping += ranges.indices.contains { a in ranges[..<a].contains { $0.overlaps(ranges[a]) } } ? 1 : 0
        }
        // The cases are such that there is something to find.
        #expect(merged > 100 && overlapping > 100)
    }

    @Test func everythingIsReadAndNothingThatMayNotBe() throws {
        var random = SeededGenerator(seed: 81)
        for _ in 0..<2000 {
            let large = Case.random(&random, most: 40, width: 120)
            let plan = try large.plan()
            for span in large.spans { #expect(plan.request(reading: span) != nil, "\(span) in \(large)") }
            for request in plan.requests {
                #expect(large.mayRead(request.table, request.start..<request.end), "\(request) in \(large)")
                #expect(large.spans.contains { request.holds($0) && $0.start == request.start }, "\(large)")
                #expect(large.spans.contains { request.holds($0) && $0.end == request.end }, "\(large)")
            }
            let alone = Set(large.spans)
            #expect(
                plan.total(large.cost)
                    <= large.cost.total(requests: alone.count, registers: alone.reduce(0) { $0 + $1.count }))
        }
    }

    @Test func theOrderOfTheChannelsChangesNothing() throws {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<500 {
            var some = Case.random(&random, most: 20, width: 60)
            let plan = try some.plan()
            some.spans.shuffle(using: &random)
            some.spans += some.spans.prefix(3)
            #expect(try some.plan() == plan, "\(some)")
        }
    }

    /// 9600 baud 8N1, turn-round 20 ms: a request costs 13 characters and twice 3.5, and 20 ms; a register 2.
    /// 20 ms are 19.2 characters, 39.2 in all: 19 registers are read over, 20 are not.
    @Test func aHoleIsReadOverWhereThatIsCheaper() throws {
        let timing = LineTiming(serial: .init(baud: 9600), spoken: .modbusRTU, turnRound: .stated(0.02))
        #expect(timing.hole == 19)
        let limits = ReadLimits(holes: .all)
        func requests(hole: Int) throws -> [RegisterSpan] {
            try ReadPlan(reading: [input(0, 2), input(2 + hole, 2)], within: limits, at: .init(timing)).requests
        }
        #expect(try requests(hole: 19) == [input(0, 23)])
        #expect(try requests(hole: 20) == [input(0, 2), input(22, 2)])
    }

    @Test func overANetworkOnlyRequestsCost() throws {
        let timing = LineTiming(serial: nil, roundTrip: 0.001, spoken: .modbusTCP)
        #expect(timing.hole == nil)
        let plan = try ReadPlan(
            reading: [input(0, 2), input(100, 2), input(140, 2)], within: ReadLimits(holes: .all),
            at: .init(timing))
        // Two requests either way: the one with fewer registers is taken.
        #expect(plan.requests == [input(0, 2), input(100, 42)])
    }

    @Test func registersOfOtherChannelsAreNoHoles() throws {
        let wanted = [input(0, 2), input(6, 2)]
        func requests(_ holes: ReadLimits.Holes) throws -> Int {
            let cost = ReadPlan.Cost(perRequest: 10, perRegister: 1)
            return try ReadPlan(reading: wanted, within: ReadLimits(holes: holes), at: cost).requests.count
        }
        #expect(try requests(.none) == 2)
        #expect(try requests(.only([input(2, 3)])) == 2)
        #expect(try requests(.only([input(2, 2), input(4, 2)])) == 1)
    }

    @Test func tablesStayApartAndSharedRegistersAreReadOnce() throws {
        let holding = RegisterSpan(table: .holding, start: 2, count: 2)
        let plan = try ReadPlan(
            reading: [input(0, 4), holding, input(3, 1), input(2, 2), input(3, 2)], within: ReadLimits(),
            at: .init(perRequest: 1, perRegister: 1))
        #expect(plan.requests == [holding, input(0, 5)])
    }

    @Test func aValueNoRequestCanHoldIsNamed() throws {
        let limits = ReadLimits(together: 8, holes: .all, refused: [10...12])
        func error(_ span: RegisterSpan) -> ReadPlanError? {
            #expect(throws: ReadPlanError.self) {
                try ReadPlan(
                    reading: [input(0, 1), span], within: limits, at: .init(perRequest: 1, perRegister: 1))
            }
        }
        #expect(error(input(20, 9)) == .tooLong(input(20, 9), together: 8))
        #expect(error(input(9, 2)) == .refused(input(9, 2), 10...12))
        #expect(error(input(65_535, 2)) == .noRegisters(input(65_535, 2)))
        #expect(error(input(3, 0)) == .noRegisters(input(3, 0)))
        #expect(
            error(input(20, 9)).map { "\($0)" } == "input registers 20 to 28 belong together, but the instrument "
                + "gives 8 at most in one request: correct together_at_most or the channel in its profile")
    }

    /// 125 registers are the protocol's limit whatever the profile says.
    @Test func noRequestOutgrowsAFrame() throws {
        let plan = try ReadPlan(
            reading: (0..<200).map { input($0, 1) }, within: ReadLimits(together: 1000),
            at: .init(perRequest: 5, perRegister: 1))
        #expect(plan.requests.map(\.count).max() == 125)
        #expect(plan.registers == 200)
        #expect(plan.requests.count == 2)
    }
}

/// The plan as an instrument on the other end of the line sees it.
@Suite(.serialized) struct PlannedReadingTests {
    private let channels = """
          a: {quantity: q, unit: V, at: 0, as: uint16}
          b: {quantity: q, unit: V, at: 5, as: uint16}
          c: {quantity: q, unit: V, at: 9, as: uint16}
        """

    private func reads(_ modbus: String) async throws -> [RecordingBank.Request] {
        let bank = RecordingBank()
        let profile = try profile(channels, modbus: modbus)
        try await withLine(bank) { lines, address in
            let device = try await lines.device(profile, at: Connection(address))
            #expect(try await device.read(["c", "a", "b"]).map { "\($0.value.number)" } == ["9", "0", "5"])
        }
        return bank.reads
    }

    @Test func holesAreReadOverWhereTheProfileSaysSo() async throws {
        #expect(try await reads("{function: input, reads_over_holes: true}") == [.init(address: 0, count: 10)])
        #expect(try await reads("{function: input}").count == 3)
    }

    @Test func aRefusedRegisterIsNeverReadOver() async throws {
        #expect(
            try await reads("{function: input, reads_over_holes: true, refused: [7]}")
                == [.init(address: 0, count: 6), .init(address: 9, count: 1)])
    }

    /// Whoever asks for a channel the profile calls refused gets the instrument's own answer, and only for it.
    @Test func whatIsNamedAlthoughRefusedIsAskedForAlone() async throws {
        #expect(
            try await reads("{function: input, reads_over_holes: true, refused: [5]}")
                == [.init(address: 0, count: 1), .init(address: 9, count: 1), .init(address: 5, count: 1)])
    }
}
