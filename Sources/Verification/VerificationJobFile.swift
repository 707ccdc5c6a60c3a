import DataFiles
import Devices
import Metrology

extension VerificationJob {
    /// - Throws: `DataFileError` naming file, line and column.
    public static func load(_ path: String) throws -> VerificationJob {
        let text = try DataNode.text(ofFile: path)
        return try DataNode.parse(text, file: path).mapping { try VerificationJob($0, text: text) }
    }

    private init(_ file: DataMapping, text: String) throws {
        self.text = text
        digest = CanonicalJSON.digest(text)
        name = try file.required("job").text()
        procedure = try file.required("procedure").text()
        institution = try file.required("institution").text()
        verifier = try file.required("verifier").text()
        client = try file.required("client").text()
        place = try file.required("place").text()
        receivedOn = try file.optional("received")?.date()
        repeatability = try file.required("repeatability").mapping { entry in
            Repeatability(
                relative: try entry.required("relative").quantity(.percent).si,
                degreesOfFreedom: try entry.required("degrees_of_freedom").number(),
                source: try entry.required("source").text())
        }
        (referenceStandard, conditionStandards) = try file.required("standards").mapping { entry in
            (
                try entry.required("reference").text(),
                try entry.required("conditions").dictionary { try $0.text() }
            )
        }
        (reference, controller, conditions) = try file.required("bench").mapping { entry in
            (
                try entry.required("reference").instrumentation(defaultChannel: "volume"),
                try entry.required("controller").instrumentation(defaultChannel: "state"),
                try entry.required("conditions").dictionary { try $0.instrumentation() }
            )
        }
        volumes = try file.required("points").dictionary { node in
            try node.mapping { entry in
                let volume = try entry.required("volume")
                let quantity = try volume.quantity(nil)
                guard quantity.unit.symbol == "L", quantity.number > ExactDecimal(0) else {
                    throw volume.error("a test volume is a positive number of L")
                }
                return quantity.number
            }
        }
        positions = try file.required("positions").list().map { node in
            try node.mapping { entry in
                Position(
                    position: try entry.required("position").integer(),
                    maker: try entry.required("maker").text(),
                    model: try entry.required("model").text(),
                    serial: try entry.required("serial").text(),
                    nameplate: try entry.required("nameplate").dictionary { try $0.decimal() },
                    meter: try entry.required("meter").instrumentation(defaultChannel: "volume"),
                    checks: try entry.required("checks").dictionary { node in
                        switch try node.text() {
                        case "pass": true
                        case "fail": false
                        case let other: throw node.error("a check is 'pass' or 'fail', not '\(other)'")
                        }
                    })
            }
        }
        guard !positions.isEmpty else {
            throw try file.required("positions").error("the job has no position")
        }
    }
}

extension DataNode {
    fileprivate func decimal() throws -> ExactDecimal {
        let text = try text()
        guard let value = ExactDecimal(text) else { throw error("'\(text)' is not a decimal number") }
        return value
    }

    fileprivate func quantity(_ unit: MeasurementUnit?) throws -> Quantity {
        let text = try text()
        guard let quantity = Quantity(text), unit == nil || quantity.unit == unit else {
            throw error("'\(text)' must be a number followed by \(unit.map { "the unit \($0)" } ?? "a unit")")
        }
        return quantity
    }

    fileprivate func dictionary<T>(_ value: (DataNode) throws -> T) throws -> [String: T] {
        try Dictionary(uniqueKeysWithValues: entries().map { (try $0.key.text(), try value($0.value)) })
    }

    fileprivate func instrumentation(
        defaultChannel: String? = nil
    ) throws -> VerificationJob.Instrumentation {
        try mapping { entry in
            let address = try entry.required("connect")
            let connection: Connection
            do { connection = try Connection(try address.text()) } catch let problem as DeviceError {
                throw address.error("\(problem)")
            }
            let profile = try entry.required("profile").text()
            let channel =
                if let defaultChannel {
                    try entry.optional("channel")?.text() ?? defaultChannel
                } else { try entry.required("channel").text() }
            return .init(profile: profile, connection: connection, channel: channel)
        }
    }
}
