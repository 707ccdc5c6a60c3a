import Foundation
import Testing

extension CommandTests {
    /// Programs of other makers evaluate the same budgets: GTC and suncal by the law of propagation, NumPy
    /// and suncal by draws.
    @Suite(.serialized) struct UncertaintyPeers {
        private let folder: Folder

        init() throws { folder = try Folder() }

        /// What a script of `Tests/peers` says of what steelyard answers to the cases it makes.
        private func comparison<Found: Decodable>(_ script: String, _ options: String...) throws -> (Int32, Found) {
            let (cases, answers) = ("\(folder.path)/cases.json", "\(folder.path)/answers.json")
            let script = "\(Programs.peers)/\(script)"
            let made = try folder.run(Programs.python, [script, "make", cases] + options)
            guard made.status == 0 else { throw SetupFailed(description: "\(script): \(made.errors)") }
            let answered = try folder.steelyard("uncertainty", cases, "--format", "json")
            guard answered.status == 0 else { throw SetupFailed(description: "uncertainty: \(answered.errors)") }
            try answered.output.write(toFile: answers, atomically: true, encoding: .utf8)
            // suncal differentiates by symbols: minutes for 2 000 budgets, on both cores.
            let compared = try folder.run(Programs.python, [script, "compare", cases, answers], patience: 1800)
            guard !compared.output.isEmpty else { throw SetupFailed(description: "\(script): \(compared.errors)") }
            return (compared.status, try JSONDecoder().decode(Found.self, from: Data(compared.output.utf8)))
        }

        private struct Summary: Decodable {
            struct Peer: Decodable {
                let budgets: Int
                let differing: Int
                let worst: [String: Double]
            }
            struct Draws: Decodable {
                let budgets: Int
                let statistics: Int
                let worst: Double
            }
            let budgets: Int
            let peers: [String: Peer]
            let draws: [String: Draws]
            let refused: [String: String]
            let missing: [String]

            enum CodingKeys: String, CodingKey {
                case budgets, refused, missing
                case peers = "law of propagation"
                case draws = "monte carlo"
            }
        }

        /// 2 000 random budgets to 1e-9 by both, and 40 of a million trials within their standard errors.
        @Test func randomBudgetsAgree() throws {
            let (status, found): (Int32, Summary) = try comparison("uncertainty_budgets.py")
            #expect(status == 0, "\(found)")
            #expect(found.budgets == 2000 && found.refused.isEmpty && found.missing.isEmpty, "\(found)")
            // Those of Monte Carlo have a law of propagation too.
            #expect(found.peers["GTC"]?.budgets == 2040 && found.peers["suncal"]?.budgets == 2040)
            for (name, peer) in found.peers {
                #expect(peer.differing == 0 && peer.worst.values.allSatisfy { $0 <= 1e-9 }, "\(name): \(peer)")
            }
            let numpy = try #require(found.draws["NumPy"])
            #expect(numpy.budgets == 40 && numpy.statistics >= 160 && numpy.worst < 6, "\(numpy)")
            let suncal = try #require(found.draws["suncal"])
            #expect(suncal.budgets >= 20 && suncal.statistics >= 80 && suncal.worst < 6, "\(suncal)")
        }

        private struct Finding: Decodable {
            let id: String
            let fault: String
            let quantity: String
            let met: Bool
        }

        /// Where peers are known to be wrong the value is known in closed form, and this one meets it.
        @Test func faultsOfPeersAreNotOurs() throws {
            let (status, found): (Int32, [Finding]) = try comparison("uncertainty_faults.py")
            #expect(status == 0)
            #expect(
                Set(found.map(\.id)) == [
                    "type-b-twice", "components-fused", "readings-as-normal", "deviation-of-t", "negative-variance",
                    "no-correlation-matrix",
                ])
            for finding in found { #expect(finding.met, "\(finding.fault): \(finding.quantity)") }
        }
    }
}
