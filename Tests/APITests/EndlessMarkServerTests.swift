// No anonymous client and no account can keep the server busy with texts that Unicode lets grow without end.
import API
import HTTPTypes
import Model
import TestKit
import Testing
import Wire

@Suite struct EndlessMarkServerTests {
    @Test("Every text field of every operation refuses a run of marks in time that grows with its length", .timeLimit(.minutes(5)))
    func bodies() async throws {
        try await World.run { world in
            let root = try await world.person("root", role: .admin)
            var tried = 0
            for endpoint in world.server.endpoints {
                let operation = endpoint.operation
                guard case .object(let properties)? = operation.body?.document["properties"] else { continue }
                for name in properties.map(\.name) + ["\(markRun(bytes: 100))"] {
                    let path = operation.path.replacing(/\{[a-z_]+\}/, with: "1")
                    let isLinear = try await ProcessorTime.isLinear(from: 1 << 10, times: 14) { size in
                        let body: JSON = .object([.init(name, .string(markRun(bytes: size)))])
                        let reply = try await world.send(operation.method, path, as: root, json: body)
                        #expect(reply.status == 400, "\(operation.id) \(name.prefix(30)): \(reply.text.prefix(200))")
                    }
                    #expect(isLinear, "\(operation.id) \(name.prefix(30))")
                    tried += 1
                }
            }
            #expect(tried > 60)
        }
    }

    @Test("Every query parameter and every variable in a path does the same", .timeLimit(.minutes(5)))
    func targets() async throws {
        try await World.run { world in
            let root = try await world.person("root", role: .admin)
            var tried = 0
            for endpoint in world.server.endpoints {
                let operation = endpoint.operation
                let plain = operation.path.replacing(/\{[a-z_]+\}/, with: "1")
                let names = operation.parameters(in: .query).map(\.name)
                var targets = names.map { name in { (run: String) in "\(plain)?\(name)=\(run)" } }
                if !names.isEmpty { targets.append { "\(plain)?\($0)=1" } }
                if plain != operation.path { targets.append { operation.path.replacing(/\{[a-z_]+\}/, with: $0) } }
                for target in targets {
                    let isLinear = try await ProcessorTime.isLinear(from: 160) { size in
                        // Two of them at most: a target has 8 KiB.
                        let reply = try await world.client.send(
                            operation.method, target(percentEncoded(markRun(bytes: size / 2))),
                            headers: [("Authorization", "Bearer \(root.accessToken)")])
                        #expect([400, 404, 415].contains(reply.status), "\(operation.id): \(reply.text.prefix(200))")
                    }
                    #expect(isLinear, "\(operation.id)")
                    tried += 1
                }
            }
            #expect(tried > 100)
        }
    }

    @Test("A megabyte of marks from an account is refused in time that grows with its length", arguments: ["title", "\u{316}"])
    func largest(name: String) async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let isLinear = try await ProcessorTime.isLinear(from: 64 << 10, times: 15) { size in
                let json = #"{"\#(name)\#(name == "title" ? "" : markRun(bytes: size))":"\#(markRun(bytes: name == "title" ? size : 4))"}"#
                let reply = try await world.send(
                    .post, "/api/v1/tasks", as: ada, body: Array(json.utf8), headers: [("Content-Type", "application/json")])
                #expect(reply.status == 400)
                #expect(reply.text.contains("more than 30 combining marks in a row"))
            }
            #expect(isLinear)
        }
    }

    @Test(
        "Headers, cookies and targets refuse a run of marks before anything else is done",
        arguments: [
            "Cookie", "User-Agent", "Content-Type", "Authorization", "X-Request-Id", "Idempotency-Key", "If-Match", "If-None-Match",
            "X-Forwarded-For", "Last-Event-ID", "Origin", "Accept", "X-Anything",
        ])
    func headers(name: String) async throws {
        try await World.run { world in
            let isLinear = try await ProcessorTime.isLinear(from: 512) { size in
                let request = "GET /healthz HTTP/1.1\r\nHost: a\r\n\(name): \(markRun(bytes: size))\r\n\r\n"
                let exchange = try await RawConnection.exchange(port: world.port, [request], until: .close)
                #expect(exchange.status == 400, "\(exchange.received.prefix(200))")
            }
            #expect(isLinear)
        }
    }

    @Test("Operations that take no body do not read one: neither probes nor anything else", arguments: [false, true])
    func unused(isChunked: Bool) async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let body = Array(#"{"\#(markRun(bytes: 1 << 20))":1}"#.utf8)
            for (method, path) in [
                (HTTPRequest.Method.get, "/healthz"), (.get, "/readyz"), (.get, "/api/v1/tasks"), (.delete, "/api/v1/tasks/1"),
            ] {
                var headers = [("Content-Type", "application/json")]
                if isChunked { headers.append(("Transfer-Encoding", "chunked")) }
                let reply = try await world.send(method, path, as: ada, body: body, headers: headers)
                #expect(reply.status == 400)
                #expect(reply.text.contains("this operation takes no body"))
            }
            let empty = try await world.send(.delete, "/api/v1/tasks/1", as: ada, json: [:])
            #expect(empty.status == 404)
        }
    }

    @Test("Who has not shown who they are sends no more than a form")
    func strangers() async throws {
        try await World.run { world in
            let body = Array(#"{"refresh_token":"\#(String(repeating: "a", count: 20 << 10))"}"#.utf8)
            let reply = try await world.send(.post, "/api/v1/auth/refresh", body: body, headers: [("Content-Type", "application/json")])
            #expect(reply.status == 413)
        }
    }

    @Test("Cells of a table: the row fails with words, the others are imported")
    func cells() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let run = markRun(bytes: 60_000)
            let table =
                "title,description,status,labels,assigned_user,due_at\nGood,,,,,\n\(run),,,,,\nA,\(run),,,,\nB,,\(run),,,\nC,,,\(run),,\nD,,,,\(run),\nE,,,,,\(run)\n"
            let sent = try await world.send(
                .post, "/api/v1/tasks/import", as: ada, body: Array(table.utf8), headers: [("Content-Type", "text/csv")])
            #expect(sent.status == 202)
            try await world.work()
            let job = try await world.send(.get, "/api/v1/jobs/\(try #require(sent.int("id")))", as: ada)
            #expect(job.int("result", "created") == 1)
            #expect(job.int("result", "failed") == 6)
            #expect(job.list("result", "errors").allSatisfy { $0["detail"] == "has more than 30 combining marks in a row" })
        }
    }

    @Test("The header of a table is refused by its length")
    func tableHeader() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let isLinear = try await ProcessorTime.isLinear(from: 4 << 10, times: 15) { size in
                let sent = try await world.send(
                    .post, "/api/v1/tasks/import", as: ada, body: Array("title,\(markRun(bytes: size))\na,b\n".utf8),
                    headers: [("Content-Type", "text/csv")])
                #expect(sent.status == 400)
            }
            #expect(isLinear)
        }
    }
}
