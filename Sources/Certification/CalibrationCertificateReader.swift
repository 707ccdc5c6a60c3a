import Foundation
import FoundationXML

/// A certificate as it was read: every element with the way to it, in the order of the document.
struct CertificateTree {
    let root: Place
    let all: [Place]

    /// An element and where it stands.
    struct Place {
        let element: CertificateElement
        /// Names without prefixes, numbered where siblings share one: `/…/items/item[2]/name`.
        let path: String
        let children: [Place]

        init(_ element: CertificateElement, path: String) {
            self.element = element
            self.path = path
            var counts: [String: Int] = [:]
            for child in element.children { counts[child.name, default: 0] += 1 }
            var seen: [String: Int] = [:]
            children = element.children.map { child in
                let number = seen[child.name, default: 0] + 1
                seen[child.name] = number
                let suffix = counts[child.name] == 1 ? "" : "[\(number)]"
                return Place(child, path: "\(path)/\(child.localName)\(suffix)")
            }
        }

        var name: String { element.name }
        var line: Int { element.line }
        var text: String { element.text }

        func children(_ name: String) -> [Place] { children.filter { $0.name == name } }

        func child(_ name: String) -> Place? { children(name).first }

        /// Itself and everything in it.
        var tree: [Place] { [self] + children.flatMap(\.tree) }
    }

    struct Malformed: Error {
        let message: String
        let line: Int
    }

    init(xml: Data) throws(Malformed) {
        let reader = Reader()
        let parser = XMLParser(data: xml)
        parser.shouldProcessNamespaces = true
        parser.shouldResolveExternalEntities = false
        parser.delegate = reader
        let isWellFormed = parser.parse()
        guard !reader.isTooDeep else {
            throw Malformed(
                message: "its elements are nested deeper than \(Reader.greatestDepth) levels",
                line: parser.lineNumber)
        }
        guard isWellFormed, let element = reader.root else {
            throw Malformed(
                message:
                    "it is not well-formed XML (libxml2 error \((parser.parserError as NSError?)?.code ?? 0))",
                line: parser.lineNumber)
        }
        root = Place(element, path: "/\(element.localName)")
        all = root.tree
    }

    func all(_ name: String) -> [Place] { all.filter { $0.name == name } }

    func all(_ names: Set<String>) -> [Place] { all.filter { names.contains($0.name) } }

    func administration(_ name: String) -> Place? {
        root.child("dcc:administrativeData")?.child(name)
    }
}

/// Builds elements out of the parser's events.
private final class Reader: NSObject, XMLParserDelegate {
    /// Far beyond any certificate; the rules walk the tree by recursion.
    static let greatestDepth = 200

    private(set) var root: CertificateElement?
    private(set) var isTooDeep = false
    /// The elements that are open, outermost first.
    private var open: [CertificateElement] = []

    func parser(
        _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?,
        qualifiedName: String?, attributes: [String: String]
    ) {
        guard open.count < Self.greatestDepth else {
            isTooDeep = true
            parser.abortParsing()
            return
        }
        // Whatever prefix the document chose, a rule finds an element under ours.
        let prefix =
            switch namespaceURI.flatMap(CertificateNamespace.init(rawValue:)) {
            case .dcc: "dcc:"
            case .si: "si:"
            case .signature: "ds:"
            case nil: "other:"
            }
        var element = CertificateElement(prefix + elementName, text: "")
        element.attributes = attributes.sorted { $0.key < $1.key }
            .map { CertificateElement.Attribute(name: $0.key, value: $0.value) }
        element.line = parser.lineNumber
        open.append(element)
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        guard !open.isEmpty else { return }
        open[open.count - 1].text += string
    }

    func parser(_ parser: XMLParser, foundCDATA CDATABlock: Data) {
        guard !open.isEmpty else { return }
        open[open.count - 1].text += String(decoding: CDATABlock, as: UTF8.self)
    }

    func parser(
        _ parser: XMLParser, didEndElement elementName: String, namespaceURI: String?, qualifiedName: String?
    ) {
        // After an abort the parser may still tell of ends whose starts were not kept.
        guard !isTooDeep, var element = open.popLast() else { return }
        // Between children there is only the indentation.
        if !element.children.isEmpty { element.text = element.text.xmlTrimmed }
        if open.isEmpty {
            root = element
        } else {
            open[open.count - 1].children.append(element)
        }
    }
}
