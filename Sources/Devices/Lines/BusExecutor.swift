import Dispatch

/// Runs an actor's jobs one after another on a thread of its own, so that a C call that blocks for
/// a second stalls this bus and nothing else.
final class BusExecutor: SerialExecutor {
    private let queue: DispatchQueue

    init(label: String) {
        queue = DispatchQueue(label: label)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
