/// Why coverage could not be computed.
public enum CapabilitiesError: Error, Sendable, Equatable {
    case unknownRegion(code: String)
    case noInstitution(region: String?)
    case pastForecast(days: Int)
}

extension CapabilitiesError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknownRegion(let code):
            "there is no region '\(code)' on file: use a six-digit code from Calibration/regions.yaml"
        case .noInstitution(nil):
            "no institute with a target is on file: put institutions on file first"
        case .noInstitution(let region?):
            "no institute with a target is on file in region \(region): put it on file first, or ask for another region"
        case .pastForecast(let days):
            "a forecast looks ahead: \(days) days is in the past; use --on for an earlier day"
        }
    }
}
