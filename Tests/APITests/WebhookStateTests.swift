// Webhooks: what their owners and admins see of them, the test message, and where they may lead.
import Composition
import Foundation
import HTTPTypes
import Live
import Model
import TestKit
import Testing
import Wire

@Suite struct WebhookStateTests {
    private func run(_ test: @escaping @Sendable (World) async throws -> Void) async throws {
        var options = World.Options()
        options.arguments = ["--taskflow-webhook-allow", "127.0.0.1"]
        try await World.run(options, test)
    }

    private func subscribe(
        _ person: Person, to receiver: WebhookReceiver, _ world: World, events: [String] = []
    ) async throws -> Int64 {
        let reply = try await world.send(
            .post, "/api/v1/webhooks", as: person,
            json: ["url": .string("http://127.0.0.1:\(receiver.port)/hook"), "events": .array(events.map { .string($0) })])
        return try #require(reply.int("id"), "\(reply.text)")
    }

    private func settle(_ world: World) async throws {
        try await world.installation.sealer.sealAll()
        try await world.work()
    }

    private func parsed(_ messages: [WebhookReceiver.Message]) -> [JSON] { messages.compactMap { try? JSON(parsing: $0.body.utf8) } }

    // MARK: What a message says

    @Test("A message of what a deletion has overtaken is left out: none has one type outside and another inside, and no task")
    func overtaken() async throws {
        // Each first message fails once, so that the tasks change before what happened to them is told.
        try await WebhookReceiver.run(first: [.status(500)]) { receiver in
            try await run { world in
                let ada = try await world.person("ada")
                let id = try await subscribe(ada, to: receiver, world)
                let kept = try await world.task("Kept", of: ada)
                try await settle(world)
                let gone = try await world.task("Gone", of: ada)
                try await world.send(.patch, "/api/v1/tasks/\(gone)", as: ada, json: ["title": "Going"])
                try await world.send(.delete, "/api/v1/tasks/\(gone)", as: ada)
                try await world.send(.delete, "/api/v1/tasks/\(kept)", as: ada)
                try await settle(world)
                world.clock.advance(by: .seconds(5))
                try await settle(world)
                let messages = parsed(receiver.messages)
                #expect(messages.map { $0["type"] } == ["task.created", "task.created", "task.deleted", "task.deleted"])
                #expect(messages.map { $0["data"]?["task_id"] } == [.int(kept), .int(kept), .int(gone), .int(kept)])
                for message in messages {
                    #expect(message["type"] == message["data"]?["action"])
                    #expect((message["data"]?["task"] == .null) == (message["type"] == "task.deleted"))
                }
                let log = try await world.send(.get, "/api/v1/webhooks/\(id)/deliveries", as: ada)
                #expect(log.list("data").map { $0["state"] } == ["delivered", "delivered", "delivered"])
            }
        }
    }

    @Test("What is restored is told of with the task again")
    func restored() async throws {
        try await WebhookReceiver.run { receiver in
            try await run { world in
                let ada = try await world.person("ada")
                _ = try await subscribe(ada, to: receiver, world)
                let task = try await world.task("A", of: ada)
                try await world.send(.delete, "/api/v1/tasks/\(task)", as: ada)
                try await world.send(.post, "/api/v1/tasks/\(task)/restore", as: ada)
                try await settle(world)
                let messages = parsed(receiver.messages)
                #expect(messages.map { $0["type"] } == ["task.created", "task.deleted", "task.restored"])
                #expect(messages.last?["data"]?["task"]?["id"] == .int(task))
            }
        }
    }

    // MARK: The test message

