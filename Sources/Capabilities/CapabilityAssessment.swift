public import Chronometry
public import Procedures
public import Registry
import Traceability

extension CoverageFacts {
    /// Whether `institution` can verify `entry` on `day`: only if the catalogue asks for it, an
    /// edition is in force, the authorization covers it, a public standard covers it with valid
    /// papers and traceable main standards, and two verifiers are qualified.
    public func capability(
        of institution: Institution, for entry: CatalogueEntry, on day: CivilDate
    ) -> Capability {
        func answer(_ verdict: Capability.Verdict) -> Capability {
            Capability(institution: institution.key, category: entry.key, verdict: verdict)
        }
        guard catalogue.requiresVerification(entry, on: day) else {
            return answer(.notCapable([.notCompulsory]))
        }
        let editions = catalogue.editions(of: entry, on: day).map(\.number)
        var findings = Findings()
        if editions.isEmpty { findings.gaps.append(.noEditionInForce(regulations: entry.regulations)) }
        examineAuthorization(of: institution, entry, editions, on: day, &findings)
        examineVerifiers(of: institution, entry, editions, on: day, &findings)

        let candidates = publicStandards(of: institution, for: entry.key).map {
            examine($0, for: editions, on: day)
        }
        let sound = candidates.filter(\.gaps.isEmpty)
        if sound.isEmpty {
            // Of several incomplete ones, the one that is nearest to complete says what is missing.
            let nearest = candidates.min { $0.missingFacts < $1.missingFacts }
            findings.gaps += nearest?.gaps ?? [.noPublicStandard]
        }
        guard findings.gaps.isEmpty else { return answer(.notCapable(findings.gaps)) }
        // Any of the sound ones is enough, so that the longest lasting decides.
        let longest = sound.map(\.firstLapse).max { Lapse.isSooner($0, $1) } ?? nil
        let covered = Set(sound.flatMap(\.editions))
        return answer(
            .capable(
                editions: editions.filter(covered.contains),
                lapse: (findings.lapses + [longest].compactMap { $0 }).min { $0.lastDay < $1.lastDay }))
    }

    /// What examining one thing found: what is missing, and what will end.
    private struct Findings {
        var gaps: [CapabilityGap] = []
        var lapses: [Lapse] = []
        /// The editions the examined public standard covers.
        var editions: [String] = []

        var missingFacts: Int { gaps.reduce(0) { $0 + $1.missingFacts } }
        var firstLapse: Lapse? { lapses.min { $0.lastDay < $1.lastDay } }
    }

    private func examineAuthorization(
        of institution: Institution, _ entry: CatalogueEntry, _ editions: [String],
        on day: CivilDate, _ findings: inout Findings
    ) {
        let authorization = institution.authorization
        if !authorization.scope.covers(entry.key, regulations: editions) {
            findings.gaps.append(.notAuthorized(authorization: authorization.number))
        } else if authorization.validUntil < day {
            findings.gaps.append(
                .authorizationLapsed(
                    authorization: authorization.number, lastDay: authorization.validUntil))
        } else {
            findings.lapses.append(
                Lapse(
                    lastDay: authorization.validUntil, what: .authorization(authorization.number)))
        }
    }

    private func examineVerifiers(
        of institution: Institution, _ entry: CatalogueEntry, _ editions: [String],
        on day: CivilDate, _ findings: inout Findings
    ) {
        let qualified = people(of: institution).compactMap { person in
            person.qualified(.verifier, for: entry.key, regulations: editions, on: day).map {
                (name: person.name, lastDay: $0)
            }
        }.sorted { $0.lastDay > $1.lastDay }
        let least = CapabilityGap.leastVerifiers
        guard qualified.count >= least else {
            findings.gaps.append(.tooFewVerifiers(qualified: qualified.map(\.name)))
            return
        }
        // The capability ends with the last but one of the longest qualified.
        let last = qualified[least - 1]
        findings.lapses.append(Lapse(lastDay: last.lastDay, what: .verifier(name: last.name)))
    }

    private func examine(
        _ standard: PublicStandard, for editions: [String], on day: CivilDate
    ) -> Findings {
        var findings = Findings()
        let (assessment, certificate) = (standard.assessment, standard.certificate)
        if assessment.holds(on: day) {
            findings.lapses.append(
                Lapse(lastDay: assessment.validUntil, what: .assessment(assessment.number)))
        } else {
            findings.gaps.append(
                .assessmentNotValid(
                    publicStandard: standard.key, number: assessment.number,
                    from: assessment.validFrom, until: assessment.validUntil))
        }
        if certificate.holds(on: day) {
            findings.lapses.append(
                Lapse(lastDay: certificate.validUntil, what: .publicCertificate(certificate.number)))
        } else {
            findings.gaps.append(
                .certificateNotValid(
                    publicStandard: standard.key, number: certificate.number,
                    from: certificate.validFrom, until: certificate.validUntil))
        }
        examineEditions(of: standard, editions, on: day, &findings)
        if standard.mainStandards.isEmpty {
            findings.gaps.append(.noMainStandard(publicStandard: standard.key))
        }
        for key in standard.mainStandards {
            let chain = graph.chain(of: key, on: day)
            if !chain.isUnbroken {
                findings.gaps.append(.notTraceable(Standing(of: chain)))
            } else if let first = chain.firstToEnd {
                findings.lapses.append(
                    Lapse(
                        lastDay: first.validUntil,
                        what: .calibration(certificate: first.number, standard: first.standard)))
            }
        }
        return findings
    }

    private func examineEditions(
        of standard: PublicStandard, _ editions: [String], on day: CivilDate,
        _ findings: inout Findings
    ) {
        findings.editions =
            standard.regulations.isEmpty
            ? editions : editions.filter(standard.regulations.contains)
        guard !findings.editions.isEmpty else {
            // Without any edition in force the entry as a whole says so already.
            if !editions.isEmpty {
                findings.gaps.append(
                    .assessedForOtherEdition(
                        publicStandard: standard.key, assessed: standard.regulations,
                        inForce: editions))
            }
            return
        }
        let ends = findings.editions.map { number in
            catalogue.lastDay(of: number, after: day).map {
                Lapse(lastDay: $0, what: .edition(number))
            }
        }
        if let longest = ends.max(by: { Lapse.isSooner($0, $1) }) ?? nil {
            findings.lapses.append(longest)
        }
    }
}

extension Lapse {
    /// Nothing that ends lasts longest.
    fileprivate static func isSooner(_ a: Lapse?, _ b: Lapse?) -> Bool {
        guard let a else { return false }
        guard let b else { return true }
        return a.lastDay < b.lastDay
    }
}
