// Serves GET /tasks/{id} on the port that is its argument: a fixed body, and nothing is looked up.
import Hummingbird
import Logging

@main
struct Bare {
    static func main() async throws {
        guard let port = CommandLine.arguments.dropFirst().first.flatMap({ Int($0) }) else { fatalError("say the port") }
        let router = Router()
        router.get("tasks/{id}") { _, context in
            _ = try context.parameters.require("id", as: Int.self)
            return #"{"title":"A fixed body"}"#
        }
        var logger = Logger(label: "bare")
        logger.logLevel = .error
        try await Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)), logger: logger
        ).runService()
    }
}
