import DataFiles
import Simulation

/// A schedule of faults: a list under `faults`, each with `fault` and, where it is not there always, `from` and `to`
/// in seconds since the start, and `chance` from 0 to 1 of an answer to be hit.
enum FaultFile {
    /// - Throws: `DataFileError` at the place of the first fault in the file.
    static func load(_ path: String) throws -> [ScheduledFault] {
        try read(DataNode.load(path))
    }

    private static func read(_ file: DataNode) throws -> [ScheduledFault] {
        try file.mapping { file in
            try file.required("faults").list().map { try $0.mapping(scheduled) }
        }
    }

    private static func scheduled(_ entry: DataMapping) throws -> ScheduledFault {
        let name = try entry.required("fault")
        let text = try name.text()
        guard let fault = WireFault(text) else {
            throw name.error("'\(text)' is no fault: it is one of \(WireFault.allNames)")
        }
        let from = try entry.optional("from")?.seconds() ?? 0
        var to = Double.infinity
        if let node = entry.optional("to") {
            to = try node.seconds()
            guard to > from else { throw node.error("it ends at \(to) s, before it begins at \(from) s") }
        }
        var chance = 1.0
        if let node = entry.optional("chance") {
            chance = try node.number()
            guard (0...1).contains(chance) else { throw node.error("a chance is a number from 0 to 1, not \(chance)") }
            guard !fault.isOfValue || chance == 1 else {
                throw node.error("'\(text)' is of the value and holds or does not: say from when to when")
            }
        }
        return ScheduledFault(fault, from: from, to: to, chance: chance)
    }
}

extension DataNode {
    fileprivate func seconds() throws -> Double {
        let value = try number()
        guard (0...1e9).contains(value) else { throw error("a time is in seconds since the start, not \(value)") }
        return value
    }
}
