import DataFiles
import Energy
import Foundation
import Metrology
import Registry
import Testing

@Suite struct PlanTests {
    @Test func aPlanIsReadWhole() throws {
        let plan = try plan()
        #expect(plan.enterprise.code.text == "91421200MA0000000G")
        #expect(plan.destinations.map(\.key) == ["province"])
        let point = try #require(plan.points.first)
        #expect(point.code.digits == "0000000002330010")
        #expect(point.ratio == ExactDecimal(1))
        #expect(point.rollsOverAt == nil)
        #expect(point.scope == .wholePlant)
    }

    @Test(arguments: [
        ("scope: whole-plant", "scope: process", 18, 11, "must not be 00"),
        ("scope: whole-plant", "scope: everything", 26, 12, "one of whole-plant, process"),
        ("00-00-0000-023300-10", "00-00-0000-23300-10", 18, 11, "15 digits"),
        ("0000G", "0000H", 2, 16, "social credit code"),
        ("http://127.0.0.1:1", "http://platform.example", 15, 43, "use https"),
        ("channel:", "chanel:", 17, 5, "lacks the required key 'channel'"),
        ("unit: kWh", "unit: kWh\n    colour: red", 24, 5, "unknown key 'colour'"),
        ("least: 0", "least: 200", 27, 12, "the range is empty"),
        ("region: \"421202\"", "region: \"4212\"", 4, 11, "6 digits"),
        ("    source: test", "", 17, 5, "lacks the required key 'source'"),
    ])
    func aMistakeIsOneErrorAtItsPlace(
        good: String, bad: String, line: Int, column: Int, message: String
    ) throws {
        let text = planText().replacingOccurrences(of: good, with: bad)
        #expect(text != planText())
        #expect {
            try EnergyPlan.read(DataNode.parse(text, file: "plan.yaml"))
        } throws: { error in
            guard let error = error as? DataFileError else { return false }
            return error.message.contains(message) && error.line == line && error.column == column
        }
    }

    @Test func theDemonstrationPlanIsSound() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let plan = try EnergyPlan.load(
            root.appending(path: "Calibration/demonstration/energy.yaml").path)
        #expect(plan.points.count == 2)
    }
}
