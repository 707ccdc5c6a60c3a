import Foundation
import LibFuzzer

/// One codec under examination.
protocol FuzzedCodec {
    static var name: String { get }
    /// Published frames to begin with, in the codec's own form.
    static func seeds(_ published: Published) -> [[UInt8]]
    init(_ published: Published) throws
    /// Feeds `input` to the codec, checks what it makes of it by arithmetic of its own, and says how much was accepted.
    func examine(_ input: FuzzInput, _ report: inout FuzzReport)
}

/// An input as the fuzzer makes it: how to use the bytes, and the bytes.
struct FuzzInput {
    /// Of the first byte: bit 0, mend the checks; bit 1, a published frame follows; the rest chooses.
    let plan: UInt8
    let bytes: [UInt8]

    init(_ raw: UnsafeBufferPointer<UInt8>) {
        plan = raw.first ?? 0
        bytes = Array(raw.dropFirst())
    }

    var mends: Bool { plan & 1 != 0 }
    var isFollowed: Bool { plan & 2 != 0 }
    /// 0 to 63.
    var choice: Int { Int(plan >> 2) }
}

@main
enum Fuzz {
    static var codecs: [any FuzzedCodec.Type] {
        [
            DLT645Fuzz.self, CJT188Fuzz.self, MBusFuzz.self, ModbusRTUFuzz.self, ModbusASCIIFuzz.self,
            ModbusTCPFuzz.self, ModbusAnswerFuzz.self, IdentificationFuzz.self, TextFuzz.self, PatternFuzz.self,
        ]
    }

    nonisolated(unsafe) static var report = FuzzReport()
    nonisolated(unsafe) static var codec: (any FuzzedCodec)?

    /// Arguments: a codec, the folder of the repository, a folder for the corpus, and those of libFuzzer.
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 4, let kind = codecs.first(where: { $0.name == arguments[1] }) else {
            print(codecs.map { $0.name }.joined(separator: "\n"))
            exit(arguments.count > 1 ? 2 : 0)
        }
        let published = try Published(repository: arguments[2])
        let seeds = kind.seeds(published)
        guard !seeds.isEmpty else { fail("no published frame of \(kind.name) was found in \(arguments[2])") }
        for (index, seed) in seeds.enumerated() {
            // Each once as it came, and once to be mended after it was changed.
            for plan: UInt8 in 0...3 {
                let place = URL(filePath: arguments[3]).appending(path: "seed-\(index)-\(plan)")
                try Data([plan &+ UInt8(truncatingIfNeeded: index &* 4)] + seed).write(to: place)
            }
        }
        codec = try kind.init(published)
        atexit { print(Fuzz.report.line(of: Fuzz.codec), terminator: "") }
        var words = ([arguments[0]] + arguments.dropFirst(3)).map { strdup($0) } + [nil]
        var count = CInt(words.count - 1)
        let status = words.withUnsafeMutableBufferPointer { buffer -> CInt in
            var base = buffer.baseAddress
            return LLVMFuzzerRunDriver(&count, &base) { start, count in
                Fuzz.examine(UnsafeBufferPointer(start: start, count: count))
                return 0
            }
        }
        exit(status)
    }

    static func examine(_ raw: UnsafeBufferPointer<UInt8>) {
        guard let codec else { return }
        report.begin(raw)
        codec.examine(FuzzInput(raw), &report)
        report.end()
    }

    static func fail(_ why: String) -> Never {
        FileHandle.standardError.write(Data("fuzz: \(why)\n".utf8))
        exit(2)
    }
}
