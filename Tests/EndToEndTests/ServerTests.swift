// The built binary as an operator meets it: start, first admin, stop, crash, backup.
import Foundation
import HTTPTypes
import TestKit
import Testing
import Wire

@Suite struct ServerTests {
    private func json(_ json: JSON) -> [UInt8] { Array(json.text.utf8) }
    private let type = ("Content-Type", "application/json")

    private func mode(_ path: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    @Test("the first start prints a link that makes the first admin, keeps its secrets private, and stops cleanly")
    func firstStart() async throws {
        try await withTemporaryFolder { folder in
            var binary = BuiltBinary(in: folder)
            try SampleAssets.write(to: URL(filePath: folder))
            binary.environment["TASKFLOW_ASSETS"] = folder
            let server = try await binary.serve()
            let token = try #require(server.announcement.firstMatch(of: #/setup#token=(\S+)/#).map { String($0.1) })
            for file in ["taskflow.sqlite", "setup-token", "signing-key", "control.sock"] {
                #expect(try mode("\(folder)/data/\(file)") == 0o600, "\(file)")
            }
            #expect(try mode("\(folder)/data") == 0o700)
            #expect(try await server.client.send(.get, "/setup").status == 200)
            let body = json(["token": .string(token), "email": "root@example.com", "password": "a long enough one"])
            let made = try await server.client.send(.post, "/api/v1/setup", headers: [type], body: body)
            #expect(made.status == 201)
            #expect(made.string("user", "role") == "admin")
            #expect(try await server.client.send(.post, "/api/v1/setup", headers: [type], body: body).status == 409)
            #expect(await server.stop() == 0)
            let again = try await binary.serve()
            #expect(!again.announcement.contains("setup"))
            #expect(await again.stop() == 0)
        }
    }

    @Test("The documentation is there wherever the server is started from")
    func documentation() async throws {
        try await withTemporaryFolder { folder in
            let server = try await BuiltBinary(in: folder).serve()
            #expect(try await server.client.send(.get, "/docs/swagger-ui-bundle.js").status == 200)
            #expect(await server.stop() == 0)
        }
    }

    @Test("A start without the files of the web interface says which are missing and what to do")
    func missingFiles() async throws {
        try await withTemporaryFolder { folder in
            var binary = BuiltBinary(in: folder)
            binary.environment["TASKFLOW_ASSETS"] = "\(folder)/share"
            let server = try await binary.serve()
            #expect(try await server.client.send(.get, "/").status == 503)
            #expect(await server.stop() == 0)
            let log = try String(contentsOfFile: server.log, encoding: .utf8)
            for word in [
                "\(folder)/share/WebApp/index.html", "\(folder)/share/assets/swagger-ui/swagger-ui.css", "make setup", "TASKFLOW_ASSETS",
            ] {
                #expect(log.contains(word), "\(word)")
            }
        }
    }

    @Test("acknowledged tasks are there after kill -9, and the next start needs no repair")
    func crash() async throws {
        try await withTemporaryFolder { folder in
            let binary = BuiltBinary(in: folder)
            let server = try await binary.serve()
            let login = try await server.client.send(
                .post, "/api/v1/auth/register", headers: [type], body: json(["email": "ada@example.com", "password": "a long enough one"]))
            let token = ("Authorization", "Bearer \(login.string("access_token") ?? "")")
            let acknowledged = await withTaskGroup(of: [Int64].self) { group in
                for writer in 0..<8 {
                    group.addTask {
                        var ids: [Int64] = []
                        while let reply = try? await server.client.send(
                            .post, "/api/v1/tasks", headers: [type, token], body: json(["title": .string("task of \(writer)")])),
                            reply.status == 201, let id = reply.int("id")
                        { ids.append(id) }
                        return ids
                    }
                }
                group.addTask {
                    // Until enough has been written: asked of the server, not of a clock.
                    while let reply = try? await server.client.send(.get, "/api/v1/tasks?count=true&limit=1", headers: [token]),
                        (reply.int("meta", "total") ?? 0) < 200
                    {}
                    await server.crash()
                    return []
                }
                return await group.reduce(into: []) { $0 += $1 }
            }
            #expect(acknowledged.count >= 150)
            let next = try await binary.serve()
            var missing = 0
            for id in acknowledged where try await next.client.send(.get, "/api/v1/tasks/\(id)", headers: [token]).status != 200 {
                missing += 1
            }
            #expect(missing == 0)
            #expect(try await binary.run("doctor").standardOutput.contains("ok    integrity: ok"))
            #expect(await next.stop() == 0)
        }
    }

    @Test("a request in flight is answered before the server goes")
    func drain() async throws {
        try await withTemporaryFolder { folder in
            let server = try await BuiltBinary(in: folder).serve()
            let body = json(["email": "ada@example.com", "password": "a long enough one"])
            let head =
                "POST /api/v1/auth/register HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: \(body.count)\r\nExpect: 100-continue\r\n\r\n"
            // The first bytes are the 100: the head has arrived, the body has not.
            let exchange = try await RawConnection.exchange(
                port: server.port, [head, String(decoding: body, as: UTF8.self)], until: .answers(2), lockstep: true
            ) { server.terminate() }
            #expect(exchange.statuses == [100, 201])
            #expect(await server.waitForExit() == 0)
        }
    }

    @Test("open streams do not hold up a stop, and end as a whole")
    func streams() async throws {
        try await withTemporaryFolder { folder in
            let server = try await BuiltBinary(in: folder).serve()
            let made = try await server.client.send(
                .post, "/api/v1/auth/register", headers: [type], body: json(["email": "ada@example.com", "password": "a long enough one"]))
            let token = try #require(made.string("access_token"))
            let request = "GET /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(token)\r\n\r\n"
            let began = ContinuousClock.now
            let exchange = try await RawConnection.exchange(port: server.port, [request], until: .close) { server.terminate() }
            #expect(exchange.status == 200)
            #expect(exchange.received.hasSuffix("0\r\n\r\n"))
            #expect(await server.waitForExit() == 0)
            #expect(ContinuousClock.now - began < .seconds(30))
        }
    }

    @Test("in production a missing or weak signing key stops the start and names the variable; other mistakes are named too")
    func refusals() async throws {
        try await withTemporaryFolder { folder in
            var binary = BuiltBinary(in: folder)
            binary.environment["TASKFLOW_ENV"] = "production"
            for key in [nil, "c2hvcnQ=", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="] {
                binary.environment["TASKFLOW_SIGNING_KEY"] = key
                let output = try await binary.run("serve")
                #expect(output.status == 1)
                #expect(output.standardError.contains("TASKFLOW_SIGNING_KEY"))
            }
            let seed = try await binary.run("seed", "--demo", "--taskflow-signing-key", "KhsI/gYCDMJl0XbqY6v/qc6mZTBU8MYdxbkbnJt+Gxo=")
            #expect(seed.status == 1)
            #expect(seed.standardError.contains("TASKFLOW_ENV=production"))
            let unknown = try await BuiltBinary(in: folder).run("serve", "--prot", "1")
            #expect(unknown.status == 64)
            #expect(unknown.standardError.contains("--prot"))
        }
    }

    @Test("a second server on the same data folder does not start")
    func lock() async throws {
        try await withTemporaryFolder { folder in
            let binary = BuiltBinary(in: folder)
            let server = try await binary.serve()
            let second = try await binary.run("serve")
            #expect(second.status == 1)
            #expect(second.standardError.contains("another TaskFlow is running"))
            let elsewhere = try await binary.run("serve", "--taskflow-data", "\(folder)/elsewhere")
            #expect(elsewhere.status == 1)
            #expect(elsewhere.standardError.contains("another TaskFlow is running"), "the same database, another data folder")
            #expect(try await server.client.send(.get, "/healthz").status == 200)
            #expect(await server.stop() == 0)
        }
    }

    @Test("metrics name every operation that was called, the database and the process")
    func metrics() async throws {
        try await withTemporaryFolder { folder in
            let binary = BuiltBinary(in: folder)
            let server = try await binary.serve()
            _ = try await server.client.send(.get, "/api/v1/tasks")
            _ = try await server.client.send(
                .post, "/api/v1/auth/register", headers: [type], body: json(["email": "ada@example.com", "password": "a long enough one"]))
            let text = try await server.client.send(.get, "/metrics").text
            for line in [
                "taskflow_http_request_duration_seconds_count{operation=\"listTasks\",status=\"401\"} 1",
                "taskflow_http_request_duration_seconds_count{operation=\"register\",status=\"201\"} 1",
                "taskflow_store_commit_seconds_count",
                "taskflow_password_hash_seconds_count 1", "taskflow_password_queue_depth 0", "process_resident_memory_bytes",
                "taskflow_ready 1.0", "taskflow_last_backup_timestamp_seconds 0.0", "taskflow_build_info{version=",
                "taskflow_disk_free_bytes",
            ] { #expect(text.contains(line), "\(line)") }
            let lines = text.split(separator: "\n")
            for (index, line) in lines.enumerated() where line.hasPrefix("# TYPE ") {
                let label = line.split(separator: " ")[2]
                #expect(index > 0 && lines[index - 1].hasPrefix("# HELP \(label) "), "\(label) has no line in MetricDescriptions")
            }
            #expect(try await binary.run("backup", "\(folder)/backup.sqlite").status == 0)
            let after = try await server.client.send(.get, "/metrics").text
            #expect(!after.contains("taskflow_last_backup_timestamp_seconds 0.0"))
            #expect(await server.stop() == 0)
        }
    }

    @Test("log lines hold no password, token or query, and cannot be forged")
    func logs() async throws {
        try await withTemporaryFolder { folder in
            var binary = BuiltBinary(in: folder)
            binary.environment["TASKFLOW_LOG_LEVEL"] = "trace"
            binary.environment["TASKFLOW_LOG_FORMAT"] = "json"
            binary.environment["TASKFLOW_SIGNING_KEY"] = "KhsI/gYCDMJl0XbqY6v/qc6mZTBU8MYdxbkbnJt+Gxo="
            binary.environment["TASKFLOW_ADMIN_EMAIL"] = "root@example.com"
            binary.environment["TASKFLOW_ADMIN_PASSWORD"] = "canary password 4"
            let server = try await binary.serve()
            let reply = try await server.client.send(
                .post, "/api/v1/auth/register?secret=canary1", headers: [type, ("User-Agent", "x\u{1b}[31m\" forged=\"1")],
                body: json(["email": "ada@example.com", "password": "canary password 2"]))
            #expect(reply.status == 400)
            let session = try await server.client.send(
                .post, "/api/v1/auth/register", headers: [type], body: json(["email": "ada@example.com", "password": "canary password 2"]))
            let (access, refresh) = (session.string("access_token") ?? "", session.string("refresh_token") ?? "")
            _ = try await server.client.send(.get, "/api/v1/tasks?q=canary3", headers: [("Authorization", "Bearer \(access)")])
            #expect(await server.stop() == 0)
            let log = try String(contentsOfFile: server.log, encoding: .utf8)
            #expect(log.contains("\"operation\":\"listTasks\""))
            for secret in ["canary", "KhsI/gYCDMJl", access, refresh, "\u{1b}"] { #expect(!log.contains(secret), "\(secret)") }
            for line in log.split(separator: "\n") { #expect(throws: Never.self) { try JSON(parsing: line.utf8) } }
        }
    }
}
