// What somebody does at three in the morning: the doctor, backups of a timer, the rehearsal of a restore, an upgrade.
import Client
import Foundation
import HTTPTypes
import Model
import Repositories
import StoreCore
import StoreSQLite
import Testing
import TestKit
import Wire

@Suite struct NightTests {
    private static let keys = (0..<3).map { _ in Data((0..<32).map { _ in UInt8.random(in: 0...255) }).base64EncodedString() }

    private func key(_ number: Int) -> String { Self.keys[number] }

    @Test("The doctor names a signing key that is not the one of the audit, and finds nothing wrong with the right one")
    func wrongKey() async throws {
        try await withTemporaryFolder { folder in
            var binary = BuiltBinary(in: folder)
            binary.environment["TASKFLOW_SIGNING_KEY"] = key(1)
            let server = try await binary.serve()
            let body = #"{"email":"ada@example.com","password":"a long enough one"}"#
            let made = try await server.client.send(
                .post, "/api/v1/auth/register", headers: [("Content-Type", "application/json")], body: Array(body.utf8))
            #expect(made.status == 201)
            #expect(await server.stop() == 0)

            let sound = try await binary.run("doctor")
            #expect(sound.standardOutput.contains("ok    signing key: is the one that sealed the audit"))
            binary.environment["TASKFLOW_SIGNING_KEY"] = key(2)
            let wrong = try await binary.run("doctor", "--json")
            #expect(wrong.status == 1)
            let findings = try JSON(parsing: wrong.standardOutput.utf8, limits: JSONLimits(depth: 8))
            guard case .array(let checks) = findings else {
                Issue.record("it printed no array: \(wrong.standardOutput)")
                return
            }
            #expect(checks.filter { $0["ok"] == .bool(false) }.compactMap { $0["check"]?.stringValue } == ["signing key"])
            binary.environment["TASKFLOW_SIGNING_KEY"] = "\(key(2)),\(key(1))"
            #expect(try await binary.run("doctor").standardOutput.contains("ok    signing key"))
        }
    }

    @Test("The doctor names a mail server that is not there, and says that no backup was made")
    func mailServer() async throws {
        try await withTemporaryFolder { folder in
            var binary = BuiltBinary(in: folder)
            #expect(try await binary.run("migrate").status == 0)
            binary.environment["SMTP_URL"] = "smtp://127.0.0.1:1"
            binary.environment["TASKFLOW_MAIL_FROM"] = "TaskFlow <taskflow@example.com>"
            let doctor = try await binary.run("doctor")
            #expect(doctor.status == 1)
            #expect(doctor.standardOutput.contains("FAIL  mail server: does not answer as it should"))
            #expect(doctor.standardOutput.contains("ok    backup: `taskflow backup` has made none yet"))
        }
    }

    @Test("Backups of a timer are named by their time, and the oldest go; other files stay")
    func keep() async throws {
        try await withTemporaryFolder { folder in
            let binary = BuiltBinary(in: folder)
            #expect(try await binary.run("migrate").status == 0)
            let backups = "\(folder)/backups"
            try FileManager.default.createDirectory(atPath: backups, withIntermediateDirectories: false)
            let old = ["taskflow-20200101-000000.sqlite", "taskflow-20200102-000000.sqlite"]
            for name in old + ["taskflow-by-hand.sqlite", "notes.txt"] {
                #expect(FileManager.default.createFile(atPath: "\(backups)/\(name)", contents: Data("x".utf8)))
            }
            let made = try await binary.run("backup", "--to", backups, "--keep", "2")
            #expect(made.status == 0, "\(made.standardError)")
            #expect(made.standardOutput.contains("removed \(backups)/\(old[0])"))
            let names = try FileManager.default.contentsOfDirectory(atPath: backups).sorted()
            #expect(names.count == 4 && names.contains(old[1]) && names.contains("taskflow-by-hand.sqlite") && names.contains("notes.txt"))
            #expect(try await binary.run("doctor").standardOutput.contains("ok    backup: the last one was made 0 hours ago"))
            #expect(try await binary.run("backup", "--keep", "2", "x.sqlite").status == 64)
            #expect(try await binary.run("backup").status == 64)
        }
    }

    @Test("A rehearsal of a restore says what is in a backup, and touches nothing")
    func rehearsal() async throws {
        try await withTemporaryFolder { folder in
            let binary = BuiltBinary(in: folder)
            #expect(try await binary.run("seed", "--demo").status == 0)
            #expect(try await binary.run("backup", "\(folder)/backup.sqlite").status == 0)
            let before = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/data").sorted()
            let rehearsal = try await binary.run("restore", "--check", "\(folder)/backup.sqlite")
            #expect(rehearsal.status == 0)
            #expect(rehearsal.standardOutput.contains("can be restored: schema version \(migrator.newest), 2 users, 200 tasks"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/data").sorted() == before)
            let handle = try #require(FileHandle(forUpdatingAtPath: "\(folder)/backup.sqlite"))
            try handle.seek(toOffset: 8192)
            try handle.write(contentsOf: Data(repeating: 0xff, count: 4096))
            try handle.close()
            #expect(try await binary.run("restore", "--check", "\(folder)/backup.sqlite").status == 1)
        }
    }

    @Test("An upgrade copies the database first, unless it is told not to", arguments: [true, false])
    func upgrade(_ isWanted: Bool) async throws {
        try await withTemporaryFolder { folder in
            var binary = BuiltBinary(in: folder)
            try FileManager.default.createDirectory(atPath: "\(folder)/data", withIntermediateDirectories: false)
            let store = try SQLiteStore(path: "\(folder)/data/taskflow.sqlite")
            try await Migrator(Array(migrator.migrations.dropLast())).migrate(store, at: 1)
            try await store.close()
            if !isWanted { binary.environment["TASKFLOW_BACKUP_BEFORE_UPGRADE"] = "off" }
            #expect(try await binary.run("migrate").status == 0)
            let copy = "\(folder)/data/taskflow.sqlite.schema-\(migrator.newest - 1)"
            #expect(FileManager.default.fileExists(atPath: copy) == isWanted)
            if isWanted {
                let rehearsal = try await binary.run("restore", "--check", copy)
                #expect(rehearsal.standardOutput.contains("would be upgraded to schema version \(migrator.newest)"))
            }
        }
    }
}
