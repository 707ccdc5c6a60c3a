public import Chronometry

public enum CertificationError: Error, Sendable {
    case unknownPerson(String)
    case notQualified(person: String, role: String, category: String, on: CivilDate)
    case otherInstitution(person: String, institution: String)
    case notTheVerifier(person: String, record: String, verifier: String)
    case samePerson(person: String, record: String)
    case alreadySigned(record: String, role: String, by: String)
    case signedOutOfOrder(record: String, missing: String)
    case missingSignature(record: String, role: String)
    case badSignature(record: String, person: String)
    case noSigningKey(person: String, path: String)
    case keyUnreadable(path: String, why: String)
    case undetermined(record: String)
    case noValidity(record: String)
    case unknownCertificate(String)
    case unknownInstitution(String)
    case malformedRow(table: String, id: Int64)
    case typesetter(String)
    case cannotWrite(path: String, why: String)
}

extension CertificationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknownPerson(let key): "no person '\(key)' is known: register them first"
        case .notQualified(let person, let role, let category, let day):
            "\(person) is not qualified as \(role) for \(category) on \(day)"
        case .otherInstitution(let person, let institution):
            "\(person) does not belong to institution \(institution), whose record this is"
        case .notTheVerifier(let person, let record, let verifier):
            "record \(record) is signed as verifier by \(verifier), who measured, not by \(person)"
        case .samePerson(let person, let record):
            "\(person) has signed record \(record) already: verifier, checker and signatory are three people"
        case .alreadySigned(let record, let role, let person):
            "record \(record) is signed as \(role) by \(person) already"
        case .signedOutOfOrder(let record, let missing):
            "record \(record) waits for its \(missing) first"
        case .missingSignature(let record, let role): "record \(record) lacks the signature of its \(role)"
        case .badSignature(let record, let person):
            "the signature of \(person) on record \(record) does not fit: run `steelyard audit verify`"
        case .noSigningKey(let person, let path):
            "there is no signing key of \(person) at \(path): make one with `steelyard person key \(person)`"
        case .keyUnreadable(let path, let why): "the signing key \(path) cannot be used: \(why)"
        case .undetermined(let record):
            "record \(record) is undetermined: neither certificate nor notice can be issued; verify again"
        case .noValidity(let record): "the procedure gives no validity for the instrument of record \(record)"
        case .unknownCertificate(let number): "there is no certificate or notice '\(number)'"
        case .unknownInstitution(let key): "no institution '\(key)' is known"
        case .malformedRow(let table, let id):
            "row \(id) of \(table) cannot be understood: run `steelyard audit verify`"
        case .typesetter(let why): "the certificate could not be typeset: \(why)"
        case .cannotWrite(let path, let why): "\(path) could not be written: \(why)"
        }
    }
}
