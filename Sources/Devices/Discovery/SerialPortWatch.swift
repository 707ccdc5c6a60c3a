import Dispatch
import Synchronization

/// Serial ports as they are plugged in and pulled out.
///
/// libudev's monitor is waited for on a thread of its own, which ends when nobody holds ``events`` any more.
public final class SerialPortWatch: Sendable {
    public enum Event: Hashable, Sendable {
        case added(SerialPortDetails)
        /// As it was when it was added: what is gone has no attributes any more.
        case removed(SerialPortDetails)

        public var port: SerialPortDetails {
            switch self {
            case .added(let port), .removed(let port): port
            }
        }
    }

    /// What was there when the watch began, by node.
    public let present: [SerialPortDetails]
    /// Everything since, for one reader.
    public let events: AsyncStream<Event>

    /// Between the list and the events nothing is lost, and nothing is told twice.
    ///
    /// - Throws: ``DeviceError/failed(line:why:)`` where libudev gives no monitor.
    public init() throws {
        guard let monitor = PortMonitor(), let bell = Bell() else {
            throw DeviceError.failed(
                line: "the watch for serial ports", why: "the system gives no news of devices (libudev)")
        }
        present = monitor.known.values.sorted { $0.node < $1.node }
        let (events, continuation) = AsyncStream.makeStream(of: Event.self)
        self.events = events
        continuation.onTermination = { _ in bell.ring() }
        let held = Mutex(monitor)
        let thread = Thread(held: held, bell: bell)
        DispatchQueue(label: "serial ports").async {
            thread.held.withLock { $0.run(until: thread.bell) { continuation.yield($0) } }
        }
    }

    /// The thread has the monitor to itself for as long as it runs.
    private final class Thread: Sendable {
        let held: Mutex<PortMonitor>
        let bell: Bell

        init(held: consuming sending Mutex<PortMonitor>, bell: Bell) {
            self.held = held
            self.bell = bell
        }
    }
}
