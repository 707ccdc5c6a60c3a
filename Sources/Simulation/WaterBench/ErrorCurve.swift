/// A relative error that depends on the flow, given at some flows and straight between them.
public struct ErrorCurve: Sendable {
    /// Flows in m³/h, rising.
    public let flows: [Double]
    /// Relative errors in %, one a flow.
    public let errors: [Double]

    public init(flows: [Double], errors: [Double]) {
        self.flows = flows
        self.errors = errors
    }

    /// The error at `flow` in %; outside the given flows, that of the nearest.
    public func error(at flow: Double) -> Double {
        guard let first = flows.first, let last = flows.last, flow > first else { return errors.first ?? 0 }
        guard flow < last, let upper = flows.firstIndex(where: { $0 >= flow }) else {
            return errors.last ?? 0
        }
        let part = (flow - flows[upper - 1]) / (flows[upper] - flows[upper - 1])
        return errors[upper - 1] + part * (errors[upper] - errors[upper - 1])
    }
}
