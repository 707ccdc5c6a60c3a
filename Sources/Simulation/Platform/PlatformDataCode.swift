/// The platform's own reading of a data code; it shares nothing with the terminal's.
struct PlatformDataCode: Hashable {
    /// Two digits each but for the energy type: process, unit, equipment, number, class, type, usage.
    let fields: [String]

    /// Reads `PP-UU-EENN-CCTTTT-XX` or the same digits without hyphens; nil for anything else.
    init?(_ text: String) {
        let shape = text.map { $0.isNumber && $0.isASCII ? "9" : $0 }
        guard ["99-99-9999-999999-99", "9999999999999999"].contains(String(shape)) else {
            return nil
        }
        var digits = Substring(text.filter { $0 != "-" })
        fields = [2, 2, 2, 2, 2, 4, 2].map { width in
            let field = String(digits.prefix(width))
            digits = digits.dropFirst(width)
            return field
        }
    }

    var text: String { fields.joined() }

    /// The rule that a code breaks for what it stands for, in the platform's words; nil where none.
    ///
    /// - Parameter scope: 1 whole plant, 2 process, 3 process unit, 4 key equipment.
    func violation(scope: Int) -> String? {
        // Known public clients zero what lies below the scope; the platform's own text is not public.
        let mustBeZero = [1: 0..<4, 2: 1..<4, 3: 2..<4][scope] ?? 0..<0
        let mustNotBeZero = [2: 0..<1, 3: 1..<2, 4: 2..<4][scope] ?? 0..<0
        let names = ["生产工序", "工序单元", "重点耗能设备类型", "设备编号"]
        for index in mustBeZero where fields[index] != "00" {
            return "采集范围为\(scope)时\(names[index])编码应为00"
        }
        for index in mustNotBeZero where fields[index] == "00" {
            return "采集范围为\(scope)时\(names[index])编码不能为00"
        }
        return nil
    }
}