    @Test("A test message arrives signed, of a webhook that is stopped, too, and the job tells how it was answered")
    func testMessage() async throws {
        try await WebhookReceiver.run(first: [.status(204), .status(503), .reset]) { receiver in
            try await run { world in
                let ada = try await world.person("ada")
                let id = try await subscribe(ada, to: receiver, world, events: ["task.deleted"])
                try await world.send(.patch, "/api/v1/webhooks/\(id)", as: ada, json: ["is_active": false])
                var results: [JSON?] = []
                for _ in 1...3 {
                    let reply = try await world.send(.post, "/api/v1/webhooks/\(id)/test", as: ada)
                    #expect(reply.status == 202)
                    try await settle(world)
                    let job = try await world.send(.get, try #require(reply["Location"]), as: ada)
                    #expect(job.string("state") == "completed")
                    results.append(job.at("result", "status"))
                    #expect((job.at("result", "error") == .null) == (job.at("result", "status") != .null))
                }
                #expect(results == [204, 503, .null])
                let first = try #require(receiver.messages.first)
                let message = try JSON(parsing: first.body.utf8)
                #expect(message["type"] == "webhook.test")
                #expect(message["data"]?["webhook_id"] == .int(id))
                #expect(first.headers["webhook-signature"]?.hasPrefix("v1,") == true)
                #expect(Set(receiver.messages.map { $0.headers["webhook-id"] }).count == 3)
                // A test that fails says nothing of the changes.
                let webhook = try await world.send(.get, "/api/v1/webhooks/\(id)", as: ada)
                #expect(webhook.at("last_delivery") == .null)
            }
        }
    }

    // MARK: Failures are seen

    @Test("The owner sees how the last message fares and when it comes again, in the webhook, the list and the log; the tag is for changes")
    func state() async throws {
        try await WebhookReceiver.run(first: [.status(503), .reset]) { receiver in
            try await run { world in
                let ada = try await world.person("ada")
                let id = try await subscribe(ada, to: receiver, world)
                let path = "/api/v1/webhooks/\(id)"
                let before = try await world.send(.get, path, as: ada)
                #expect(before.at("last_delivery") == .null)
                _ = try await world.task("A", of: ada)
                try await settle(world)
                let tag = try #require(before["ETag"])
                var read = try await world.send(.get, path, as: ada, headers: [("If-None-Match", tag)])
                #expect(read.status == 200)
                #expect(read["ETag"] == tag)
                #expect(read.string("last_delivery", "event") == "task.created")
                #expect(read.string("last_delivery", "state") == "pending")
                #expect(read.int("last_delivery", "attempts") == 1)
                #expect(read.int("last_delivery", "response_status") == 503)
                #expect(read.string("last_delivery", "attempted_at") == world.clock.now.description)
                #expect(read.string("last_delivery", "next_attempt_at") == (world.clock.now + .seconds(5)).description)
                #expect(try await world.send(.get, "/api/v1/webhooks", as: ada).list("data") == [read.json])
                let log = try await world.send(.get, "\(path)/deliveries", as: ada)
                #expect(log.string("data", "0", "next_attempt_at") == (world.clock.now + .seconds(5)).description)
                world.clock.advance(by: .seconds(5))
                try await settle(world)
                read = try await world.send(.get, path, as: ada)
                #expect(read.at("last_delivery", "response_status") == .null)
                #expect(read.string("last_delivery", "error")?.isEmpty == false)
                #expect(read.string("last_delivery", "next_attempt_at") == (world.clock.now + .seconds(300)).description)
                // Stopped, nothing is sent; started again, it is sent at once.
                let stopped = try await world.send(.patch, path, as: ada, json: read.json.with("is_active", false))
                #expect(stopped.at("last_delivery", "next_attempt_at") == .null)
                let started = try await world.send(.patch, path, as: ada, json: ["is_active": true])
                #expect(started.string("last_delivery", "next_attempt_at") == world.clock.now.description)
                try await settle(world)
                read = try await world.send(.get, path, as: ada)
                #expect(read.string("last_delivery", "state") == "delivered")
                #expect(read.int("last_delivery", "attempts") == 3)
                #expect(read.at("last_delivery", "next_attempt_at") == .null)
            }
        }
    }

    @Test("Admins see everybody's webhooks and how they fare, and nothing of what they send or of the rest of their URLs")
    func administration() async throws {
        try await WebhookReceiver.run(usual: .status(410)) { receiver in
            try await run { world in
                let (root, ada) = (try await world.person("root", role: .admin), try await world.person("ada"))
                let id = try await subscribe(ada, to: receiver, world)
                try await world.send(.post, "/api/v1/webhooks", as: root, json: ["url": "https://example.com/token"])
                _ = try await world.task("Secret", of: ada)
                try await settle(world)
                let all = try await world.send(.get, "/api/v1/admin/webhooks?count=true", as: root)
                #expect(all.int("meta", "total") == 2)
                #expect(all.list("data").map { $0["host"] } == ["example.com", "127.0.0.1"])
                #expect(all.int("data", "1", "id") == id)
                #expect(all.int("data", "1", "owner_id") == ada.id)
                #expect(all.at("data", "1", "is_active") == false)
                #expect(all.string("data", "1", "disabled_reason") == "The receiver answered 410 (Gone).")
                #expect(all.string("data", "1", "last_delivery", "state") == "failed")
                #expect(all.int("data", "1", "last_delivery", "response_status") == 410)
                for text in ["Secret", "/token", "/hook"] { #expect(!all.text.contains(text)) }
                let page = try await world.send(.get, "/api/v1/admin/webhooks?limit=1", as: root)
                let next = try #require(page.string("meta", "next_cursor"))
                let rest = try await world.send(.get, "/api/v1/admin/webhooks?limit=1&cursor=\(next)", as: root)
                #expect(rest.list("data").map { $0["id"] } == [.int(id)])
            }
        }
    }

    // MARK: Where it leads

    @Test("A webhook to an address that is not public is refused when it is made and when its URL is changed, however it is written")
    func innerAddresses() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let made = try await world.send(.post, "/api/v1/webhooks", as: ada, json: ["url": "https://example.com/"])
            let path = "/api/v1/webhooks/\(try #require(made.int("id")))"
            for host in [
                "10.0.0.1", "127.0.0.1", "169.254.169.254", "192.168.1.1:8443", "[::1]", "[fd00::1]", "[::ffff:10.0.0.1]", "127.1",
                "2130706433", "0x7f000001", "localhost", "LOCALHOST", "localhost.", "a.localhost", "127.0.0.1.", "127。0。0。1",
            ] {
                let json: JSON = ["url": .string("https://\(host)/hook")]
                for reply in [
                    try await world.send(.post, "/api/v1/webhooks", as: ada, json: json),
                    try await world.send(.patch, path, as: ada, json: json),
                ] {
                    #expect(reply.status == 400, "\(host)")
                    #expect(reply.string("errors", "0", "pointer") == "/url", "\(host)")
                    #expect(reply.string("errors", "0", "detail")?.hasPrefix("must have a public address") == true, "\(reply.text)")
                }
            }
            #expect(try await world.send(.get, path, as: ada).string("url") == "https://example.com/")
            for url in ["https://1.1.1.1/", "https://[2606:4700::1111]/", "https://localhost.example.com/"] {
                #expect(try await world.send(.patch, path, as: ada, json: ["url": .string(url)]).status == 200, "\(url)")
            }
        }
    }

