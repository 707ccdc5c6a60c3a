/// Exponents of the seven base quantities of the SI.
public struct QuantityDimension: Hashable, Sendable {
    public let length, mass, time, current, temperature, amount, intensity: Int

    public init(
        length: Int = 0, mass: Int = 0, time: Int = 0, current: Int = 0, temperature: Int = 0,
        amount: Int = 0, intensity: Int = 0
    ) {
        self.length = length
        self.mass = mass
        self.time = time
        self.current = current
        self.temperature = temperature
        self.amount = amount
        self.intensity = intensity
    }

    public static let one = QuantityDimension()
    public static let volume = QuantityDimension(length: 3)
    public static let temperature = QuantityDimension(temperature: 1)

    public static func * (a: QuantityDimension, b: QuantityDimension) -> QuantityDimension { combine(a, b, +) }
    public static func / (a: QuantityDimension, b: QuantityDimension) -> QuantityDimension { combine(a, b, -) }

    public func power(_ n: Int) -> QuantityDimension { Self.combine(self, self) { x, _ in x * n } }

    /// nil where an exponent would not be whole.
    public func power(_ n: Double) -> QuantityDimension? {
        let raised = exponents.map { Double($0) * n }
        // Exponents written as decimals or quotients are whole within rounding.
        guard raised.allSatisfy({ abs($0 - $0.rounded()) < 1e-9 && abs($0) < 1e3 }) else { return nil }
        return Self.combine(self, self) { x, _ in Int((Double(x) * n).rounded()) }
    }

    /// The dimension whose `n`th power this is; nil where an exponent is not divisible.
    public func root(_ n: Int) -> QuantityDimension? {
        exponents.allSatisfy { $0 % n == 0 } ? Self.combine(self, self) { x, _ in x / n } : nil
    }

    private var exponents: [Int] {
        [length, mass, time, current, temperature, amount, intensity]
    }

    private static func combine(
        _ a: QuantityDimension, _ b: QuantityDimension, _ f: (Int, Int) -> Int
    ) -> QuantityDimension {
        QuantityDimension(
            length: f(a.length, b.length), mass: f(a.mass, b.mass), time: f(a.time, b.time),
            current: f(a.current, b.current), temperature: f(a.temperature, b.temperature),
            amount: f(a.amount, b.amount), intensity: f(a.intensity, b.intensity))
    }
}

extension QuantityDimension: CustomStringConvertible {
    /// `m3 s-1`, or `1` for a number.
    public var description: String {
        let names = ["m", "kg", "s", "A", "K", "mol", "cd"]
        let parts = zip(names, exponents).filter { $0.1 != 0 }
        guard !parts.isEmpty else { return "1" }
        return parts.map { $0.1 == 1 ? $0.0 : "\($0.0)\($0.1)" }.joined(separator: " ")
    }
}
