import DataFiles
import Testing

@Suite struct SeparatedValuesTests {
    @Test func quotesEndsAndEmptyLines() throws {
        let text = "\u{FEFF}a, b ,c\r\n1,\"two, and \"\"more\"\"\",\n\n,,\n\"over\ntwo\",x,y"
        let list = try SeparatedValues(text, file: "list.csv")
        #expect(list.columns == ["a", "b", "c"])
        #expect(list.lines.map(\.number) == [2, 5])
        #expect(list.lines[0].values == ["a": "1", "b": "two, and \"more\""])
        #expect(list.lines[1].values == ["a": "over\ntwo", "b": "x", "c": "y"])
    }

    @Test(arguments: [
        ("", "the file has no columns"), ("a,,b\n", "column 2 has no name"), ("a,b,a\n", "the column 'a' stands twice"),
        ("a,b\n1,\"2\n3,4\n", "a quote begins here and never ends"),
    ])
    func whatIsNoListIsRefused(_ text: String, _ words: String) throws {
        do {
            _ = try SeparatedValues(text, file: "list.csv")
            Issue.record("accepted")
        } catch let error as DataFileError { #expect(error.message == words) }
    }
}
