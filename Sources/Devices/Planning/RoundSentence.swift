extension RoundAdvice {
    /// What cannot be and what would help, or that it can: one sentence without its full stop.
    public var sentence: String {
        let time = forecast.seconds.inWords
        let asked = interval.inWords
        let least = forecast.isLeast ? "at least " : ""
        guard !holds else {
            let load = Int((100 * forecast.load(every: interval)).rounded(.up))
            return "\(forecast.instruments): one round takes \(least)\(time), \(load) % of the \(asked) asked for"
        }
        // Two times that read the same would contradict the verdict.
        let round = time == asked ? "a little over \(time)" : time
        return
            (["\(forecast.instruments): one round takes \(least)\(round)", "the \(asked) asked for cannot be"]
            + helps.map { $0.words(least: least) }).joined(separator: "; ")
    }

    /// The first `most` instruments by their share of the round, one line each.
    public func shares(most: Int) -> [String] {
        let ordered = forecast.shares.enumerated().sorted { a, b in
            (-a.element.cost.seconds, a.offset) < (-b.element.cost.seconds, b.offset)
        }.map(\.element)
        return ordered.prefix(most).map { share in
            let percent = Int((100 * forecast.part(of: share)).rounded())
            let what =
                share.isSilent
                ? "does not answer" : "\(share.requests) \(share.requests == 1 ? "request" : "requests")"
            return "\(share.name): \(share.cost.seconds.inWords), \(percent) % of the round, \(what)"
        }
    }
}

extension RoundForecast {
    /// `31 instruments at 2400 baud`.
    fileprivate var instruments: String {
        let number = members.count == 1 ? "1 instrument" : "\(members.count) instruments"
        return baud.map { "\(number) at \($0) baud" } ?? number
    }
}

extension RoundAdvice.Help {
    /// - Parameter least: `at least ` where a turn-round is not known.
    func words(least: String = "") -> String {
        switch self {
        case .silent(let names, let cost, let seconds):
            "\(names.listed) \(names.count == 1 ? "does" : "do") not answer and \(names.count == 1 ? "costs" : "cost") "
                + "\(cost.inWords) of it: without, \(least)\(seconds.inWords)"
        case .faster(let baud, let seconds): "\(baud) baud would make it \(least)\(seconds.inWords)"
        case .notFaster(let baud, let seconds): "even \(baud) baud would leave \(least)\(seconds.inWords)"
        case .lines(let instruments, let seconds):
            "\(instruments.count) lines of \(Self.numbers(instruments)) would make it \(least)\(seconds.inWords)"
        case .fewer(let without, let seconds):
            "without \(without.listed) it would take \(least)\(seconds.inWords)"
        case .dearest(let channel, let cost, let seconds):
            "\(channel) costs most, \(cost.inWords): without it \(least)\(seconds.inWords)"
        case .longer(let interval): "the shortest interval that holds is \(least)\(interval.inWords)"
        }
    }

    private static func numbers(_ instruments: [Int]) -> String {
        let most = instruments.max() ?? 0
        let least = instruments.min() ?? 0
        return most == least ? "\(most)" : "\(least) to \(most)"
    }
}

extension [String] {
    /// `a, b and c`.
    fileprivate var listed: String {
        guard count > 1, let last else { return joined() }
        return dropLast().joined(separator: ", ") + " and " + last
    }
}

extension Double {
    /// Seconds in three figures: `8.4 s`, `62.5 ms`, `12.4 s`, `950 s`.
    var inWords: String {
        guard isFinite, self >= 0, self < 1e9 else { return "\(self) s" }
        let isSmall = self < 0.9995
        let value = isSmall ? self * 1000 : self
        let places = value < 9.995 ? 100.0 : value < 99.95 ? 10.0 : 1.0
        let rounded = (value * places).rounded() / places
        let text = rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
        return text + (isSmall ? " ms" : " s")
    }
}
