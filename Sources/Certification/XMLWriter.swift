/// Writes elements as XML 1.0 text in UTF-8: the same elements always give the same bytes.
///
/// Two spaces a level, one element a line, text directly between its tags. Source: W3C, Extensible
/// Markup Language (XML) 1.0, fifth edition, 2.2 (characters) and 2.4 (escaping).
struct XMLWriter {
    private var output = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

    /// - Throws: ``CalibrationCertificateError/forbiddenCharacter(codePoint:place:)`` where a text
    ///   cannot be written in XML at all.
    static func text(of root: CertificateElement) throws -> String {
        var writer = XMLWriter()
        try writer.write(root, depth: 0)
        return writer.output
    }

    private mutating func write(_ element: CertificateElement, depth: Int) throws {
        let indent = String(repeating: "  ", count: depth)
        output += "\(indent)<\(element.name)"
        for attribute in element.attributes {
            output += " \(attribute.name)=\""
            try escape(attribute.value, place: "the attribute \(attribute.name)", inAttribute: true)
            output += "\""
        }
        guard !element.children.isEmpty || !element.text.isEmpty else {
            output += "/>\n"
            return
        }
        output += ">"
        try escape(element.text, place: "the text of \(element.name)", inAttribute: false)
        if !element.children.isEmpty {
            output += "\n"
            for child in element.children {
                try write(child, depth: depth + 1)
            }
            output += indent
        }
        output += "</\(element.name)>\n"
    }

    private mutating func escape(_ text: String, place: String, inAttribute: Bool) throws {
        // By scalar: a character such as CR+LF is two of them, and each has its own fate.
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            // Only the end of a CDATA section has to be escaped, but a lone '>' is easily misread.
            case ">": output += "&gt;"
            case "\"" where inAttribute: output += "&quot;"
            // A reader turns these into blanks unless they come as references.
            case "\r": output += "&#13;"
            case "\n" where inAttribute, "\t" where inAttribute: output += "&#\(scalar.value);"
            case "\n", "\t": output.unicodeScalars.append(scalar)
            default:
                guard Self.allows(scalar) else {
                    throw CalibrationCertificateError.forbiddenCharacter(
                        codePoint: scalar.value, place: place)
                }
                output.unicodeScalars.append(scalar)
            }
        }
    }

    /// XML 1.0 forbids the C0 controls and the two non-characters of the first plane. The C1
    /// controls it only discourages; in a name they are always a damaged encoding.
    private static func allows(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0xFFFE, 0xFFFF: false
        default: true
        }
    }
}
