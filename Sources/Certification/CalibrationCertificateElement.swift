/// One element of a Digital Calibration Certificate: with children, or with text, never both.
///
/// Written certificates are built of it, and read ones are parsed into it.
struct CertificateElement: Hashable, Sendable {
    /// With its prefix: `dcc:name`, `si:unit`.
    var name: String
    /// In the order they are written.
    var attributes: [Attribute]
    var text = ""
    var children: [CertificateElement] = []
    /// Line of the start tag; 0 for an element that was not read.
    var line = 0

    struct Attribute: Hashable, Sendable {
        var name: String
        var value: String
    }

    /// Attributes and children that are nil are left out.
    init(
        _ name: String, with attributes: KeyValuePairs<String, String?> = [:],
        _ children: [CertificateElement?]
    ) {
        self.name = name
        self.attributes = Self.list(attributes)
        self.children = children.compactMap(\.self)
    }

    init(_ name: String, with attributes: KeyValuePairs<String, String?> = [:], text: String) {
        self.name = name
        self.attributes = Self.list(attributes)
        self.text = text
    }

    private static func list(_ attributes: KeyValuePairs<String, String?>) -> [Attribute] {
        attributes.compactMap { name, value in value.map { Attribute(name: name, value: $0) } }
    }

    subscript(attribute name: String) -> String? {
        attributes.first { $0.name == name }?.value
    }

    /// Its name without the prefix.
    var localName: Substring {
        name.firstIndex(of: ":").map { name[name.index(after: $0)...] } ?? name[...]
    }

    /// Its own text and that of everything in it.
    var wholeText: String {
        children.reduce(text) { $0 + $1.wholeText }
    }
}

extension StringProtocol {
    /// Split at the blanks of an XML list: space, tab and line ends, and no other Unicode space.
    var xmlTokens: [String] {
        let blanks: [Character] = [" ", "\t", "\n", "\r", "\r\n"]
        let parts: [SubSequence] = split { blanks.contains($0) }
        return parts.map { String($0) }
    }

    /// Without blanks at either end; the form of the DCC's `notEmptyStringType` when not empty.
    var xmlTrimmed: String {
        let blanks: [Unicode.Scalar] = [" ", "\t", "\n", "\r"]
        var scalars = String(self).unicodeScalars[...]
        while let first = scalars.first, blanks.contains(first) { scalars.removeFirst() }
        while let last = scalars.last, blanks.contains(last) { scalars.removeLast() }
        return String(String.UnicodeScalarView(scalars))
    }
}
