import Chronometry
import Energy
import Metrology
import Registry
import Testing

@Suite struct DialectATests {
    private func value(_ text: String, valid: Bool = true) throws -> DialectA.Value {
        DialectA.Value(
            code: try DataCode("0401000004020030"), value: decimal(text),
            inputType: .managementSystem, statistic: .day, statDate: "2014-10-09 00:00:00",
            scope: .wholePlant, isValid: valid)
    }

    private func encode(_ values: [DialectA.Value]) throws -> String {
        let enterprise = try #require(SocialCreditCode("91421200MA0000000G"))
        return DialectA.encode(
            values, deviceID: "0123456789abcdef0123456789abcdef", enterprise: enterprise,
            uploadedAt: at("2014-10-10 21:58:46"))
    }

    /// The sample message that public code quotes from the specification.
    @Test func theUploadHasTheShapeOfTheSpecificationsSample() throws {
        let expected =
            #"{"deviceId":"0123456789abcdef0123456789abcdef","enterpriseCode":"91421200MA0000000G","#
            + #""data":[{"dataCode":"04-01-0000-040200-30","dataValue":123.45,"inputType":1,"#
            + #""statType":1,"statDate":"2014-10-09 00:00:00","uploadDate":"2014-10-10 21:58:46","#
            + #""scope":1,"valid":true}]}"#
        #expect(try encode([value("123.45")]) == expected)
    }

    @Test(arguments: ["0.30", "1234567.890123", "100000000000000.1", "-4.2", "0.000000000001"])
    func valuesAreWrittenDigitByDigit(text: String) throws {
        #expect(try encode([value(text)]).contains("\"dataValue\":\(text),"))
    }

    @Test func aSuspectValueIsSentAsNotValid() throws {
        #expect(try encode([value("1", valid: false)]).contains("\"valid\":false"))
    }

    @Test func theAcknowledgementIsResponseCodeZeroAndNothingElse() {
        let accepted = DialectA.decode(
            status: 200, body: #"{"responseCode":"0","responseMessage":"RECEIVE SUCCESS"}"#)
        guard case .accepted = accepted else {
            Issue.record("\(accepted)")
            return
        }
        #expect(
            DialectA.decode(status: 200, body: #"{"responseCode":"1","responseMessage":"解密失败!"}"#)
                == .refused("解密失败!"))
        #expect(
            DialectA.decode(
                status: 200,
                body: #"{"responseCode":"1","responseMessage":"序列号与企业统一社会信用代码不符"}"#)
                == .unknownTerminal("序列号与企业统一社会信用代码不符"))
    }

    @Test(arguments: [
        (500, #"{"responseCode":"0"}"#), (404, "{}"), (302, ""), (200, ""), (200, "<html>"),
        (200, #"{"responseMessage":"RECEIVE SUCCESS"}"#), (200, #"{"responseCode":null}"#),
    ])
    func whatIsNotAnAnswerDecidesNothing(status: Int, body: String) {
        let answer = DialectA.decode(status: status, body: body)
        guard case .unusable = answer else {
            Issue.record("\(answer)")
            return
        }
    }
}
