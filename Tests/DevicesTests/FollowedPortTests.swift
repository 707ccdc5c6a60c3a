import Devices
import Synchronization
import Testing

/// What is plugged in, as a line sees it, and what the line says of it.
final class Shelf: Sendable {
    private struct State {
        var ports: [SerialPortDetails] = []
        var news: [LineNews.Change] = []
        var latency: Int?
    }

    private let state = Mutex(State())

    var news: [LineNews.Change] { state.withLock { $0.news } }

    func latency(_ milliseconds: Int) { state.withLock { $0.latency = milliseconds } }

    func port(_ path: String = "/dev/ttyUSB0") -> FollowedPort {
        let ports = VisiblePorts(
            present: { self.state.withLock { $0.ports } },
            at: { path in self.state.withLock { $0.ports.first { $0.node == path } } },
            lowerLatency: { _ in self.state.withLock { $0.latency } })
        return FollowedPort(path: path, among: ports) { news in self.state.withLock { $0.news.append(news.change) } }
    }

    func plug(_ adapter: SerialPortDetails, _ port: FollowedPort? = nil) {
        state.withLock { $0.ports.append(adapter) }
        port?.take(.added(adapter))
    }

    func pull(_ adapter: SerialPortDetails, _ port: FollowedPort? = nil) {
        state.withLock { $0.ports.removeAll { $0 == adapter } }
        port?.take(.removed(adapter))
    }
}

func adapter(_ node: String, serial: String?, at place: String, interface: String = "00") -> SerialPortDetails {
    SerialPortDetails(
        node: node, stableName: nil, place: place, vendor: "0403", product: "6001", serial: serial,
        interface: interface, portNumber: "0", words: "FTDI FT232R")
}

@Suite struct FollowedPortTests {
    private let shelf = Shelf()
    private let first = adapter("/dev/ttyUSB0", serial: "A1", at: "1-1")

    private func opened(_ port: FollowedPort) throws -> String { try port.open { $0 } }

    @Test func anAdapterIsFollowedToAnotherNode() throws {
        let port = shelf.port()
        shelf.plug(first)
        #expect(try opened(port) == "/dev/ttyUSB0" && !port.isUnplugged)
        shelf.pull(first, port)
        #expect(port.isUnplugged)
        #expect(throws: DeviceError.noSuchPort(path: "/dev/ttyUSB0")) { try opened(port) }
        shelf.plug(adapter("/dev/ttyUSB0", serial: "B2", at: "1-1"), port)
        #expect(throws: DeviceError.self) { try opened(port) }
        shelf.plug(adapter("/dev/ttyUSB1", serial: "A1", at: "1-2"), port)
        #expect(try opened(port) == "/dev/ttyUSB1" && !port.isUnplugged)
        #expect(shelf.news == [.unplugged, .taken(by: "FTDI FT232R"), .back(node: "/dev/ttyUSB1")])
    }

    /// Where no news of plugs come, or later than the line looks itself.
    @Test func itIsFollowedWithoutNewsToo() throws {
        let port = shelf.port()
        shelf.plug(first)
        #expect(try opened(port) == "/dev/ttyUSB0")
        let moved = adapter("/dev/ttyUSB1", serial: "A1", at: "1-2")
        shelf.pull(first)
        shelf.plug(moved)
        #expect(try opened(port) == "/dev/ttyUSB1")
        port.take(.removed(first))
        port.take(.added(moved))
        #expect(!port.isUnplugged && shelf.news == [.back(node: "/dev/ttyUSB1")])
    }

    @Test func oneThatWasNotThereYetIsToldOf() throws {
        let port = shelf.port()
        #expect(try opened(port) == "/dev/ttyUSB0", "nothing is known of it: opening it says what is wrong")
        let other = shelf.port("/dev/ttyUSB1")
        shelf.plug(adapter("/dev/ttyUSB1", serial: "A1", at: "1-1"), other)
        #expect(shelf.news == [.back(node: "/dev/ttyUSB1")])
    }

    @Test func aTwinIsNotFollowed() throws {
        let port = shelf.port()
        shelf.plug(first)
        _ = try opened(port)
        // Another of the same serial number, while the first is there: from now on only the place tells.
        let twin = adapter("/dev/ttyUSB1", serial: "A1", at: "1-2")
        shelf.plug(twin, port)
        shelf.pull(first, port)
        #expect(throws: DeviceError.noSuchPort(path: "/dev/ttyUSB0")) { try opened(port) }
        shelf.plug(adapter("/dev/ttyUSB2", serial: "A1", at: "1-1"), port)
        #expect(try opened(port) == "/dev/ttyUSB2")
        #expect(shelf.news == [.unplugged, .back(node: "/dev/ttyUSB2")])
    }

    @Test func aSlowAdapterIsToldOfOnce() throws {
        let port = shelf.port()
        shelf.plug(first)
        shelf.latency(1)
        _ = try opened(port)
        #expect(shelf.news.isEmpty)
        shelf.latency(16)
        _ = try opened(port)
        _ = try opened(port)
        #expect(shelf.news == [.slow(milliseconds: 16)])
    }
}
