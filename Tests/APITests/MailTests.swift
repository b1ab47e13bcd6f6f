// Mails about tasks: who gets which, once, and how they are switched off.
import Composition
import Foundation
import HTTPTypes
import Live
import Model
import Repositories
import StoreCore
import TestKit
import Testing
import Wire

@Suite struct MailTests {
    /// 2026-11-20 is a Friday; 09:20 in UTC.
    private func login(_ person: Person, _ world: World) async throws -> Person {
        person.with(accessToken: try #require(try await world.login(person.email).string("access_token")))
    }

    @Test("Who is given a task is told once; who gives it to himself is not, and nobody who lost it before the mail went")
    func assignment() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            let task = try await world.task("Prüfung <script>alert(1)</script> & mehr", of: ada, ["assignee_id": .int(bob.id)])
            _ = try await world.task("Mine", of: ada, ["assignee_id": .int(ada.id)])
            let mails = try await world.mails(to: bob.email)
            #expect(mails.map(\.subject) == ["You were given a task: Prüfung <script>alert(1)</script> & mehr"])
            let mail = try #require(mails.first)
            #expect(mail.text.contains("- Prüfung <script>alert(1)</script> & mehr"))
            #expect(!mail.html.contains("<script>"))
            #expect(mail.html.contains("Prüfung &lt;script&gt;alert(1)&lt;/script&gt; &amp; mehr"))
            #expect(try await world.mails(to: ada.email).isEmpty)
            try await world.send(.patch, "/api/v1/tasks/\(task)", as: ada, json: ["title": "Other"])
            #expect(try await world.mails(to: bob.email).count == 1)
            try await world.send(.patch, "/api/v1/tasks/\(task)", as: ada, json: ["assignee_id": .null])
            try await world.send(.patch, "/api/v1/tasks/\(task)", as: ada, json: ["assignee_id": .int(bob.id)])
            #expect(try await world.mails(to: bob.email).count == 2)
            let secret = try await world.task("Secret", of: ada, ["assignee_id": .int(bob.id)])
            try await world.send(.patch, "/api/v1/tasks/\(secret)", as: ada, json: ["assignee_id": .null])
            #expect(try await world.mails(to: bob.email).count == 2)
        }
    }

    @Test("What one request does to somebody is one mail, and a flood stops")
    func bundles() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            var ids: [JSON] = []
            for number in 1...25 { ids.append(.int(try await world.task("Task \(number)", of: ada))) }
            let batch: JSON = ["action": "update", "ids": .array(ids), "changes": ["assignee_id": .int(bob.id)]]
            let reply = try await world.send(.post, "/api/v1/tasks/batch", as: ada, json: batch)
            #expect(reply.status == 200, "\(reply.text)")
            let mail = try #require(try await world.mails(to: bob.email).first)
            #expect(mail.subject == "You were given 25 tasks")
            #expect(mail.text.contains("and 5 more"))
            for number in 1...40 { _ = try await world.task("Flood \(number)", of: ada, ["assignee_id": .int(bob.id)]) }
            #expect(try await world.mails(to: bob.email).count == 30)
            world.clock.advance(by: .seconds(3700))
            _ = try await world.task("Later", of: try await login(ada, world), ["assignee_id": .int(bob.id)])
            #expect(try await world.mails(to: bob.email).count == 31)
        }
    }

    @Test("Owner and assignee are told once when a task is overdue")
    func overdue() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            let due = world.clock.now + .seconds(60)
            let fields: JSON = ["assignee_id": .int(bob.id), "due_at": .string(due.description)]
            _ = try await world.task("Late", of: ada, fields)
            let done = try await world.task("Done in time", of: ada, fields)
            try await world.send(.patch, "/api/v1/tasks/\(done)", as: ada, json: ["status": "completed"])
            #expect(try await world.mails(to: bob.email).count == 1)
            world.clock.advance(by: .seconds(3600))
            for _ in 1...2 {
                try await run(.overdueScan, world)
                #expect(try await world.mails(to: ada.email).map(\.subject) == ["Overdue: Late"])
                #expect(try await world.mails(to: bob.email).map(\.subject).last == "Overdue: Late")
            }
            #expect(try await world.mails(to: bob.email).count == 2)
        }
    }

    private func run(_ schedule: Schedule, _ world: World) async throws {
        let now = world.clock.now
        try await world.installation.store.write { _ = try Jobs($0).insert(NewJob(schedule.jobKind), at: now) }
        try await world.work()
    }

    @Test("What is due tomorrow is said once, in the morning of where somebody lives")
    func dueTomorrow() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            try await world.send(.patch, "/api/v1/users/me", as: bob, json: ["time_zone": "America/Los_Angeles"])
            // 01:20 on Friday in Los Angeles. Saturday there begins at 08:00 UTC.
            let due = { (text: String) -> JSON in ["due_at": .string(text)] }
            _ = try await world.task("Ada's", of: ada, due("2026-11-21T23:59:59Z"))
            _ = try await world.task("Ada's today", of: ada, due("2026-11-20T23:59:59Z"))
            _ = try await world.task("Ada's Sunday", of: ada, due("2026-11-22T00:00:00Z"))
            _ = try await world.task("Bob's", of: bob, due("2026-11-22T07:59:59Z"))
            _ = try await world.task("Bob's today", of: bob, due("2026-11-21T07:59:59Z"))
            try await run(.dueSoon, world)
            let mail = try #require(try await world.mails(to: ada.email).first)
            #expect(mail.subject == "Due tomorrow: Ada's")
            #expect(mail.text.contains("due Sat 21 Nov 2026, 23:59"))
            #expect(try await world.mails(to: bob.email).isEmpty, "he sleeps")
            world.clock.advance(by: .seconds(7 * 3600))
            _ = try await world.task("Another", of: try await login(ada, world), due("2026-11-21T12:00:00Z"))
            for _ in 1...2 { try await run(.dueSoon, world) }
            #expect(try await world.mails(to: ada.email).map(\.subject) == ["Due tomorrow: Ada's", "Due tomorrow: Another"])
            let his = try await world.mails(to: bob.email)
            #expect(his.map(\.subject) == ["Due tomorrow: Bob's"])
            #expect(his.first?.text.contains("due Sat 21 Nov 2026, 23:59") == true)
        }
    }

    @Test("On Monday morning who has open tasks gets one digest, and no second one that week")
    func digest() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            _ = try await world.task("Late", of: ada, ["due_at": "2026-11-19T12:00:00Z"])
            _ = try await world.task("Wednesday", of: ada, ["due_at": "2026-11-25T12:00:00Z"])
            _ = try await world.task("Next week", of: ada, ["due_at": "2026-11-30T12:00:00Z"])
            try await run(.weeklyDigest, world)
            #expect(try await world.mails(to: ada.email).isEmpty, "it is Friday")
            world.clock.advance(by: .seconds(3 * 86_400 - 3600 * 2))
            try await run(.weeklyDigest, world)
            #expect(try await world.mails(to: ada.email).isEmpty, "it is 07:20")
            world.clock.advance(by: .seconds(3600))
            for _ in 1...3 {
                try await run(.weeklyDigest, world)
                world.clock.advance(by: .seconds(3600))
            }
            let mails = try await world.mails(to: ada.email)
            #expect(mails.map(\.subject) == ["Your week: 3 open, 1 overdue"])
            #expect(mails.first?.text.contains("Wednesday") == true)
            #expect(mails.first?.text.contains("Next week") == false)
            #expect(try await world.mails(to: bob.email).isEmpty, "he has nothing to do")
            world.clock.advance(by: .seconds(7 * 86_400))
            try await run(.weeklyDigest, world)
            #expect(try await world.mails(to: ada.email).count == 2)
        }
    }

    @Test("Each kind is switched off by its owner, or by one click that needs no log-in; the others go on coming")
    func preferences() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            let path = "/api/v1/users/me/notifications"
            let all: JSON = ["assignment": true, "due_tomorrow": true, "overdue": true, "weekly_digest": true, "new_device": true]
            #expect(try await world.send(.get, path, as: bob).json == all)
            let off = try await world.send(.patch, path, as: bob, json: ["assignment": false])
            #expect(off.json == all.with("assignment", false))
            _ = try await world.task("Unheard", of: ada, ["assignee_id": .int(bob.id)])
            #expect(try await world.mails(to: bob.email).isEmpty)
            try await world.send(.patch, path, as: bob, json: ["assignment": true])
            _ = try await world.task("Heard", of: ada, ["assignee_id": .int(bob.id)])
            let mail = try #require(try await world.mails(to: bob.email).first)
            let header = try #require(mail.headers["list-unsubscribe"]?.trimmingCharacters(in: ["<", ">"]))
            #expect(mail.headers["list-unsubscribe-post"] == "List-Unsubscribe=One-Click")
            let target = String(header.dropFirst(header.prefix { $0 != "?" }.count - "/api/v1/unsubscribe".count))
            let page = try await world.send(.get, target)
            #expect(page.status == 303)
            #expect(page["Location"] == "/unsubscribe#token=\(mail.token ?? "")")
            #expect(try await world.send(.get, "/unsubscribe").status == 200)
            #expect(try await world.send(.get, path, as: bob).json == all, "to look is not to click")
            for _ in 1...2 {
                let click = try await world.send(
                    .post, target, body: Array("List-Unsubscribe=One-Click".utf8),
                    headers: [("Content-Type", "application/x-www-form-urlencoded")])
                #expect(click.status == 204, "\(click.text)")
            }
            #expect(try await world.send(.get, path, as: bob).json == all.with("assignment", false))
            _ = try await world.task("Unheard again", of: ada, ["assignee_id": .int(bob.id)])
            #expect(try await world.mails(to: bob.email).count == 1)
            for forged in [
                target.replacing(".assignment.", with: ".overdue."), target.replacing("=\(bob.id).", with: "=\(ada.id)."), target + "A",
            ] {
                #expect(try await world.send(.post, forged).status == 400)
            }
            #expect(try await world.send(.get, path, as: ada).json == all)
        }
    }

    @Test("A mail that waits is not sent to who is deactivated, switched off, or not verified meanwhile")
    func rights() async throws {
        try await World.run { world in
            let root = try await world.person("root", role: .admin)
            let (ada, bob, dan) = (try await world.person("ada"), try await world.person("bob"), try await world.person("dan"))
            for person in [bob, dan] { _ = try await world.task("Secret", of: ada, ["assignee_id": .int(person.id)]) }
            try await world.installation.sealer.sealAll()
            try await world.send(.patch, "/api/v1/users/me/notifications", as: bob, json: ["assignment": false])
            try await world.send(.patch, "/api/v1/users/\(dan.id)", as: root, json: ["is_active": false])
            #expect(try await world.mails(to: bob.email).isEmpty)
            #expect(try await world.mails(to: dan.email).isEmpty)
            let eve = try await world.send(
                .post, "/api/v1/auth/register", json: ["email": "eve@example.com", "password": .string(Person.password)])
            _ = try await world.task("Secret", of: ada, ["assignee_id": .int(try #require(eve.int("user", "id")))])
            #expect(try await world.mails(to: "eve@example.com").map(\.subject) == ["Confirm your e-mail address"])
        }
    }

    @Test("The owner of a webhook that was stopped is told")
    func webhook() async throws {
        try await WebhookReceiver.run(usual: .status(410)) { receiver in
            var options = World.Options()
            options.arguments = ["--taskflow-webhook-allow", "127.0.0.1"]
            try await World.run(options) { world in
                let ada = try await world.person("ada")
                try await world.send(
                    .post, "/api/v1/webhooks", as: ada, json: ["url": .string("http://127.0.0.1:\(receiver.port)/")])
                _ = try await world.task("Mine", of: ada)
                _ = try await world.mails(to: ada.email)
                let mails = try await world.mails(to: ada.email)
                #expect(mails.map(\.subject) == ["A webhook was created", "A webhook was stopped"])
                #expect(mails.last?.text.contains("The receiver answered 410 (Gone).") == true)
            }
        }
    }

    // MARK: At most once

    @Test("A mail that a lost worker had marked is never sent again, also when an admin asks for it")
    func lostWorker() async throws {
        try await World.run { world in
            let root = try await world.person("root", role: .admin)
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            _ = try await world.task("Once", of: ada, ["assignee_id": .int(bob.id)])
            try await world.installation.sealer.sealAll()
            // As a worker leaves it that is killed between the mark and the answer of the mail server.
            let now = world.clock.now
            let isMarked = try await world.installation.store.write { tx in
                try Mails(tx).move(ID(1), from: [.queued], to: .sending, error: nil, at: now)
            }
            #expect(isMarked)
            #expect(try await world.mails(to: bob.email).isEmpty)
            let jobs = try await world.send(.get, "/api/v1/admin/jobs?state=failed", as: root)
            #expect(jobs.string("data", "0", "error")?.contains("may have arrived") == true)
            let id = try #require(jobs.int("data", "0", "id"))
            try await world.send(.post, "/api/v1/admin/jobs/\(id)/retry", as: root)
            #expect(try await world.mails(to: bob.email).isEmpty)
        }
    }

    @Test("A mail whose job runs again after it was sent is not sent again")
    func repeatedJob() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            _ = try await world.task("Once", of: ada, ["assignee_id": .int(bob.id)])
            #expect(try await world.mails(to: bob.email).count == 1)
            try FileManager.default.removeItem(atPath: world.installation.folder.mail)
            let now = world.clock.now
            try await world.installation.store.write {
                _ = try Jobs($0).insert(NewJob(.deliverMail, payload: #"{"mail":1}"#), at: now)
            }
            #expect(try await world.mails(to: bob.email).isEmpty)
        }
    }

    @Test("A mail that certainly did not go is tried again, and arrives once")
    func retry() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            // Where the folder would be is a file.
            try "".write(toFile: world.installation.folder.mail, atomically: true, encoding: .utf8)
            _ = try await world.task("Once", of: ada, ["assignee_id": .int(bob.id)])
            #expect(try await world.mails(to: bob.email).isEmpty)
            try FileManager.default.removeItem(atPath: world.installation.folder.mail)
            world.clock.advance(by: .seconds(31))
            #expect(try await world.mails(to: bob.email).count == 1)
            #expect(try await world.mails(to: bob.email).count == 1)
        }
    }
}
