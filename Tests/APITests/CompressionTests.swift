// Compressed answers: the same text, for whoever takes them, and never of secrets.
import Foundation
import HTTPTypes
import TestKit
import Testing
import Wire

@Suite struct CompressionTests {
    private let gzip = ("Accept-Encoding", "gzip, deflate, br, zstd")

    /// The answer as a client sees it that takes gzip: the body is unpacked when it was packed.
    private func packed(
        _ world: World, _ method: HTTPRequest.Method, _ path: String, as person: Person, json: JSON? = nil,
        headers: [(String, String)] = []
    ) async throws -> (reply: Reply, isPacked: Bool) {
        var headers = headers + [gzip, ("Authorization", "Bearer \(person.accessToken)")]
        if json != nil { headers.append(("Content-Type", "application/json")) }
        var reply = try await world.client.send(method, path, headers: headers, body: json.map { Array($0.text.utf8) })
        let isPacked = reply["Content-Encoding"] == "gzip"
        if isPacked, method != .head { reply.body = try unpacked(reply.body) }
        return (reply, isPacked)
    }

    private let long = JSON.string(String(repeating: "words and more words, ", count: 100))

    @Test("Long lists and documents are packed, and unpack to what others get", arguments: [1, 40])
    func lists(tasks: Int) async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            for number in 0..<tasks { _ = try await world.task("Task \(number)", of: ada, ["description": long]) }
            for path in ["/api/v1/tasks?limit=100", "/api/v1/openapi.json"] {
                let plain = try await world.send(.get, path, as: ada)
                #expect(plain["Content-Encoding"] == nil)
                #expect(plain["Vary"] == "Accept-Encoding")
                let (reply, isPacked) = try await packed(world, .get, path, as: ada)
                #expect(isPacked)
                #expect(reply.status == 200)
                #expect(reply["Vary"] == "Accept-Encoding")
                #expect(reply["Content-Type"] == plain["Content-Type"])
                #expect(reply.body == plain.body)
                let packedSize = try #require(reply["Content-Length"].flatMap { Int($0) })
                #expect(packedSize < plain.body.count)
                let (head, _) = try await packed(world, .head, path, as: ada)
                #expect(head.body.isEmpty)
                for name in ["Content-Encoding", "Content-Length", "Vary"] { #expect(head[name] == reply[name], "\(name)") }
            }
        }
    }

    @Test("Short answers, refusals and events are sent as they are")
    func plain() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let (made, isPacked) = try await packed(world, .post, "/api/v1/tasks", as: ada, json: ["title": "Short"])
            #expect(made.status == 201)
            #expect(!isPacked)
            #expect(made["Vary"] == nil)
            let wrong = JSON.object((0..<50).map { .init("unknown_field_\($0)", 1) })
            let (refused, isRefusalPacked) = try await packed(world, .post, "/api/v1/tasks", as: ada, json: wrong)
            #expect(refused.status == 400)
            #expect(refused.body.count > 1024)
            #expect(!isRefusalPacked)
            try await world.follow(as: ada) { reader in
                #expect(reader.status == 200)
                #expect(reader.headers[.contentEncoding] == nil)
            }
        }
    }

    @Test("Answers about log-in and sessions, and those with a secret, are never packed")
    func secrets() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            for _ in 0..<12 { _ = try await world.login(ada.email) }
            let (sessions, isPacked) = try await packed(world, .get, "/api/v1/auth/sessions", as: ada)
            #expect(sessions.body.count > 1024)
            #expect(!isPacked)
            let hook: JSON = [
                "url": .string("https://example.com/" + String(repeating: "long/", count: 300)), "events": ["task.created"],
            ]
            let (made, isSecretPacked) = try await packed(world, .post, "/api/v1/webhooks", as: ada, json: hook)
            #expect(made.status == 201, "\(made.text)")
            #expect(made.string("secret") != nil)
            #expect(made.body.count > 1024)
            #expect(!isSecretPacked)
            let (listed, isListPacked) = try await packed(world, .get, "/api/v1/webhooks", as: ada)
            #expect(listed.body.count > 1024)
            #expect(isListPacked)
        }
    }

    @Test("Exports are packed while they are made, whole and in order", arguments: ["csv", "json", "ics"])
    func exports(format: String) async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            for number in 0..<250 { _ = try await world.task("Task \(number)", of: ada, ["description": long]) }
            let path = "/api/v1/tasks/export?format=\(format)"
            let (reply, isPacked) = try await packed(world, .get, path, as: ada)
            #expect(isPacked)
            #expect(reply.status == 200)
            #expect(reply["Vary"] == "Accept-Encoding")
            #expect(reply["Content-Disposition"]?.contains("tasks.\(format)") == true)
            let plain = try await world.send(.get, path, as: ada)
            #expect(plain["Vary"] == "Accept-Encoding")
            #expect(reply.body.count > 400_000)
            // Calendars say when they were made.
            if format != "ics" { #expect(reply.body == plain.body) } else { #expect(reply.body.count == plain.body.count) }
        }
    }

    @Test(
        "A client that takes gzip says so, and may take it back or weigh it against the plain text",
        arguments: [
            ("gzip", true), ("GZIP", true), ("x-gzip", true), ("br, gzip;q=0.5", true), ("*", true), ("gzip;q=1.000", true),
            ("deflate , gzip ; q=0.001", true), ("identity;q=0.5, gzip", true), ("*;q=0, gzip", true), ("", false), ("br", false),
            ("identity", false), ("gzip;q=0", false), ("gzip;q=0.000", false), ("*;q=0", false), ("gzip;q=0, *", false),
            ("gzip;q=0.5, identity", false), ("gzip;q=2", false), ("gzip;q=nan", false), ("gzip;q=-1", false), ("gzip;level=9", false),
            ("gzipped", false),
        ])
    func accepted(header: String, isAccepted: Bool) async throws {
        try await World.run { world in
            let reply = try await world.client.send(.get, "/api/v1/openapi.json", headers: [("Accept-Encoding", header)])
            #expect(reply["Content-Encoding"] == (isAccepted ? "gzip" : nil))
            #expect(reply["Vary"] == "Accept-Encoding")
        }
    }

    @Test("The tag of a packed task names its version for conditional reads and changes, and is not that of the plain text")
    func tags() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let id = try await world.task("Long", of: ada, ["description": long])
            let path = "/api/v1/tasks/\(id)"
            let (read, isPacked) = try await packed(world, .get, path, as: ada)
            #expect(isPacked)
            #expect(read["ETag"] == "\"1-gzip\"")
            for tag in ["\"1-gzip\"", "\"1\"", "W/\"1\""] {
                let (again, _) = try await packed(world, .get, path, as: ada, headers: [("If-None-Match", tag)])
                #expect(again.status == 304)
                #expect(again["ETag"] == "\"1-gzip\"")
                #expect(again["Vary"] == "Accept-Encoding")
                #expect(again["Content-Encoding"] == nil)
                #expect(again.body.isEmpty)
                #expect(try await world.send(.get, path, as: ada, headers: [("If-None-Match", tag)])["ETag"] == "\"1\"")
            }
            let change: JSON = ["title": "Changed"]
            let (changed, _) = try await packed(world, .patch, path, as: ada, json: change, headers: [("If-Match", "\"1-gzip\"")])
            #expect(changed.status == 200)
            #expect(changed["ETag"] == "\"2-gzip\"")
            let (late, _) = try await packed(world, .patch, path, as: ada, json: change, headers: [("If-Match", "\"1-gzip\"")])
            #expect(late.status == 412)
        }
    }

    @Test("An answer that is repeated for its Idempotency-Key has the form that the repetition asks for")
    func repetition() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let task: JSON = ["title": "Once", "description": long]
            let key = ("Idempotency-Key", "once")
            let (first, isPacked) = try await packed(world, .post, "/api/v1/tasks", as: ada, json: task, headers: [key])
            #expect(isPacked)
            let second = try await world.send(.post, "/api/v1/tasks", as: ada, json: task, headers: [key])
            #expect(second["Idempotency-Replayed"] == "true")
            #expect(second["Content-Encoding"] == nil)
            #expect(second["ETag"] == "\"1\"")
            #expect(second.body == first.body)
        }
    }

    @Test("What the answer depends on is told together with the origin, where pages of other origins may use the API")
    func vary() async throws {
        var options = World.Options()
        options.arguments = ["--taskflow-cors-origins", "https://app.example.com"]
        try await World.run(options) { world in
            for origin in ["https://app.example.com", "https://evil.example"] {
                let reply = try await world.client.send(.get, "/api/v1/openapi.json", headers: [gzip, ("Origin", origin)])
                let varies = reply.headers[values: .vary].flatMap { $0.components(separatedBy: ", ") }
                #expect(Set(varies) == ["Accept-Encoding", "Origin"])
            }
        }
    }
}
