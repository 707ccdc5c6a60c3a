import Glibc

/// One collection to a ledger: a second one would send every value again.
///
/// The kernel drops the lock with the process, however it ends.
final class CollectionLock: Sendable {
    private let descriptor: Int32

    /// - Throws: ``EnergyError/alreadyCollecting(ledger:)``, or
    ///   ``EnergyError/cannotLock(path:why:)`` where the folder cannot be written.
    init(ledger: String) throws {
        let path = ledger + "-energy.lock"
        descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw EnergyError.cannotLock(path: path, why: String(cString: strerror(errno)))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw EnergyError.alreadyCollecting(ledger: ledger)
        }
    }

    deinit { close(descriptor) }
}
