// Attacks that once succeeded: rights that had ended, floods of mail, addresses that meant the same, the past of a task.
import API
import Composition
import HTTPTypes
import Live
import Model
import Repositories
import StoreCore
import TestKit
import Testing
import Wire

@Suite struct AttackTests {
    @Test("A report over everybody's tasks is fetched by an admin only, with a token that may do that")
    func reportOfEverybody() async throws {
        try await World.run { world in
            let (root, boss) = (try await world.person("root", role: .admin), try await world.person("boss", role: .admin))
            let asked = try await world.send(.post, "/api/v1/reports", as: root, json: ["format": "csv", "scope": "all"])
            let own = try await world.send(.post, "/api/v1/reports", as: root, json: ["format": "csv"])
            try await world.work()
            let result = "/api/v1/jobs/\(try #require(asked.int("id")))/result"
            #expect(try await world.send(.get, result, as: root).status == 200)
            func token(_ scopes: JSON) async throws -> String {
                let made = try await world.send(.post, "/api/v1/auth/tokens", as: root, json: ["name": "x", "scopes": scopes])
                return try #require(made.string("token"), "\(made.text)")
            }
            let narrow = try await token(["tasks:read"])
            #expect(try await world.send(.get, result, token: narrow).status == 403)
            #expect(try await world.send(.get, result, token: try await token(["tasks:read", "admin"])).status == 200)
            let ownResult = "/api/v1/jobs/\(try #require(own.int("id")))/result"
            #expect(try await world.send(.get, ownResult, token: narrow).status == 200)
            #expect(try await world.send(.patch, "/api/v1/users/\(root.id)", as: boss, json: ["role": "user"]).status == 200)
            let session = try await world.login(root.email)
            let demoted = root.with(accessToken: try #require(session.string("access_token")))
            #expect(try await world.send(.get, result, as: demoted).status == 403)
            #expect(try await world.send(.get, ownResult, as: demoted).status == 200)
        }
    }

    @Test("An address gets five mails of a kind an hour, however many accounts come and go with it")
    func mailsByAddress() async throws {
        try await World.run { world in
            for _ in 0..<8 {
                let session = try await world.send(
                    .post, "/api/v1/auth/register", json: ["email": "victim@example.com", "password": .string(Person.password)])
                let id = try #require(session.int("user", "id"), "\(session.text)")
                let deleted = try await world.send(.delete, "/api/v1/users/\(id)", token: session.string("access_token"))
                #expect(deleted.status == 204, "\(deleted.text)")
            }
            let before: Int64 = try await world.installation.store.read {
                try $0.value("SELECT count(*) FROM mails WHERE kind = 'verification'")
            }
            #expect(before == 5)
            world.clock.advance(by: .seconds(3601))
            let later = try await world.send(
                .post, "/api/v1/auth/register", json: ["email": "Victim@Example.com", "password": .string(Person.password)])
            #expect(later.status == 201)
            let after: Int64 = try await world.installation.store.read {
                try $0.value("SELECT count(*) FROM mails WHERE kind = 'verification'")
            }
            #expect(after == 6)
        }
    }

    @Test(
        "A path with an empty segment is another path, which is not there",
        arguments: ["/metrics/", "//metrics", "/api/v1//tasks", "//evil.example/api/v1/tasks?limit=1", "/docs/", "/healthz//"])
    func emptySegments(path: String) async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            for _ in 0..<2 { _ = try await world.task("A", of: ada) }
            let reply = try await world.client.send(.get, path, headers: [("Authorization", "Bearer \(ada.accessToken)")])
            #expect(reply.status == 404)
            #expect(reply["Link"] == nil)
            #expect(try await world.client.send(.options, path).status == 404)
        }
    }

    @Test("The past of a task is shown to its assignee from the assignment on, unless the owner shares it")
    func pastOfATask() async throws {
        try await World.run { world in
            let (ada, bob, eve) = (try await world.person("ada"), try await world.person("bob"), try await world.person("eve"))
            let root = try await world.person("root", role: .admin)
            let id = try await world.task("Fire Bob", of: ada)
            let task = "/api/v1/tasks/\(id)"
            try await world.send(.patch, task, as: ada, json: ["title": "Promote Bob", "assignee_id": .int(eve.id)])
            try await world.send(.patch, task, as: ada, json: ["description": #"he said "field":"assignee_id""#])
            try await world.send(.patch, task, as: ada, json: ["title": "Talk to Bob", "assignee_id": .int(bob.id)])
            try await world.send(.patch, task, as: bob, json: ["status": "in_progress"])
            func seen(_ person: Person) async throws -> Int { try await world.send(.get, task + "/history", as: person).list("data").count }
            #expect(try await seen(bob) == 2)
            #expect(try await world.send(.get, task + "/history?count=true", as: bob).int("meta", "total") == 2)
            #expect(try await !world.send(.get, task + "/history", as: bob).text.contains("Fire"))
            #expect(try await seen(ada) == 5)
            #expect(try await seen(root) == 5)
            let shared = task + "/history/shared"
            #expect(try await world.send(.put, shared, as: bob).status == 403)
            #expect(try await world.send(.put, shared, as: eve).status == 404)
            for _ in 0..<2 { #expect(try await world.send(.put, shared, as: ada).status == 204) }
            #expect(try await seen(bob) == 6)
            #expect(try await world.send(.get, task + "/history", as: bob).at("data", "0", "changes", "0", "field") == "history_shared")
            #expect(try await world.send(.delete, shared, as: ada).status == 204)
            #expect(try await seen(bob) == 4)
        }
    }

    @Test("Line breaks and marks of writing direction in a title are shown as signs in mails")
    func titlesInMails() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            _ = try await world.task(
                "Read\r\n\r\nYour account is locked: http://evil.example\u{202e}\u{7}", of: ada, ["assignee_id": .int(bob.id)])
            let mail = try #require(try await world.mails(to: bob.email).first)
            #expect(mail.text.contains("- Read⏎⏎Your account is locked: http://evil.example<U+202E><U+7>"))
            #expect(mail.subject == "You were given a task: Read⏎⏎Your account is locked: http://evil.example<U+202E><U+7>")
            #expect(!mail.html.contains("\u{202e}"))
        }
    }

    @Test("What a client sends cannot make a line of the log or a stored device long")
    func longAgents() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            // One Character of 6 000 bytes.
            let agent = "x" + String(repeating: "\u{200d}", count: 2000)
            let session = try await world.send(
                .post, "/api/v1/auth/login", json: ["email": .string(ada.email), "password": .string(Person.password)],
                headers: [("User-Agent", agent)])
            let sessions = try await world.send(.get, "/api/v1/auth/sessions", token: session.string("access_token"))
            let devices = sessions.list("data").isEmpty ? sessions.json : .array(sessions.list("data"))
            #expect(devices.text.utf8.count < 2000)
            let fault = try await world.send(.post, "/api/v1/tasks", as: ada, json: .object([.init(agent, 1)]))
            #expect(fault.status == 400)
            #expect(fault.body.count < 2000)
        }
    }

    @Test("A webhook's failure does not tell a name of the inside from one that does not exist")
    func webhookFailures() async throws {
        var options = World.Options()
        options.arguments = ["--taskflow-webhook-allow", "192.0.2.0/24"]
        try await World.run(options) { world in
            let ada = try await world.person("ada")
            var errors: [String] = []
            for host in ["localhost", "nothing.invalid"] {
                let hook = try await world.send(.post, "/api/v1/webhooks", as: ada, json: ["url": "https://example.com/"])
                let id = try #require(hook.int("id"), "\(hook.text)")
                // Names that say so are refused when a webhook is created; others lead inside later.
                _ = try await world.installation.store.write {
                    try $0.run("UPDATE webhooks SET url = \("https://\(host)/") WHERE id = \(id)")
                }
                _ = try await world.task("A", of: ada)
                try await world.installation.sealer.sealAll()
                try await world.work()
                let deliveries = try await world.send(.get, "/api/v1/webhooks/\(id)/deliveries", as: ada)
                errors.append(deliveries.string("data", "0", "error") ?? deliveries.text)
            }
            #expect(errors[0] == "The host has no public address.")
            #expect(errors[1] == errors[0])
        }
    }
}

