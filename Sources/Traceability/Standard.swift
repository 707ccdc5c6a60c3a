public import Registry

/// 计量标准器: a reference against which instruments, or other standards, are verified.
public struct Standard: Hashable, Sendable {
    /// Where it stands in the order of standards; the chain of every other kind must end at `national`.
    public enum Kind: String, CaseIterable, Sendable {
        case working, city, province, national
    }

    public let key: String
    /// Key of the institution that holds it.
    public let institution: String
    public let name: Bilingual
    public let maker: String
    public let model: String
    public let serial: String
    /// The measurand it realizes, such as `volume flow rate`.
    public let quantity: String
    /// The unit of `range`, such as `m3/h`.
    public let unit: String
    /// As its nameplate and certificate write it: `0.02 … 5 m³/h`.
    public let range: String
    /// Class, limits of error or expanded uncertainty, as its certificate writes them.
    public let accuracy: String
    public let kind: Kind

    public init(
        key: String, institution: String, name: Bilingual, maker: String, model: String,
        serial: String, quantity: String, unit: String, range: String, accuracy: String, kind: Kind
    ) {
        self.key = key
        self.institution = institution
        self.name = name
        self.maker = maker
        self.model = model
        self.serial = serial
        self.quantity = quantity
        self.unit = unit
        self.range = range
        self.accuracy = accuracy
        self.kind = kind
    }
}
