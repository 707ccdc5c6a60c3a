import Energy

extension Completeness {
    /// What `steelyard energy status` shows to people.
    var table: String {
        guard !points.isEmpty else { return Self.nothing }
        var rows: [[String]] = []
        for point in points {
            let counts = [point.key, "\(point.due)", "\(point.sampled)", "\(point.suspect)"]
            if point.destinations.isEmpty { rows.append(counts + ["", "", "", "", ""]) }
            for delivery in point.destinations {
                rows.append(
                    counts + [
                        delivery.key, "\(delivery.accepted)", "\(delivery.waiting)",
                        "\(delivery.refused)", "\(delivery.twice)",
                    ])
            }
        }
        let head = [
            "point", "due", "sampled", "suspect", "destination", "accepted", "waiting", "refused",
            "twice",
        ]
        var lines = [
            "quarter hours due until \(until) (UTC+8)", TextTable(head: head, rows: rows).text,
        ]
        for platform in platforms {
            guard let problem = platform.problem else { continue }
            lines.append("\(platform.key): \(problem)")
        }
        return lines.joined(separator: "\n")
    }

    private static let nothing =
        "nothing is collected yet: start with `steelyard energy run PLAN.yaml`"

    /// What `steelyard energy gaps` shows to people.
    var gapList: String {
        guard !points.isEmpty else { return Self.nothing }
        let twice = points.flatMap(\.destinations).reduce(0) { $0 + $1.twice }
        var lines = holes.map { hole in
            let span = hole.quarters == 1 ? hole.first : "\(hole.first) to \(hole.last)"
            let place = hole.destination.map { "\(hole.point) → \($0)" } ?? hole.point
            return "\(place): \(hole.quarters) from \(span): \(hole.reason)"
        }
        if twice > 0 { lines.append("\(twice) values were acknowledged twice") }
        if lines.isEmpty { lines = ["no gaps until \(until) (UTC+8)"] }
        return lines.joined(separator: "\n")
    }
}
