import Foundation
import FoundationXML

/// Reads a document the way any XML reader does, so that escaping is checked from outside.
final class LeafCollector: NSObject, XMLParserDelegate {
    private(set) var texts: [String: [String]] = [:]
    private(set) var parsed = false
    private var text = ""
    private var isLeaf = false

    init(_ xml: Data) {
        super.init()
        let parser = XMLParser(data: xml)
        parser.delegate = self
        parsed = parser.parse()
    }

    func parser(
        _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?,
        qualifiedName: String?, attributes: [String: String]
    ) {
        text = ""
        isLeaf = true
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

    func parser(
        _ parser: XMLParser, didEndElement elementName: String, namespaceURI: String?, qualifiedName: String?
    ) {
        if isLeaf { texts[elementName, default: []].append(text) }
        isLeaf = false
    }
}
