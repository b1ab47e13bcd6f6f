// Webhooks: what a subscriber gets, in which order, and what happens when it does not take it (P21).
import Composition
import Crypto
import Foundation
import HTTPTypes
import Live
import Model
import StoreCore
import Synchronization
import TestKit
import Testing
import Wire

@Suite struct WebhookTests {
    /// A world whose webhooks may reach loopback addresses, as an operator would allow it.
    private func run(_ test: @escaping @Sendable (World) async throws -> Void) async throws {
        var options = World.Options()
        options.arguments = ["--taskflow-webhook-allow", "127.0.0.1"]
        try await World.run(options, test)
    }

    private func subscribe(
        _ person: Person, to receiver: WebhookReceiver, _ world: World, events: [String] = []
    ) async throws -> (id: Int64, secret: String) {
        let reply = try await world.send(
            .post, "/api/v1/webhooks", as: person,
            json: ["url": .string("http://127.0.0.1:\(receiver.port)/hook?a=b"), "events": .array(events.map { .string($0) })])
        return (try #require(reply.int("id"), "\(reply.text)"), try #require(reply.string("secret")))
    }

    /// Everything recorded so far is sealed, and what follows from it done.
    private func settle(_ world: World) async throws {
        try await world.installation.sealer.sealAll()
        try await world.work()
    }

    private func isSigned(_ message: WebhookReceiver.Message, with secret: String) -> Bool {
        guard let key = Data(base64Encoded: String(secret.dropFirst("whsec_".count))), let id = message.headers["webhook-id"],
            let time = message.headers["webhook-timestamp"], let signatures = message.headers["webhook-signature"]
        else { return false }
        let code = HMAC<SHA256>.authenticationCode(for: Data("\(id).\(time).\(message.body)".utf8), using: SymmetricKey(data: key))
        return signatures.split(separator: " ").contains { $0 == "v1,\(Data(code).base64EncodedString())" }
    }

    private func types(_ messages: [WebhookReceiver.Message]) -> [JSON?] { messages.map { (try? JSON(parsing: $0.body.utf8))?["type"] } }

    @Test("Changes of one's tasks arrive once, in order, signed, and of nobody else's tasks")
    func delivery() async throws {
        try await WebhookReceiver.run { receiver in
            try await run { world in
                let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
                _ = try await world.task("Before", of: ada)
                try await settle(world)
                let (id, secret) = try await subscribe(ada, to: receiver, world)
                let task = try await world.task("Mine", of: ada)
                _ = try await world.task("His", of: bob)
                try await world.send(.patch, "/api/v1/tasks/\(task)", as: ada, json: ["status": "completed"])
                try await settle(world)
                try await world.send(.delete, "/api/v1/tasks/\(task)", as: ada)
                try await settle(world)
                try await settle(world)
                let messages = receiver.messages
                #expect(types(messages) == ["task.created", "task.updated", "task.deleted"])
                #expect(messages.allSatisfy { isSigned($0, with: secret) && $0.path == "/hook?a=b" })
                #expect(Set(messages.map { $0.headers["webhook-id"] }).count == 3)
                let last = try JSON(parsing: try #require(messages.last).body.utf8)
                #expect(last["data"]?["task_id"] == .int(task))
                #expect(last["data"]?["task"] == .null)
                let log = try await world.send(.get, "/api/v1/webhooks/\(id)/deliveries", as: ada)
                #expect(log.list("data").map { $0["state"] } == ["delivered", "delivered", "delivered"])
                #expect(log.int("data", "0", "response_status") == 204)
                #expect(log.string("data", "0", "request") == messages.last?.body)
            }
        }
    }

    @Test("A filter lets through what it names; what is skipped is not sent later")
    func filter() async throws {
        try await WebhookReceiver.run { receiver in
            try await run { world in
                let ada = try await world.person("ada")
                let (id, _) = try await subscribe(ada, to: receiver, world, events: ["task.deleted"])
                let task = try await world.task("Mine", of: ada)
                try await settle(world)
                #expect(receiver.messages.isEmpty)
                try await world.send(.delete, "/api/v1/tasks/\(task)", as: ada)
                try await settle(world)
                #expect(types(receiver.messages) == ["task.deleted"])
                try await world.send(.patch, "/api/v1/webhooks/\(id)", as: ada, json: ["events": []])
                try await settle(world)
                #expect(receiver.messages.count == 1)
            }
        }
    }

    @Test("What is sent is kept before: a server that dies before it hears the answer sends the same again, whatever became of the task")
    func keptBeforeSent() async throws {
        let world = Mutex<World?>(nil)
        let kept = Mutex<[String]>([])
        try await WebhookReceiver.run(beforeAnswer: {
            let requests = try? await world.withLock { $0 }?.installation.store.read { tx in
                try tx.rows("SELECT request FROM webhook_deliveries WHERE attempts = 0") { try $0.value(0, as: String.self) }
            }
            kept.withLock { $0 += requests ?? [] }
        }) { receiver in
            try await run { here in
                world.withLock { $0 = here }
                let ada = try await here.person("ada")
                let (id, _) = try await subscribe(ada, to: receiver, here)
                let task = try await here.task("Mine", of: ada)
                try await settle(here)
                let first = try #require(receiver.messages.first)
                #expect(kept.withLock { $0 } == [first.body])
                // As if the server had died after it had sent.
                try await here.installation.store.write { tx in
                    try tx.run("UPDATE webhook_deliveries SET state = 0, attempts = 0, status = NULL WHERE webhook_id = \(id)")
                    try tx.run("UPDATE webhooks SET position = position - 1 WHERE id = \(id)")
                }
                try await here.send(.patch, "/api/v1/tasks/\(task)", as: ada, json: ["title": "Renamed"])
                try await settle(here)
                #expect(receiver.messages.map(\.body).prefix(2) == [first.body, first.body])
                #expect(Set(receiver.messages.map { $0.headers["webhook-id"] }).count == 2)
                #expect(types(receiver.messages) == ["task.created", "task.created", "task.updated"])
            }
        }
    }

    @Test("A message that does not arrive is sent again with the same id and body and a new time, and holds back those behind it")
    func retries() async throws {
        try await WebhookReceiver.run(first: [.status(500), .reset, .redirect("/elsewhere")]) { receiver in
            try await run { world in
                let ada = try await world.person("ada")
                let (id, secret) = try await subscribe(ada, to: receiver, world)
                let task = try await world.task("Mine", of: ada)
                try await settle(world)
                try await world.send(.patch, "/api/v1/tasks/\(task)", as: ada, json: ["title": "Renamed"])
                try await settle(world)
                #expect(receiver.messages.count == 1, "before the wait is over")
                for wait in [5, 300, 1800] {
                    world.clock.advance(by: .seconds(Int64(wait)))
                    try await settle(world)
                }
                let messages = receiver.messages
                #expect(types(messages) == ["task.created", "task.created", "task.created", "task.created", "task.updated"])
                #expect(Set(messages.prefix(4).map { $0.headers["webhook-id"] }).count == 1)
                #expect(Set(messages.prefix(4).map(\.body)).count == 1)
                #expect(Set(messages.prefix(4).map { $0.headers["webhook-timestamp"] }).count == 4)
                #expect(messages.allSatisfy { isSigned($0, with: secret) })
                #expect(!messages.contains { $0.path == "/elsewhere" }, "a redirect is not followed")
                let token = try #require(try await world.login(ada.email).string("access_token"))
                let log = try await world.send(.get, "/api/v1/webhooks/\(id)/deliveries", token: token)
                #expect(log.int("data", "1", "attempts") == 4)
            }
        }
    }

    @Test("After a day in vain a webhook is stopped with the reason; started again, it goes on where it was")
    func disabling() async throws {
        try await WebhookReceiver.run(first: Array(repeating: .status(503), count: 8)) { receiver in
            try await run { world in
                let root = try await world.person("root", role: .admin)
                let (id, _) = try await subscribe(root, to: receiver, world)
                _ = try await world.task("Mine", of: root)
                try await settle(world)
                for _ in 1...30 where receiver.messages.count < 8 {
                    world.clock.advance(by: .seconds(3600))
                    try await settle(world)
                }
                var token = try #require(try await world.login(root.email).string("access_token"))
                let stopped = try await world.send(.get, "/api/v1/webhooks/\(id)", token: token)
                #expect(stopped.at("is_active") == false)
                #expect(stopped.string("disabled_reason") == "A message failed for a day. The receiver answered with 503.")
                #expect(receiver.messages.count == 8)
                world.clock.advance(by: .seconds(86_400))
                try await settle(world)
                #expect(receiver.messages.count == 8)
                token = try #require(try await world.login(root.email).string("access_token"))
                #expect(try await world.send(.get, "/api/v1/admin/audit?action=webhook.disabled", token: token).list("data").count == 1)
                try await world.send(.patch, "/api/v1/webhooks/\(id)", token: token, json: ["is_active": true])
                try await settle(world)
                #expect(types(receiver.messages).last == "task.created")
                #expect(receiver.messages.count == 9)
            }
        }
    }

    @Test("A receiver that says it is gone is not asked again")
    func gone() async throws {
        try await WebhookReceiver.run(usual: .status(410)) { receiver in
            try await run { world in
                let ada = try await world.person("ada")
                let (id, _) = try await subscribe(ada, to: receiver, world)
                _ = try await world.task("Mine", of: ada)
                try await settle(world)
                #expect(try await world.send(.get, "/api/v1/webhooks/\(id)", as: ada).at("is_active") == false)
                #expect(receiver.messages.count == 1)
            }
        }
    }

    @Test("After a rotation both secrets sign for a day, then the new one alone")
    func rotation() async throws {
        try await WebhookReceiver.run { receiver in
            try await run { world in
                let ada = try await world.person("ada")
                let (id, old) = try await subscribe(ada, to: receiver, world)
                let reply = try await world.send(.post, "/api/v1/webhooks/\(id)/rotate-secret", as: ada)
                let new = try #require(reply.string("secret"))
                #expect(new != old)
                #expect(try await world.send(.get, "/api/v1/webhooks/\(id)", as: ada).at("secret") == nil)
                _ = try await world.task("One", of: ada)
                try await settle(world)
                let first = try #require(receiver.messages.last)
                #expect(isSigned(first, with: old) && isSigned(first, with: new))
                world.clock.advance(by: .seconds(86_401))
                let token = try #require(try await world.login(ada.email).string("access_token"))
                try await world.send(.post, "/api/v1/tasks", token: token, json: ["title": "Two"])
                try await settle(world)
                let second = try #require(receiver.messages.last)
                #expect(!isSigned(second, with: old) && isSigned(second, with: new))
            }
        }
    }

    @Test("A delivery is sent once more when its owner asks for it, as it was")
    func replay() async throws {
        try await WebhookReceiver.run(usual: .long(1 << 20)) { receiver in
            try await run { world in
                let ada = try await world.person("ada")
                let (id, _) = try await subscribe(ada, to: receiver, world)
                let task = try await world.task("Mine", of: ada)
                try await settle(world)
                try await world.send(.patch, "/api/v1/tasks/\(task)", as: ada, json: ["title": "Renamed"])
                try await settle(world)
                let log = try await world.send(.get, "/api/v1/webhooks/\(id)/deliveries", as: ada)
                #expect(log.string("data", "0", "response_body")?.utf8.count == 2048, "no more of an answer is kept")
                let delivery = try #require(log.int("data", "1", "id"))
                let reply = try await world.send(.post, "/api/v1/webhooks/\(id)/deliveries/\(delivery)/replay", as: ada)
                #expect(reply.status == 202)
                try await settle(world)
                #expect(receiver.messages.count == 3)
                #expect(receiver.messages.last?.body == receiver.messages.first?.body)
                #expect(receiver.messages.last?.headers["webhook-id"] == receiver.messages.first?.headers["webhook-id"])
                let job = try await world.send(.get, try #require(reply["Location"]), as: ada)
                #expect(job.int("result", "status") == 200)
            }
        }
    }

    @Test("Who is deactivated gets nothing more; who loses a task is told that it is gone and nothing else")
    func rights() async throws {
        try await WebhookReceiver.run { receiver in
            try await run { world in
                let root = try await world.person("root", role: .admin)
                let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
                _ = try await subscribe(bob, to: receiver, world)
                let task = try await world.task("Secret", of: ada, ["assignee_id": .int(bob.id)])
                try await settle(world)
                try await world.send(.patch, "/api/v1/tasks/\(task)", as: ada, json: ["assignee_id": .null, "title": "More secret"])
                try await settle(world)
                #expect(types(receiver.messages) == ["task.created", "task.removed"])
                #expect(receiver.messages.last?.body.contains("secret") == false)
                _ = try await world.task("Last", of: ada, ["assignee_id": .int(bob.id)])
                try await world.send(.patch, "/api/v1/users/\(bob.id)", as: root, json: ["is_active": false])
                try await settle(world)
                #expect(receiver.messages.count == 2)
            }
        }
    }

    @Test("There are twenty webhooks at most, and of no other scheme, with no password, and for everybody's tasks for admins only")
    func limits() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            for url in [
                "http://example.com/", "ftp://example.com/", "https://u:p@example.com/", "example.com", "https://", "https:///x", "",
                "https://exa mple.com/", "javascript:alert(1)", "file:///etc/passwd", "https://example.com/\u{7f}",
            ] {
                let reply = try await world.send(.post, "/api/v1/webhooks", as: ada, json: ["url": .string(url)])
                #expect(reply.status == 400, "\(url)")
                #expect(reply.string("errors", "0", "pointer") == "/url", "\(url)")
            }
            let everybody: JSON = ["url": "https://example.com/", "scope": "all"]
            #expect(try await world.send(.post, "/api/v1/webhooks", as: ada, json: everybody).status == 403)
            for _ in 1...20 { try await world.send(.post, "/api/v1/webhooks", as: ada, json: ["url": "https://example.com/"]) }
            let reply = try await world.send(.post, "/api/v1/webhooks", as: ada, json: ["url": "https://example.com/"])
            #expect(reply.string("code") == "quota_exceeded")
        }
    }
}
