import Certification

/// 证书: is this paper genuine, and what does it say?
struct CertificatePages: Sendable {
    func list(_ all: [Certificates.Issued]) -> Page {
        let rows = all.reversed().map { issued -> Markup in
            let document = issued.document
            return """
                <tr><td><a href="/certificates/\(issued.number)">\(issued.number)</a></td><td>\(document.title.zh)</td>\
                <td>\(document.instrument.name.zh) \(document.instrument.serial)</td><td>\(document.conclusion.zh)</td>\
                <td>\(document.verified_on)</td><td>\(document.valid_until?.value ?? "—")</td></tr>
                """
        }
        return Page(
            title: "签发了什么？", english: "What was issued?",
            isDemonstration: all.contains(where: \.document.demonstration),
            content: """
                <p class="big">\(all.count)</p><table><tr><th>编号</th><th>种类</th><th>器具</th><th>结论</th>\
                <th>检定日期</th><th>有效期至</th></tr>\(rows)</table>
                """)
    }

    /// - Parameter isGenuine: whether signatures and record fit, checked for this very answer.
    func one(_ issued: Certificates.Issued, isGenuine: Bool) -> Page {
        let document = issued.document
        let answer: Markup =
            isGenuine
            ? "<p class=\"big good\">✓ 真实 <small>genuine: record and three signatures fit</small></p>"
            : "<p class=\"big bad\">✗ 不实 <small>NOT genuine: record or signatures do not fit</small></p>"
        let tables = document.tables.map { table -> Markup in
            let head = table.columns.map { column -> Markup in
                "<th>\(column.label.zh)\(column.unit.map { " / \($0)" } ?? "")</th>"
            }
            let rows = table.rows.enumerated().map { index, row -> Markup in
                let style: Markup = table.failed_rows.contains(index) ? " class=\"bad\"" : ""
                return "<tr\(style)>\(row.map { cell -> Markup in "<td>\(cell)</td>" })</tr>"
            }
            return "<h1>\(table.title.zh)<small>\(table.title.en)</small></h1><table><tr>\(head)</tr>\(rows)</table>"
        }
        let chain = document.chain.map { link -> Markup in
            """
            <tr><td class="n">\(link.level)</td><td>\(link.what)</td><td>\(link.certificate)</td><td>\(link.issuer)</td>\
            <td>\(link.uncertainty)</td><td>\(link.valid_until)</td></tr>
            """
        }
        return Page(
            title: "\(document.title.zh) \(issued.number)", english: document.title.en,
            isDemonstration: document.demonstration,
            content: """
                \(answer)
                <table><tr><th>器具 instrument</th><td>\(document.instrument.name.zh) \(document.instrument.maker) \
                \(document.instrument.model) № \(document.instrument.serial)</td></tr>
                <tr><th>结论 conclusion</th><td>\(document.conclusion.zh)</td></tr>
                <tr><th>依据 regulation</th><td>\(document.regulation.number) \(document.regulation.title.zh)</td></tr>
                <tr><th>检定日期 verified on</th><td>\(document.verified_on)</td></tr>
                <tr><th>\(document.valid_until?.label.zh ?? "有效期至")</th><td>\(document.valid_until?.value ?? "—")</td></tr>
                <tr><th>签字 signed by</th><td>\(document.signatures.map(\.name).joined(separator: "，"))</td></tr>
                <tr><th>记录 record</th><td>\(issued.record) <span class="soft">sha256 \(document.record_digest)</span></td></tr>
                </table>\(tables)
                <h1>量值溯源<small>traceability</small></h1>
                <table><tr><th>级</th><th>计量器具</th><th>证书</th><th>发证机构</th><th>不确定度</th><th>有效至</th></tr>\
                \(chain)</table>
                """)
    }
}
