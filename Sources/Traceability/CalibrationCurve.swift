/// The values of one certificate over the influence they depend on: the one place where they are
/// read between the points.
public struct CalibrationCurve: Hashable, Sendable, Codable {
    /// In rising order of the influence.
    public let points: [CalibrationCertificate.Point]

    public init(points: [CalibrationCertificate.Point]) {
        self.points = points
    }

    /// Correction, U and k at a value of the influence, all as the certificate's unit says.
    ///
    /// Between two points the correction is interpolated linearly, and U is the larger of the two
    /// with its own k: the certificate says nothing about the curve in between, so nothing smaller
    /// may be claimed.
    ///
    /// - Parameter at: in the unit of ``influence``.
    /// - Returns: nil outside the calibrated range; there is no extrapolation.
    public func values(
        at: Double
    ) -> (correction: Double, expandedUncertainty: Double, k: Double)? {
        guard let upper = points.firstIndex(where: { $0.at >= at }) else { return nil }
        let above = points[upper]
        if above.at == at {
            return (above.correction, above.expandedUncertainty, above.coverageFactor)
        }
        guard upper > 0 else { return nil }
        let below = points[upper - 1]
        let fraction = (at - below.at) / (above.at - below.at)
        let worse = below.expandedUncertainty > above.expandedUncertainty ? below : above
        return (
            below.correction + fraction * (above.correction - below.correction),
            worse.expandedUncertainty, worse.coverageFactor
        )
    }
}
