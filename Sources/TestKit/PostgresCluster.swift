// A PostgreSQL cluster of a test's own, to be stopped, frozen and killed. Raised by scripts/postgres.
import Foundation
import Logging
import StoreCore
package import StorePostgres

package struct PostgresCluster: Sendable {
    package let folder: String
    package let url: String

    private static let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "scripts/postgres").path

    /// Starts a cluster, and removes it after `body`.
    package static func run(_ body: (PostgresCluster) async throws -> Void) async throws {
        try await run(["start"], body)
    }

    /// Starts a streaming standby of this one, and removes it after `body`.
    package func withStandby(_ body: (PostgresCluster) async throws -> Void) async throws {
        try await Self.run(["standby"], of: folder, body)
    }

    private static func run(_ command: [String], of other: String? = nil, _ body: (PostgresCluster) async throws -> Void) async throws {
        try await withTemporaryFolder { outer in
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: outer)
            let folder = "\(outer)/pg"
            let output = try await script(command + [folder] + (other.map { [$0] } ?? []))
            let cluster = PostgresCluster(folder: folder, url: output.trimmingCharacters(in: .whitespacesAndNewlines))
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await body(cluster)) } catch { outcome = .failure(error) }
            _ = try await script(["stop", folder])
            try outcome.get()
        }
    }

    package var port: Int64? { URL(string: url)?.port.map(Int64.init) }

    /// - Parameter others: hosts that may be the primary instead of this one.
    package func open(
        connections: Int = 4, or others: [PostgresCluster] = [], replicas: [PostgresCluster] = []
    ) async throws -> PostgresStore {
        var options = PostgresStore.Options()
        options.connections = connections
        options.replicaURLs = replicas.map(\.url)
        let hosts = ([self] + others).map { "127.0.0.1:\($0.port ?? 0)" }.joined(separator: ",")
        let url = others.isEmpty ? url : "postgres://taskflow@\(hosts)/postgres?target_session_attrs=read-write"
        return try await PostgresStore(url: url, options: options, logger: silentLogger)
    }

    package func start() async throws { _ = try await Self.script(["start", folder]) }
    /// SIGKILL for every process.
    package func kill() async throws { _ = try await Self.script(["kill", folder]) }
    /// SIGSTOP for every process.
    package func freeze() async throws { _ = try await Self.script(["freeze", folder]) }
    package func thaw() async throws { _ = try await Self.script(["thaw", folder]) }
    package func promote() async throws { _ = try await Self.script(["promote", folder]) }

    private static func script(_ arguments: [String]) async throws -> String {
        let binary = BuiltBinary(in: FileManager.default.temporaryDirectory.path)
        let output = try await binary.run(arguments: arguments, executable: script)
        guard output.status == 0 else { throw ClusterFailure(reason: output.standardError) }
        return output.standardOutput
    }
}

package struct ClusterFailure: Error {
    let reason: String
}
