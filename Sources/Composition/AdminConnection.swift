// Where a command is done: by the server that owns the data folder, or by this process when there is none.
import Foundation
package import Logging
import ServiceLifecycle

package enum AdminConnection: Sendable {
    case server(socket: String)
    case here(AdminConsole)

    /// - Parameters:
    ///   - isMigrating: whether the schema is brought up to date where this process opens the database.
    ///   - isCreating: whether an installation is made where there is none.
    ///   - working: where jobs that this process does are logged; `nil` when it does none.
    /// - Throws: `DataFolder.Problem`, `SettingsError`, `StoreError`, and what `body` throws.
    package static func open<Value>(
        _ settings: Settings, isMigrating: Bool = true, isCreating: Bool = false, working logger: Logger? = nil,
        _ body: (AdminConnection) async throws -> Value
    ) async throws -> Value {
        let installation: Installation
        do {
            installation = try await Installation(settings, migrating: isMigrating, creating: isCreating)
        } catch DataFolder.Problem.held {
            return try await body(.server(socket: DataFolder.controlSocket(in: settings.dataFolder)))
        }
        let connection = AdminConnection.here(AdminConsole(installation))
        let value =
            if let logger { try await work(installation, logger) { try await body(connection) } } else { try await body(connection) }
        try await installation.close()
        return value
    }

    /// With a server database other processes may take the jobs as well.
    private static func work<Value>(_ installation: Installation, _ logger: Logger, _ body: () async throws -> Value) async throws -> Value
    {
        let workers = installation.workers(places: 4, logger: logger)
        let group = ServiceGroup(configuration: .init(services: [.init(service: workers)], logger: logger))
        async let work: Void = group.run()
        let value: Value
        do {
            value = try await body()
        } catch {
            await group.triggerGracefulShutdown()
            throw error
        }
        await group.triggerGracefulShutdown()
        try await work
        return value
    }

    /// - Parameters:
    ///   - input: the file that is imported.
    ///   - output: the file that is exported to.
    package func run(_ command: AdminCommand, input: InputFile? = nil, output: OutputFile? = nil) async throws -> AdminReply {
        switch self {
        case .server(let socket): return try await ControlSocket.send(command, to: socket, input: input, output: output)
        case .here(let console):
            return await console.run(
                command, CommandBytes(next: { try await input?.next() }, send: { try await output?.write($0) }))
        }
    }
}
