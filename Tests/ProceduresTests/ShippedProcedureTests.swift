import DataFiles
import Metrology
import Procedures
import Testing

/// What ships under Calibration/procedures.
@Suite struct ShippedProcedureTests {
    @Test func thereIsOneForEnoughOfTheCatalogue() throws {
        let procedures = try Procedure.all(in: Files.folder)
        let catalogue = try Files.catalogue()
        let coverage = ProcedureCoverage(of: catalogue, by: procedures)
        #expect(procedures.count >= 45)
        #expect(coverage.covered.count >= 35, "missing are \(coverage.missing)")
        #expect(Set(procedures.map(\.number)).count == procedures.count)
        for entry in catalogue.entries where entry.isLivelihood {
            #expect(procedures.contains { $0.categories.contains(entry.key) }, "\(entry.key) has no procedure")
        }
    }

    @Test(arguments: Files.procedures)
    func itBelongsToTheCatalogue(_ path: String) throws {
        let procedure = try Procedure.load(path)
        let catalogue = try Files.catalogue()
        let edition = try #require(
            catalogue.edition(procedure.number), "\(procedure.number) is no edition of the catalogue")
        #expect(!procedure.categories.isEmpty)
        for category in procedure.categories {
            let entry = try #require(catalogue.entry(category), "\(category) is no row of the catalogue")
            #expect(entry.regulations.contains(procedure.number), "\(category) is not verified by \(procedure.number)")
        }
        // A day is not known better in one file than in the other.
        #expect(procedure.inForceFrom == edition.inForceFrom.value)
        #expect(path.hasSuffix("/" + procedure.number.replacing(" ", with: "-") + ".yaml"))
        #expect(procedure.review == "transcribed, awaiting review")
    }

    /// Every number of the tables worked out by hand beside a procedure is what is computed.
    @Test(arguments: Files.procedures)
    func itsWorkedExamplesAgree(_ path: String) throws {
        let procedure = try Procedure.load(path)
        let examples = try WorkedExample.load(WorkedExample.path(beside: path), of: procedure)
        try #require(!examples.isEmpty, "\(procedure.number) has no worked example")
        for example in examples {
            let found = example.disagreements(under: procedure)
            #expect(found.isEmpty, "\(example.title): \(found.joined(separator: "\n"))")
        }
        let verdicts = examples.compactMap(\.verdict)
        #expect(verdicts.contains(.notConforming), "\(procedure.number) has no example that does not conform")
        // One without its numbers can at best stay undetermined.
        #expect(verdicts.contains(.conforming) || (!procedure.unknown.isEmpty && verdicts.contains(.undetermined)))
        #expect(examples.reduce(0) { $0 + $1.expected.count } >= 3, "\(procedure.number): its tables say too little")
    }

    /// A limit that is not transcribed never lets an instrument pass.
    @Test(arguments: Files.procedures)
    func nothingConformsWithoutItsLimits(_ path: String) throws {
        let procedure = try Procedure.load(path)
        for example in try WorkedExample.load(WorkedExample.path(beside: path), of: procedure) {
            guard let outcome = try? procedure.evaluate(example.data) else { continue }
            if outcome.values.contains(where: { $0.missingLimit != nil }) { #expect(outcome.verdict != .conforming) }
        }
    }

    @Test func thereAreProcedureFiles() {
        #expect(Files.procedures.count >= 45)
    }
}
