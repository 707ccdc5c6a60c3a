import ArgumentParser
import Hummingbird

@main
struct Steelyard: AsyncParsableCommand {
    func run() async throws {
        print("hello")
    }
}
