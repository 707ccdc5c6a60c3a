public import Chronometry
public import Metrology

extension ReferenceGraph {
    /// The elementary influences behind the value of a standard: what each calibration up the chain left uncertain.
    ///
    /// Every calibration adds its own part and hands down what its reference brought, so u² of a certificate is
    /// the sum of the parts. The identity of a part is the number of the certificate it comes from: two standards
    /// calibrated by one reference carry the same part, and a model in which both stand is correlated by it without a
    /// coefficient that somebody would have to estimate (JCGM 100, F.1.2.3 and 5.2.2, note 1).
    ///
    /// A reference whose certificate is not on file, does not reach to the value, is in another unit, or claims more
    /// uncertainty than what was calibrated by it cannot be told apart: the certificate below it is then one part.
    ///
    /// - Parameters:
    ///   - at: value of the certificate's influence quantity, in its unit.
    ///   - day: on which the standard is used.
    /// - Returns: parts with mean zero and their standard uncertainties in the unit of the certificate, nearest
    ///   calibration first; nil where no certificate of the standard holds on the day, or none covers the value.
    public func influences(
        of standard: String, at: Double, on day: CivilDate
    ) -> [ModelInput.Component]? {
        guard let certificate = certificate(of: standard, on: day), certificate.isInDate(on: day) else { return nil }
        return influences(of: certificate, at: at, below: [])
    }

    private func influences(
        of certificate: CalibrationCertificate, at: Double, below: Set<String>
    ) -> [ModelInput.Component]? {
        guard let values = certificate.values(at: at), !below.contains(certificate.number) else { return nil }
        let u = values.expandedUncertainty / values.k
        var inherited: [ModelInput.Component] = []
        // What the reference knew when it was used, which is not what it knows today.
        if let key = certificate.reference, let above = self.certificate(of: key, on: certificate.issuedOn),
            above.isInDate(on: certificate.issuedOn), above.unit == certificate.unit,
            above.influence == certificate.influence
        {
            inherited = influences(of: above, at: at, below: below.union([certificate.number])) ?? []
        }
        let variance = inherited.reduce(0) { $0 + $1.standardUncertainty * $1.standardUncertainty }
        guard variance <= u * u else { return [part(certificate, u)] }
        return [part(certificate, (u * u - variance).squareRoot())] + inherited
    }

    private func part(_ certificate: CalibrationCertificate, _ u: Double) -> ModelInput.Component {
        ModelInput.Component(
            name: certificate.number, distribution: .normal(mean: 0, standardDeviation: u), source: certificate.number)
    }
}