    @Test("What the operator opens may be named, and to a public address plain http is not sent")
    func openedAddresses() async throws {
        try await run { world in
            let ada = try await world.person("ada")
            for url in ["http://127.0.0.1:9/", "https://127.0.0.1/", "http://localhost/"] {
                #expect(try await world.send(.post, "/api/v1/webhooks", as: ada, json: ["url": .string(url)]).status == 201, "\(url)")
            }
            let plain = try await world.send(.post, "/api/v1/webhooks", as: ada, json: ["url": "http://1.1.1.1/"])
            #expect(plain.string("errors", "0", "detail") == "must begin with https://")
            #expect(try await world.send(.post, "/api/v1/webhooks", as: ada, json: ["url": "http://10.0.0.1/"]).status == 400)
        }
    }

    @Test("A host of any letters is taken, shown as it was given, and asked for as IDNA writes it")
    func otherLetters() async throws {
        try await World.run { world in
            let (root, ada) = (try await world.person("root", role: .admin), try await world.person("ada"))
            for (url, host) in [
                ("https://bücher.example/ä?ö=ü", "xn--bcher-kva.example"), ("https://例え.テスト/", "xn--r8jz45g.xn--zckzah"),
                ("https://BÜCHER.example:8443/", "xn--bcher-kva.example"),
            ] {
                let reply = try await world.send(.post, "/api/v1/webhooks", as: ada, json: ["url": .string(url)])
                #expect(reply.status == 201, "\(reply.text)")
                #expect(reply.string("url") == url)
                let all = try await world.send(.get, "/api/v1/admin/webhooks?limit=1", as: root)
                #expect(all.string("data", "0", "host") == host)
            }
            for url in ["https://ü:p@example.com/", "https://ex\u{a0}ample.com/", "https://-ü-/"] {
                #expect(try await world.send(.post, "/api/v1/webhooks", as: ada, json: ["url": .string(url)]).status == 400, "\(url)")
            }
        }
    }
}
