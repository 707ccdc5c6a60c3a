import Chronometry
import GRDB
import Registry

extension Outbox {
    /// How far the session with the platform is: register, version check, configuration, data.
    enum Preparation {
        case ready(deviceID: String)
        /// One step further; look again.
        case moved
        case failed(DialectA.Answer)
    }

    mutating func prepare(_ state: DestinationState) async throws -> Preparation {
        guard let deviceID = state.deviceID else { return try await register(state) }
        let isChecked = versionsCheckedAt.map { now().seconds(since: $0) < 86_400 } ?? false
        if !isChecked, let url = state.versionURL {
            return try await checkVersions(state, deviceID, url)
        }
        let configuration = DialectA.configuration(plan, deviceID: deviceID)
        let isKnown =
            state.configBody == configuration && state.configVersion == state.regVersion
        // One variant of the interface assigns no address for the configuration.
        if !isKnown, let url = state.configURL {
            return try await configure(state, configuration, url)
        }
        return .ready(deviceID: deviceID)
    }

    private func register(_ state: DestinationState) async throws -> Preparation {
        var (answer, upload) = try await ask(
            "register", DialectA.registration(of: plan.enterprise), destination.registerURL)
        if case .accepted(let fields) = answer {
            do {
                if let deviceID = fields.deviceId, let dataURL = fields.centerDataURL {
                    try records.keep(
                        upload, of: state.id,
                        set: [
                            "device_id": deviceID, "data_url": try PlatformURL(dataURL).text,
                            "version_url": try fields.loadDicVersionURL.map { try PlatformURL($0).text },
                            "config_url": try fields.centerInfoURL.map { try PlatformURL($0).text },
                            "upload_time": fields.uploadTime, "config_body": nil, "problem": nil,
                        ])
                    return .moved
                }
                answer = .unusable("the registration assigned no deviceId or no address for data")
            } catch let error as EnergyError {
                answer = .unusable(error.description)
            }
        }
        return try failed(answer, upload, state)
    }

    private mutating func checkVersions(
        _ state: DestinationState, _ deviceID: String, _ url: String
    ) async throws -> Preparation {
        let (answer, upload) = try await ask(
            "versionCheck", DialectA.versionCheck(deviceID: deviceID), try PlatformURL(url))
        guard case .accepted(let fields) = answer else { return try failed(answer, upload, state) }
        try records.keep(
            upload, of: state.id,
            set: [
                "reg_version": fields.regVersion, "dic_version": fields.dicVersion, "problem": nil,
            ])
        versionsCheckedAt = now()
        return .moved
    }

    private func configure(
        _ state: DestinationState, _ body: String, _ url: String
    ) async throws -> Preparation {
        let (answer, upload) = try await ask("uploadConfigData", body, try PlatformURL(url))
        guard case .accepted = answer else { return try failed(answer, upload, state) }
        try records.keep(
            upload, of: state.id,
            set: ["config_body": body, "config_version": state.regVersion, "problem": nil])
        return .moved
    }

    private func failed(
        _ answer: DialectA.Answer, _ upload: UploadRecord, _ state: DestinationState
    ) throws -> Preparation {
        let problem = "\(upload.operation): \(answer.words)"
        try records.keep(
            UploadRecord(
                operation: upload.operation, url: upload.url, request: upload.request,
                status: upload.status, answer: upload.answer, outcome: answer.words,
                sentAt: upload.sentAt, endedAt: upload.endedAt),
            of: state.id, set: ["problem": problem])
        return .failed(answer)
    }

    /// One request and what the answer means; a platform that was not reached is an answer too.
    func ask(
        _ operation: String, _ body: String, _ url: PlatformURL
    ) async throws -> (DialectA.Answer, UploadRecord) {
        let sentAt = now()
        var reply: PlatformAnswer?
        let answer: DialectA.Answer
        do {
            let whole = try await transport.post(body, to: url)
            reply = whole
            answer = DialectA.decode(status: whole.status, body: whole.body)
        } catch let error as EnergyError {
            guard case .unreachable(_, let why) = error else { throw error }
            answer = .unusable(why)
        }
        return (
            answer,
            UploadRecord(
                operation: operation, url: url.text, request: body, status: reply?.status,
                answer: reply?.body, outcome: answer.words, sentAt: sentAt, endedAt: now())
        )
    }
}

extension DialectA.Answer {
    /// For the record and the status page.
    var words: String {
        switch self {
        case .accepted: "accepted"
        case .refused(let text): "refused: \(text)"
        case .unknownTerminal(let text): "terminal not known: \(text)"
        case .unusable(let why): "no answer: \(why)"
        }
    }
}
