import Energy

/// 能源上报: has everything arrived?
struct EnergyPage: Sendable {
    func page(_ found: Completeness) -> Page {
        let answer: Markup =
            if found.points.isEmpty {
                "<p class=\"big soft\">没有采集数据项 <small>no metering point: start <code>steelyard energy run PLAN</code></small></p>"
            } else if found.isComplete {
                "<p class=\"big good\">✓ 100 % <small>complete until \(found.until) (UTC+8)</small></p>"
            } else {
                "<p class=\"big bad\">✗ 缺 \(found.missing.count) <small>missing until \(found.until) (UTC+8)</small></p>"
            }
        let rows = found.points.flatMap { point in
            point.destinations.map { delivery -> Markup in
                """
                <tr><td>\(point.name)</td><td>\(point.dataCode)</td><td class="n">\(point.due)</td><td class="n">\(point.sampled)</td>\
                <td>\(delivery.key)</td><td class="n">\(delivery.accepted)</td><td class="n">\(delivery.waiting)</td>\
                <td class="n">\(delivery.refused)</td><td class="n">\(delivery.twice)</td></tr>
                """
            }
        }
        let holes = found.holes.map { hole -> Markup in
            "<tr><td>\(hole.point)</td><td>\(hole.first) … \(hole.last)</td><td class=\"n\">\(hole.quarters)</td><td>\(hole.reason)</td></tr>"
        }
        return Page(
            title: "能源数据都到了吗？", english: "Has all energy data arrived?",
            content: """
                \(answer)<table><tr><th>采集数据项</th><th>编码</th><th>应有</th><th>已采</th><th>平台</th><th>已收</th>\
                <th>待发</th><th>被拒</th><th>重复</th></tr>\(rows)</table>
                <table>\(holes)</table>
                """)
    }
}
