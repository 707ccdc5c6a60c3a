import Capabilities

/// A head, a rule and rows, aligned for a terminal.
struct TextTable {
    let head: [String]
    let rows: [[String]]

    var text: String {
        var table = AlignedTable()
        table.add(head)
        let widths = head.indices.map { column in
            ([head] + rows).map { AlignedTable.cells(of: $0[column]) }.max() ?? 0
        }
        table.add(widths.map { String(repeating: "─", count: $0) })
        for row in rows { table.add(row) }
        return table.text
    }
}
