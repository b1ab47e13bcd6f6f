// What an operator should know about a PostgreSQL database.
package import StoreCore

extension PostgresStore {
    package func diagnose() async throws -> [Diagnosis] {
        try await read { tx in
            func setting(_ name: String) throws -> String { try tx.value("SELECT current_setting(\(name))") }
            let isPrimary = try tx.value("SELECT NOT pg_is_in_recovery()", as: Bool.self)
            let encoding: String = try setting("server_encoding")
            let fsync = try setting("fsync")
            let commit = try setting("synchronous_commit")
            let standbys = try setting("synchronous_standby_names")
            let inStep = try tx.value(
                "SELECT count(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')", as: Int64.self)
            return [
                Diagnosis("engine", "PostgreSQL \(try setting("server_version"))"),
                Diagnosis("role", isPrimary ? "primary" : "standby", isHealthy: isPrimary),
                Diagnosis("encoding", encoding, isHealthy: encoding == "UTF8"),
                Diagnosis("fsync", fsync, isHealthy: fsync == "on"),
                Diagnosis("full page writes", try setting("full_page_writes"), isHealthy: try setting("full_page_writes") == "on"),
                Diagnosis("synchronous commit", commit, isHealthy: commit != "off"),
                // A promoted standby that inherited the names of its standbys waits for ever at every commit.
                Diagnosis(
                    "synchronous standbys", standbys.isEmpty ? "none asked for" : "\(standbys): \(inStep) in step",
                    isHealthy: standbys.isEmpty || inStep > 0),
            ]
        }
    }

    package func version() async throws -> String {
        try await read { try $0.value("SELECT 'PostgreSQL ' || split_part(current_setting('server_version'), ' ', 1)") }
    }
}
