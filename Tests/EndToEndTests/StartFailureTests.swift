// What keeps the server from starting, each as one sentence that says what it is and what to do.
import Foundation
import StoreCore
import StoreSQLite
import TestKit
import Testing

@Suite struct StartFailureTests {
    /// The last thing that a start says; before it there may be log lines.
    private func failure(_ binary: BuiltBinary, _ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) async throws
        -> String
    {
        let ended = try await binary.run(arguments: ["serve"] + arguments)
        #expect(ended.status == 1, sourceLocation: sourceLocation)
        let last = ended.standardError.split(separator: "\n").last.map(String.init) ?? ""
        for word in ["NSCocoa", "Error Domain", "errno", "NIO", "IOError", "bind(", "couldn’t", "Optional("] {
            #expect(!last.contains(word), "\(last)", sourceLocation: sourceLocation)
        }
        return last
    }

    @Test("a port that is taken is named with its option")
    func takenPort() async throws {
        try await withTemporaryFolder { folder in
            var binary = BuiltBinary(in: folder)
            let server = try await binary.serve()
            binary.environment["DATABASE_URL"] = "sqlite:\(folder)/other/taskflow.sqlite"
            let port = "\(server.port)"
            let taken = try await failure(binary, "--port", port)
            #expect(
                taken == "taskflow: port \(port) of 127.0.0.1 is taken by another program: stop that one (`ss -ltnp 'sport = :\(port)'` "
                    + "names it), or set PORT to another port")
            let probes = try await failure(binary, "--taskflow-health-port", port)
            #expect(probes.contains("set TASKFLOW_HEALTH_PORT to another port"), "\(probes)")
            #expect(await server.stop() == 0)
        }
    }

    @Test("an address that is not this machine's, and a name that means nothing, are named")
    func wrongHost() async throws {
        try await withTemporaryFolder { folder in
            let binary = BuiltBinary(in: folder)
            let foreign = try await failure(binary, "--host", "192.0.2.1")
            #expect(foreign.contains("192.0.2.1 is not an address of this machine: set HOST"))
            let unknown = try await failure(binary, "--host", "no-host.invalid")
            #expect(unknown.contains("no address for the host “no-host.invalid”: set HOST"))
        }
    }

    @Test("a data folder that another server holds is named with its whole path, however it was given")
    func lockedFolder() async throws {
        try await withTemporaryFolder { folder in
            var binary = BuiltBinary(in: folder)
            let server = try await binary.serve()
            binary.environment["DATABASE_URL"] = "sqlite:data/taskflow.sqlite"
            let held = try await failure(binary)
            #expect(
                held.hasPrefix("taskflow: another TaskFlow is running on \(folder)/data: stop it (`fuser \(folder)/data/taskflow.lock`"))
            #expect(held.contains("TASKFLOW_DATA"))
            #expect(await server.stop() == 0)
        }
    }

    @Test("a folder that cannot be made says which and why")
    func unusableFolder() async throws {
        try await withTemporaryFolder { folder in
            var binary = BuiltBinary(in: folder)
            try "x".write(toFile: "\(folder)/f", atomically: true, encoding: .utf8)
            binary.environment["DATABASE_URL"] = "sqlite:f/data/taskflow.sqlite"
            #expect(
                try await failure(binary)
                    == "taskflow: the folder \(folder)/f cannot be made: a part of its path is a file and not a folder; name another place")
            // Nobody may write there, not even root.
            binary.environment["DATABASE_URL"] = "sqlite:/proc/taskflow/taskflow.sqlite"
            #expect(try await failure(binary).hasPrefix("taskflow: the folder /proc/taskflow cannot be made: there is no such folder;"))
        }
    }

    @Test("a file that is no database, a folder and a database of another program are refused, and not changed")
    func foreignDatabases() async throws {
        try await withTemporaryFolder { folder in
            var binary = BuiltBinary(in: folder)
            let text = "\(folder)/notes.txt"
            try String(repeating: "no database at all\n", count: 400).write(toFile: text, atomically: true, encoding: .utf8)
            let foreign = "\(folder)/foreign.sqlite"
            let store = try SQLiteStore(path: foreign)
            // The migrations of other programs have a table of this name, too.
            for statement: SQL in ["CREATE TABLE schema_migrations (version TEXT)", "CREATE TABLE photos (id INTEGER)"] {
                _ = try await store.write { try $0.run(statement.unkept) }
            }
            try await store.close()
            let contents = { try [text, foreign].map { try Data(contentsOf: URL(filePath: $0)) } }
            let before = try contents()
            binary.environment["DATABASE_URL"] = "sqlite:notes.txt"
            #expect(try await failure(binary).hasPrefix("taskflow: \(text) is not a database: name another file in DATABASE_URL"))
            binary.environment["DATABASE_URL"] = "sqlite:foreign.sqlite"
            #expect(
                try await failure(binary).hasPrefix(
                    "taskflow: \(foreign) belongs to another program (its tables: photos, schema_migrations): TaskFlow needs a database of its own"
                ))
            #expect(try await binary.run("migrate").standardError.contains("belongs to another program"))
            #expect(try contents() == before)
            binary.environment["DATABASE_URL"] = "sqlite:\(folder)"
            #expect(try await failure(binary).contains("\(folder) is a folder: name a file in it"))
        }
    }

    @Test("a PostgreSQL database of another program is refused", .only(.postgres))
    func foreignPostgres() async throws {
        try await withTemporaryFolder { folder in
            var binary = BuiltBinary(in: folder)
            let database = try await EngineUnderTest.newDatabase(in: folder)
            let store = try await database.open()
            _ = try await store.write { try $0.run("CREATE TABLE photos (id BIGINT)") }
            try await store.close()
            binary.environment["DATABASE_URL"] = database.url
            #expect(try await failure(binary).contains("belongs to another program (its tables: photos)"))
            try await database.drop()
        }
    }
}
