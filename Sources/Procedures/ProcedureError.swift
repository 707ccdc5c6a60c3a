public import Chronometry

public enum ProcedureError: Error, Hashable, Sendable {
    case unknownProcedure(String, known: [String])
    case unknownNameplateValue(String, procedure: String, known: [String])
    case missingNameplateValue(String, procedure: String)
    case nameplateValueNotAllowed(String, value: String, procedure: String, allowed: [String])
    case notInForce(String, on: CivilDate, from: CivilDate?)
    case replaced(String, by: String, since: CivilDate?)
    case incomplete(String, blank: [String])
    case notApproved(String, institution: String)
}

extension ProcedureError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknownProcedure(let number, let known):
            "there is no procedure '\(number)': known are \(known.joined(separator: ", "))"
        case .unknownNameplateValue(let name, let procedure, let known):
            "\(procedure) asks for no nameplate value '\(name)': it asks for \(known.joined(separator: ", "))"
        case .missingNameplateValue(let name, let procedure):
            "the nameplate value '\(name)', which \(procedure) needs, is missing: read it from the instrument"
        case .nameplateValueNotAllowed(let name, let value, let procedure, let allowed):
            "\(name) = \(value) is not a value of \(procedure): "
                + (allowed.isEmpty
                    ? "it must be positive" : "allowed are \(allowed.joined(separator: ", "))")
        case .notInForce(let number, let day, let from):
            if let from {
                "\(number) is not in force on \(day): it applies from \(from)"
            } else {
                "\(number) has no day in its file from which it applies: read it from the regulation and write it in"
            }
        case .replaced(let number, let other, let since):
            "\(number) is replaced by \(other)\(since.map { " since \($0)" } ?? ""): verify under the new edition"
        case .incomplete(let number, let blank):
            "\(number) cannot be approved: not transcribed is \(blank.joined(separator: "; ")): read it from the printed "
                + "regulation and write it into the file"
        case .notApproved(let number, let institution):
            "\(number) as it stands is not approved at \(institution): its technical manager reviews it and runs "
                + "`steelyard procedure approve '\(number)'`"
        }
    }
}
