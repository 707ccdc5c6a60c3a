import Capabilities
import Certification
import DataFiles
import Devices
import Energy
import Ledger
import Metrology
import Procedures
import Registry
import Simulation
import Traceability
import Verification

/// One line for standard error and the exit status that goes with it.
struct ErrorReport {
    let text: String
    let status: Int32

    /// - Returns: nil for an error of none of the house's modules.
    init?(_ error: any Error) {
        text = "\(error)"
        switch error {
        case is DataFileError, is FormulaError, is ProcedureError, is RegistryError,
            is TraceabilityError, is CapabilitiesError, is CalibrationCertificateError:
            status = 2
        case let error as DeviceError: status = error.isWrongUse ? 2 : 3
        case let error as VerificationError: status = error.isWrongUse ? 2 : 3
        case let error as CertificationError:
            switch error {
            case .typesetter, .cannotWrite, .malformedRow: status = 3
            default: status = 2
            }
        case let error as LedgerError:
            switch error {
            case .notFound, .emptyActorOrReason: status = 2
            default: status = 3
            }
        case let error as EnergyError: status = error.isWrongUse ? 2 : 3
        case PlatformError.journal: status = 2
        case is SimulatedLine.Failure, is PlatformError, is DemoFailure, is ServeFailure: status = 3
        default: return nil
        }
    }
}
