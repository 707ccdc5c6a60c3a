import Energy
import Testing

@Suite struct DataCodeTests {
    @Test(arguments: ["00-00-0000-023300-11", "0000000002330011", "00-00-0000023300-11"])
    func everySpellingIsTheSameCode(text: String) throws {
        let code = try DataCode(text)
        #expect(code.digits == "0000000002330011")
        #expect(code.hyphenated == "00-00-0000-023300-11")
    }

    @Test func partsStandWhereTheSpecificationPutsThem() throws {
        let code = try DataCode("01-23-4567-041234-89")
        #expect(
            [
                code.process, code.processUnit, code.equipment, code.equipmentUnit, code.objectClass,
                code.energyType, code.usage,
            ] == ["01", "23", "45", "67", "04", "1234", "89"])
    }

    @Test(arguments: [
        ("00-00-0000-023300-1", "15 digits"), ("00-00-0000-023300-111", "17 digits"),
        ("00-00-0000-0233O0-11", "other than digits"), ("", "0 digits"),
        ("00-00-0000-113300-11", "01 to 10"), ("00-00-0000-003300-11", "01 to 10"),
        ("00-00-0000-02330٠-11", "other than digits"),
    ])
    func anythingElseIsRefusedWithTheReason(text: String, why: String) {
        #expect {
            try DataCode(text)
        } throws: { "\($0)".contains(why) }
    }

    @Test(arguments: [
        ("00-00-0000-023300-11", CollectionScope.wholePlant), ("02-00-0000-023300-11", .process),
        ("02-01-0000-023300-11", .processUnit), ("02-01-0503-023300-11", .equipment),
        ("00-00-0503-023300-11", .equipment),
    ])
    func zerosBelowTheScopeAreAccepted(text: String, scope: CollectionScope) throws {
        try DataCode(text).check(against: scope)
    }

    @Test(arguments: [
        ("01-00-0000-023300-11", CollectionScope.wholePlant), ("00-01-0000-023300-11", .wholePlant),
        ("00-00-0100-023300-11", .wholePlant), ("00-00-0001-023300-11", .wholePlant),
        ("00-00-0000-023300-11", .process), ("02-01-0000-023300-11", .process),
        ("02-00-0000-023300-11", .processUnit), ("02-01-0500-023300-11", .processUnit),
        ("02-01-0000-023300-11", .equipment), ("02-01-0500-023300-11", .equipment),
    ])
    func aCodeThatContradictsItsScopeIsRefused(text: String, scope: CollectionScope) throws {
        let code = try DataCode(text)
        #expect(throws: EnergyError.self) { try code.check(against: scope) }
    }
}
