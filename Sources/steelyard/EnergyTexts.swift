import Energy

extension Completeness {
    /// What `steelyard energy status` shows to people.
    var table: String {
        var rows = [
            ["point", "due", "sampled", "suspect", "destination", "accepted", "waiting", "refused", "twice"]
        ]
        for point in points {
            let counts = ["\(point.due)", "\(point.sampled)", "\(point.suspect)"]
            if point.destinations.isEmpty { rows.append([point.key] + counts) }
            for delivery in point.destinations {
                rows.append(
                    [point.key] + counts + [
                        delivery.key, "\(delivery.accepted)", "\(delivery.waiting)",
                        "\(delivery.refused)", "\(delivery.twice)",
                    ])
            }
        }
        var lines = ["quarter hours due until \(until) (UTC+8)"] + aligned(rows)
        for platform in platforms {
            guard let problem = platform.problem else { continue }
            lines.append("\(platform.key): \(problem)")
        }
        if points.isEmpty { lines.append("nothing is collected yet: start with `steelyard energy run PLAN.yaml`") }
        return lines.joined(separator: "\n")
    }

    /// What `steelyard energy gaps` shows to people.
    var gapList: String {
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

/// Columns as wide as their widest cell, two blanks apart.
private func aligned(_ rows: [[String]]) -> [String] {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
        rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
        let padded = zip(row.dropLast(), widths).map { cell, width in
            cell + String(repeating: " ", count: width - cell.count)
        }
        return (padded + row.suffix(1)).joined(separator: "  ")
    }
}
