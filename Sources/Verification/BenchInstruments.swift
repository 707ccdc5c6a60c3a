import Chronometry
import Devices
import Metrology

/// The instruments of a bench, asked in the words of the test.
struct BenchInstruments: Sendable {
    /// By name, as the job calls them.
    let profiles: [String: DeviceProfile]
    private let reference: Device
    private let controller: Device
    private let conditionDevices: [String: Device]
    private let meters: [Int: Device]

    private enum Channel {
        static let identity = "serial-number"
        static let setFlow = "flow-setpoint"
        static let presetVolume = "volume-preset"
        static let command = "command"
        static let state = "state"
        static let duration = "duration"
    }

    init(_ job: VerificationJob, profiles folder: String) async throws {
        var profiles: [String: DeviceProfile] = [:]
        let lines = DeviceLines()
        func device(_ part: VerificationJob.Instrumentation) async throws -> Device {
            let profile = try profiles[part.profile] ?? DeviceProfile.named(part.profile, in: folder)
            profiles[profile.name] = profile
            _ = try profile.channel(part.channel)
            return try await lines.device(profile, at: part.connection)
        }
        reference = try await device(job.reference)
        controller = try await device(job.controller)
        var conditionDevices: [String: Device] = [:]
        for (id, part) in job.conditions { conditionDevices[id] = try await device(part) }
        self.conditionDevices = conditionDevices
        var meters: [Int: Device] = [:]
        for position in job.positions {
            meters[position.position] = try await device(position.meter)
        }
        self.meters = meters
        self.profiles = profiles
    }

    /// Asks every meter for its own serial number: no reading is attributed to the wrong instrument.
    @discardableResult
    func identify(_ job: VerificationJob) async throws -> [Observation] {
        var identities: [Observation] = []
        for position in job.positions {
            guard let meter = meters[position.position],
                (try? meter.profile.channel(Channel.identity)) != nil
            else { continue }
            let indication = try await meter.read(Channel.identity)
            guard indication.value.number.description == position.serial else {
                throw VerificationError.wrongInstrument(
                    position: position.position, expected: position.serial,
                    found: indication.value.number.description)
            }
            identities.append(
                Observation(
                    indication, role: .identity, run: nil, position: position.position,
                    profile: meter.profile.name))
        }
        return identities
    }

    func conditions(_ job: VerificationJob, run: Run?) async throws -> [Observation] {
        var found: [Observation] = []
        for (id, part) in job.conditions.sorted(by: { $0.key < $1.key }) {
            guard let device = conditionDevices[id] else { continue }
            found.append(
                Observation(
                    try await device.read(part.channel), role: .condition, condition: id, run: run,
                    profile: device.profile.name))
        }
        return found
    }

    /// All readings at standstill, before the water runs.
    func starts(_ job: VerificationJob, run: Run) async throws -> [Observation] {
        try await volumes(job, run, reference: .referenceStart, indicated: .indicatedStart)
    }

    /// All readings at standstill, after it ran, and how long it ran.
    func ends(_ job: VerificationJob, run: Run) async throws -> [Observation] {
        let duration = Observation(
            try await controller.read(Channel.duration), role: .duration, run: run,
            profile: controller.profile.name)
        return try await volumes(job, run, reference: .referenceEnd, indicated: .indicatedEnd)
            + [duration]
    }

    private func volumes(
        _ job: VerificationJob, _ run: Run, reference role: Observation.Role,
        indicated: Observation.Role
    ) async throws -> [Observation] {
        var found = [
            Observation(
                try await reference.read(job.reference.channel), role: role, run: run,
                profile: reference.profile.name)
        ]
        for position in job.positions {
            guard let meter = meters[position.position] else { continue }
            found.append(
                Observation(
                    try await meter.read(position.meter.channel), role: indicated, run: run,
                    position: position.position, profile: meter.profile.name))
        }
        return found
    }

    /// Lets `volume` (L) pass at `flow` (m³/h) and waits until the controller has closed its valve.
    ///
    /// - Returns: false where no water passed for a while although the batch runs.
    func pass(_ volume: ExactDecimal, at flow: Double) async throws -> Bool {
        let setFlow = Reporting.rounded(flow * 1000, places: 1) ?? ExactDecimal(0)
        try await controller.write(Channel.setFlow, setFlow)
        try await controller.write(Channel.presetVolume, volume)
        try await controller.write(Channel.command, ExactDecimal(1))
        var pause = 0.01
        var lastVolume: ExactDecimal?
        var stillSince = SystemClock.monotonicSeconds()
        while true {
            try await Task.sleep(for: .seconds(pause))
            if try await controller.read(Channel.state).value.number == ExactDecimal(2) { return true }
            let passed = try await reference.read("volume").value.number
            if passed != lastVolume {
                lastVolume = passed
                stillSince = SystemClock.monotonicSeconds()
            }
            if SystemClock.monotonicSeconds() - stillSince > 60 { return false }
            // Quick at first for short runs, then easy on the line for those of half an hour.
            pause = min(0.5, pause * 1.3)
        }
    }

    func stop() async throws {
        try await controller.write(Channel.command, ExactDecimal(0))
    }

    /// Mean flow of a run in m³/h, by the reference and the controller's clock.
    func flow(_ observations: [Observation]) throws -> Double {
        func number(_ role: Observation.Role) throws -> ExactDecimal {
            guard let number = observations.first(where: { $0.role == role })?.number else {
                throw VerificationError.missingObservation(role.rawValue, point: "this run")
            }
            return number
        }
        let volume = (try number(.referenceEnd) - number(.referenceStart)).double
        let duration = try number(.duration).double
        return duration > 0 ? volume / duration * 3.6 : 0
    }
}
