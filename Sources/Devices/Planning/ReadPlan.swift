/// The cheapest set of requests that reads every wanted span.
public struct ReadPlan: Hashable, Sendable {
    /// What requests cost, in any one unit.
    public struct Cost: Hashable, Sendable {
        public var perRequest: Double
        public var perRegister: Double

        public init(perRequest: Double, perRegister: Double) {
            self.perRequest = perRequest
            self.perRegister = perRegister
        }

        public init(_ timing: LineTiming) {
            self.init(perRequest: timing.perRequest, perRegister: timing.perRegister)
        }

        public func total(requests: Int, registers: Int) -> Double {
            Double(requests) * perRequest + Double(registers) * perRegister
        }
    }

    /// In the order of table and address.
    public let requests: [RegisterSpan]

    public var registers: Int { requests.reduce(0) { $0 + $1.count } }

    public func total(_ cost: Cost) -> Double {
        cost.total(requests: requests.count, registers: registers)
    }

    /// The time of the requests on a line.
    public func cost(_ timing: LineTiming) -> LineTiming.Cost {
        requests.reduce(LineTiming.Cost()) { $0 + timing.cost(ofRegisters: $1.count) }
    }

    /// The first request that reads all of `span`; nil where none does.
    public func request(reading span: RegisterSpan) -> RegisterSpan? {
        requests.first { $0.holds(span) }
    }

    /// Plans the reading of `wanted`, in whatever order and however often they are named.
    ///
    /// A request may hold any interval of registers that is short enough and touches none that may not be read;
    /// every part of such an interval may be read too. In a cheapest plan no request holds another, so requests
    /// ordered by their starts are ordered by their ends. Let each span belong to the first request that holds it. A
    /// span of a later request then ends behind every earlier request: it starts no earlier than its own
    /// request does, and would belong to the earlier one if it ended within. So the spans of each request are
    /// neighbours once all are sorted by their ends, also where spans overlap or hold each other, and cutting that
    /// one sequence at the best places finds the cheapest plan. The cheapest way to read the first j spans is
    /// the cheapest over the last cut i; going back from j the request only grows, so the search ends where
    /// it is first too large: n spans of which at most k fit in one request take n·k steps.
    ///
    /// Of plans that cost the same the one with fewer requests is taken, then the one with fewer registers.
    ///
    /// - Parameter cost: not negative.
    /// - Throws: ``ReadPlanError`` where a span fits no request.
    public init(reading wanted: some Sequence<RegisterSpan>, within limits: ReadLimits, at cost: Cost)
        throws(ReadPlanError)
    {
        let wanted = Set(wanted)
        // The smallest fault first, so that the same one is told whatever the order.
        for span in wanted.sorted(by: Self.byEnd) { try limits.check(span) }
        self.init(checked: wanted, within: limits, at: cost)
    }

    /// Plans what ``ReadLimits`` found to be readable.
    init(checked wanted: Set<RegisterSpan>, within limits: ReadLimits, at cost: Cost) {
        var requests: [RegisterSpan] = []
        for table in ModbusTable.allCases {
            let spans = wanted.filter { $0.table == table }.sorted(by: Self.byEnd)
            requests += Self.requests(for: spans, within: limits, at: cost)
        }
        self.requests = requests
    }

    private static func byEnd(_ a: RegisterSpan, _ b: RegisterSpan) -> Bool {
        (a.table.rawValue, a.end, a.start) < (b.table.rawValue, b.end, b.start)
    }

    /// The cheapest way to read the spans up to here, and the request it ends with.
    private struct Best {
        var requests = 0
        var registers = 0
        var total = 0.0
        var first = 0
        var start = 0

        func isBetter(than other: Best) -> Bool {
            (total, requests, registers) < (other.total, other.requests, other.registers)
        }
    }

    /// - Parameter spans: of one table, each once and readable, by their ends.
    private static func requests(
        for spans: [RegisterSpan], within limits: ReadLimits, at cost: Cost
    ) -> [RegisterSpan] {
        let together = min(limits.together, ReadLimits.mostOfTheProtocol)
        let stretch = ReadableStretches(spans, limits)
        var best = [Best()]
        for (last, span) in spans.enumerated() {
            var start = span.start
            var found: Best?
            for first in stride(from: last, through: 0, by: -1) {
                start = min(start, spans[first].start)
                guard span.end - start <= together, stretch.number(of: start) == stretch.number(of: span.start)
                else { break }
                var next = best[first]
                next.requests += 1
                next.registers += span.end - start
                next.total = cost.total(requests: next.requests, registers: next.registers)
                next.first = first
                next.start = start
                if found.map(next.isBetter) ?? true { found = next }
            }
            // A span alone always fits: it was checked.
            best.append(found ?? best[last])
        }
        var requests: [RegisterSpan] = []
        var count = spans.count
        while count > 0 {
            let end = best[count]
            requests.append(
                RegisterSpan(table: spans[0].table, start: end.start, count: spans[count - 1].end - end.start))
            count = end.first
        }
        return requests.reversed()
    }
}

/// The stretches of registers that may be read through from end to end.
struct ReadableStretches {
    /// Where each begins, ascending: what lies between two of them is not crossed.
    private let starts: [Int]

    init(_ wanted: [RegisterSpan], _ limits: ReadLimits) {
        var starts: [Int] = []
        switch limits.holes {
        case .all: break
        case .only(let offered):
            let table = wanted.first?.table
            var end = 0
            let known = (wanted + offered.filter { $0.table == table }).sorted { $0.start < $1.start }
            for span in known {
                if span.start > end { starts.append(span.start) }
                end = max(end, span.end)
            }
        }
        // No wanted span touches a refused register: a stretch may begin at it without harm.
        starts += limits.refused.map(\.lowerBound)
        self.starts = starts.sorted()
    }

    /// Stretches that begin at or before `register`.
    func number(of register: Int) -> Int {
        var (low, high) = (0, starts.count)
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] <= register { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