@Suite struct SecondAttackTests {
    @Test("The daily log shows a task's past to who had it then, and to no later assignee")
    func dailyLog() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            let id = try await world.task("Secret", of: ada)
            let root = try await world.person("root", role: .admin)
            try await world.send(.post, "/api/v1/admin/schedules/daily-log/run", as: root)
            try await world.work()
            try await world.send(.patch, "/api/v1/tasks/\(id)", as: ada, json: ["title": "Clean", "assignee_id": .int(bob.id)])
            let log = try #require(try await world.send(.get, "/api/v1/task-logs?task_id=\(id)", as: ada).int("data", "0", "id"))
            #expect(try await world.send(.get, "/api/v1/task-logs/\(log)", as: bob).status == 404)
            #expect(try await world.send(.get, "/api/v1/task-logs/\(log)", as: ada).status == 200)
            #expect(try await world.send(.get, "/api/v1/task-logs/\(log)", as: root).status == 200)
            let history = try await world.send(.get, "/api/v1/tasks/\(id)/history", as: bob)
            #expect(!history.text.contains("Secret"))
            #expect(history.list("data").count == 1)
        }
    }

    @Test("Texts count towards the quota of the task's owner, and what somebody writes towards their own day")
    func quotas() async throws {
        var options = World.Options()
        options.arguments = ["--taskflow-quotas", "text=10KiB,changes=40KiB"]
        try await World.run(options) { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            var ids: [Int64] = []
            for number in 0..<4 { ids.append(try await world.task("\(number)", of: ada, ["assignee_id": .int(bob.id)])) }
            let text = JSON.string(String(repeating: "x", count: 4000))
            var statuses: [Int] = []
            for id in ids {
                statuses.append(try await world.send(.patch, "/api/v1/tasks/\(id)", as: bob, json: ["description": text]).status)
                world.clock.advance(by: .seconds(11))
            }
            #expect(statuses == [200, 200, 409, 409])
            let usage = try await world.send(.get, "/api/v1/users/me/usage", as: bob)
            #expect(usage.int("text", "used") == 0)
            #expect((usage.int("changes", "used") ?? 0) >= 8000)
            // The same text again and again leaves the task as long as it is, and the audit longer.
            let mine = try await world.task("mine", of: bob)
            var last = 0
            for number in 0..<8 {
                let other = JSON.string(String(repeating: "\(number)", count: 4000))
                last = try await world.send(.patch, "/api/v1/tasks/\(mine)", as: bob, json: ["description": other]).status
            }
            #expect(last == 409)
            world.clock.advance(by: .seconds(86_400))
            let later = bob.with(accessToken: try #require(try await world.login(bob.email).string("access_token")))
            #expect(try await world.send(.patch, "/api/v1/tasks/\(mine)", as: later, json: ["description": "short"]).status == 200)
        }
    }

    @Test("A condition that every answer meets is no way around the rate limit")
    func anyTag() async throws {
        var options = World.Options()
        options.limits = RateLimits("default=5/60,login=100/60")
        try await World.run(options) { world in
            let ada = try await world.person("ada")
            var statuses: [Int] = []
            for _ in 0..<7 {
                statuses.append(
                    try await world.send(.get, "/api/v1/users/me", as: ada, headers: [("If-None-Match", "*")]).status)
            }
            #expect(statuses == [304, 304, 304, 304, 304, 429, 429])
        }
    }

    @Test("A username is changed with a recently entered password only: it is a way to log in")
    func username() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            world.clock.advance(by: .seconds(700))
            let refused = try await world.send(.patch, "/api/v1/users/me", as: ada, json: ["username": "stolen"])
            #expect(refused.string("code") == "reauthentication_required")
            #expect(try await world.send(.patch, "/api/v1/users/me", as: ada, json: ["name": "Ada"]).status == 200)
        }
    }

    @Test("doctor finds the schema as the migrations make it, and names what was changed in it, on each engine")
    func schema() async throws {
        try await World.run { world in
            let console = AdminConsole(world.installation)
            func finding() async -> String {
                await console.run(.doctor).findings?.first { $0.check == "schema objects" }?.line ?? ""
            }
            #expect(await finding() == "ok    schema objects: as the migrations make them")
            try await world.installation.store.write { tx in
                try tx.run("DROP INDEX users_admins")
                try tx.run("CREATE VIEW loot AS SELECT id FROM users")
                if tx.engine == .postgres { try tx.run("ALTER TABLE tasks ENABLE ROW LEVEL SECURITY") }
            }
            let found = await finding()
            #expect(found.hasPrefix("FAIL  schema objects: index users_admins is missing; view loot is not part of TaskFlow"), "\(found)")
            #expect(found.contains("table tasks was changed") == (world.installation.store.engine == .postgres))
        }
    }
}
