import Capabilities
import Certification
public import Chronometry
import Dispatch
import Energy
import Foundation
import HTTPTypes
import Hummingbird
public import Ledger
import Logging
import NIOCore
import Procedures
import Registry
import ServiceLifecycle
import UnixSignals
import Verification

/// The console's HTTP server.
public struct ConsoleServer: Sendable {
    private let ledger: Ledger
    private let catalogue: Catalogue
    private let targets: CoverageTargets
    private let clock: @Sendable () -> Instant
    private let version: String
    private let reading = DispatchQueue(label: "console", attributes: .concurrent)

    /// - Parameter calibration: folder of the catalogue and the regions.
    /// - Throws: `DataFileError` for a faulty file.
    public init(
        ledger: Ledger, calibration: String, version: String,
        clock: @escaping @Sendable () -> Instant = SystemClock.now
    ) throws {
        self.ledger = ledger
        self.version = version
        self.clock = clock
        catalogue = try Catalogue.load("\(calibration)/catalogue.yaml")
        targets = try CoverageTargets.load("\(calibration)/regions.yaml")
    }

    /// Serves until the program is asked to end (SIGTERM, SIGINT).
    ///
    /// - Parameter onListening: is told the port once connections are accepted.
    public func run(
        host: String, port: Int, onListening: @escaping @Sendable (Int) -> Void
    ) async throws {
        let application = Application(
            router: router(),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), serverName: "steelyard"),
            onServerRunning: { channel in onListening(channel.localAddress?.port ?? port) },
            logger: Self.quiet)
        // Shut down gracefully, never cancelled: a cancelled server drops accepted connections.
        try await ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [application], gracefulShutdownSignals: [.sigterm, .sigint],
                logger: Self.quiet)
        ).run()
    }

    private static let quiet = Logger(label: "console") { _ in SwiftLogNoOpLogHandler() }

    private var today: CivilDate { clock().date(in: .china) }

    private func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.get("/") { _, _ in try await page { CoveragePages(catalogue: catalogue).overview(try coverage()) } }
        router.get("/coverage/:institution") { _, context in
            let key = try context.parameters.require("institution")
            return try await page {
                let report = try coverage()
                guard let found = report.institutions.first(where: { $0.institution.key == key }) else {
                    throw HTTPError(.notFound)
                }
                return CoveragePages(catalogue: catalogue).detail(found, on: report.day)
            }
        }
        router.get("/certificates") { _, _ in try await page { CertificatePages().list(try certificates.all()) } }
        router.get("/certificates/:number") { _, context in
            let number = try context.parameters.require("number")
            return try await page {
                let issued = try certificate(number)
                return CertificatePages().one(issued, isGenuine: try isGenuine(issued))
            }
        }
        router.get("/energy") { _, _ in
            try await page { EnergyPage().page(try EnergyRecords(ledger).completeness()) }
        }
        let api = router.group("api")
        api.get("coverage") { _, _ in try await json { Data(try coverage().json().utf8) } }
        api.get("certificates") { _, _ in
            try await json { try CanonicalJSON.encode(try certificates.all().map(\.document)) }
        }
        api.get("certificates/:number") { _, context in
            let number = try context.parameters.require("number")
            return try await json { try CanonicalJSON.encode(try certificate(number).document) }
        }
        api.get("energy/status") { _, _ in
            try await json { try CanonicalJSON.encode(try EnergyRecords(ledger).completeness()) }
        }
        router.get("health") { _, _ in "ok\n" }
        return router
    }

    private var certificates: Certificates { Certificates(ledger, version: version) }

    private func coverage() throws -> CoverageReport {
        let facts = try ledger.read { try CoverageFacts(catalogue: catalogue, in: $0) }
        return try Coverage.report(facts, targets: targets, on: today, forecastDays: 90)
    }

    private func certificate(_ number: String) throws -> Certificates.Issued {
        do { return try certificates.certificate(number) } catch CertificationError.unknownCertificate {
            throw HTTPError(.notFound)
        }
    }

    private func isGenuine(_ issued: Certificates.Issued) throws -> Bool {
        do {
            let stored = try Records(ledger).record(issued.record)
            return try RecordSigning(ledger).check(stored) == 3 && stored.digest == issued.document.record_digest
        } catch CertificationError.badSignature {
            return false
        } catch VerificationError.malformedRow {
            // The record's bytes no longer have the digest that was signed.
            return false
        }
    }

    private func page(_ body: @escaping @Sendable () throws -> Page) async throws -> Response {
        var status = HTTPResponse.Status.ok
        let html: String
        do { html = try await offPool { try body().html } } catch let error as HTTPError
            where error.status == .notFound
        {
            (status, html) = (.notFound, Page.notFound.html)
        }
        return Response(
            status: status, headers: [.contentType: "text/html; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
    }

    private func json(_ body: @escaping @Sendable () throws -> Data) async throws -> Response {
        let data = try await offPool(body)
        return Response(
            status: .ok, headers: [.contentType: "application/json; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
    }

    /// Reading the ledger blocks its thread, which is none of the concurrency pool's.
    private func offPool<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            reading.async { continuation.resume(with: Result { try body() }) }
        }
    }
}
