public import Chronometry
import DataFiles
public import Procedures

/// Instruments whose readings a person took and typed: one file, one session, any procedure.
///
/// The flow bench reads for itself (``VerificationJob``); everything else is entered here, in the words of the procedure.
public struct ReadingsJob: Sendable {
    public struct Subject: Sendable {
        public let position: Int
        public let maker: String
        public let model: String
        public let serial: String
        /// As the plate says it, in the words of the file.
        public let plate: [String: String]
        public let data: VerificationData
        /// Readings that are far from what was set are taken only with a reason.
        public let unusual: String?

        /// The same instrument with what was read of it since.
        func with(_ data: VerificationData, unusual: String?) -> Subject {
            Subject(
                position: position, maker: maker, model: model, serial: serial, plate: plate, data: data,
                unusual: unusual ?? self.unusual)
        }
    }

    public let name: String
    /// SHA-256 of the file's bytes.
    public let digest: String
    public let text: String
    public let procedure: Procedure
    public let institution: String
    public let verifier: String
    public let client: String
    public let place: String
    public let receivedOn: CivilDate?
    /// Role → key of the standard.
    public let standards: [String: String]
    public let subjects: [Subject]

    /// Whether a job file is of this kind: it names instruments and no bench.
    public static func isOne(_ path: String) throws -> Bool {
        try DataNode.load(path).entries().contains { try $0.key.text() == "instruments" }
    }

    /// - Parameter procedures: folder of the procedure files.
    /// - Throws: `DataFileError` naming file, line and column; `ProcedureError` for a procedure that is not there.
    public static func load(_ path: String, procedures: String) throws -> ReadingsJob {
        let text = try DataNode.text(ofFile: path)
        return try DataNode.parse(text, file: path).mapping { try ReadingsJob($0, text: text, procedures) }
    }

    private init(_ file: DataMapping, text: String, _ procedures: String) throws {
        self.text = text
        digest = CanonicalJSON.digest(text)
        name = try file.required("job").text()
        let procedure = try Procedure.numbered(try file.required("procedure").text(), in: procedures)
        self.procedure = procedure
        institution = try file.required("institution").text()
        verifier = try file.required("verifier").text()
        client = try file.required("client").text()
        place = try file.required("place").text()
        receivedOn = try file.optional("received")?.date()
        let roles = procedure.standards.map(\.role)
        standards = try Dictionary(
            uniqueKeysWithValues: file.required("standards").entries().map { key, value in
                let role = try key.text()
                guard roles.contains(role) else {
                    throw key.error(
                        "\(procedure.number) has no standard '\(role)': it has \(roles.joined(separator: ", "))")
                }
                return (role, try value.text())
            })
        let list = try file.required("instruments")
        var seen: [String: Int] = [:]
        subjects = try list.list().enumerated().map { index, node in
            try node.mapping { entry in
                let serial = try entry.required("serial")
                let subject = Subject(
                    position: try entry.optional("position")?.integer() ?? index + 1,
                    maker: try entry.required("maker").text(), model: try entry.required("model").text(),
                    serial: try serial.text(),
                    plate: try Dictionary(
                        uniqueKeysWithValues: entry.required("nameplate").entries().map {
                            (try $0.text(), try $1.text())
                        }),
                    data: try VerificationData(entry, under: procedure), unusual: try entry.optional("unusual")?.text())
                guard subject.data.standards.isEmpty else {
                    throw try entry.required("standards").error(
                        "what a standard is good for comes from its certificate on file: name it under the job's 'standards'"
                    )
                }
                let identity = "\(subject.maker) \(subject.model) \(subject.serial)"
                if let other = seen.updateValue(subject.position, forKey: identity) {
                    throw serial.error("the instrument \(identity) stands at position \(other) already")
                }
                return subject
            }
        }
        guard !subjects.isEmpty else { throw list.error("the job has no instrument") }
        guard Set(subjects.map(\.position)).count == subjects.count else {
            throw list.error("two instruments stand at one position")
        }
    }
}
