// Whatever ends the access to an account ends all of it, in the same way.
import API
import ChangeLedger
import Composition
import Credentials
import HTTPTypes
import Model
import Repositories
import Services
import StoreCore
import Testing
import TestKit
import Wire

@Suite struct AccessRevocationTests {
    enum Way: String, CaseIterable, Sendable {
        case passwordChange = "password_changed"
        case reset = "password_reset"
        case logoutEverywhere = "logged_out_everywhere"
        case deactivation = "account_deactivated"
        case deletion = "account_deleted"
        case commandLine = "command-line"
        case takenBack = "address_taken_back"
        case claimed = "address_claimed"

        var deletesWebhooks: Bool { self == .deletion || self == .claimed }
        var reason: String { self == .commandLine ? "password_reset" : rawValue }
    }

    private struct Holdings {
        var person: Person
        var other: String
        var personal: String
        var webhook: Int64
        var waiting: Int64
        var report: Int64
        var mailed: String
    }

    /// Somebody who has everything that can end.
    private func holdings(_ person: Person, _ world: World) async throws -> Holdings {
        let other = try await world.login(person.email)
        let personal = try await world.send(.post, "/api/v1/auth/tokens", as: person, json: ["name": "x", "scopes": ["tasks:write"]])
        let webhook = try await world.send(.post, "/api/v1/webhooks", as: person, json: ["url": "https://example.com/"])
        let report = try await world.send(.post, "/api/v1/reports", as: person, json: ["format": "csv"])
        try await world.send(.post, "/api/v1/auth/password-reset", json: ["email": .string(person.email)])
        let mailed = try #require(try await world.mails(to: person.email).last { $0.text.contains("/reset#token=") }?.token)
        let waiting = try await world.send(.post, "/api/v1/reports", as: person, json: ["format": "csv"])
        let result = try await world.send(.get, "/api/v1/jobs/\(try #require(report.int("id")))/result", as: person)
        #expect(result.status == 200)
        return Holdings(
            person: person, other: try #require(other.string("access_token")), personal: try #require(personal.string("token")),
            webhook: try #require(webhook.int("id")), waiting: try #require(waiting.int("id")), report: try #require(report.int("id")),
            mailed: mailed)
    }

    private func confirmReset(_ token: String, _ world: World) async throws -> Int {
        try await world.send(
            .post, "/api/v1/auth/password-reset/confirm", json: ["token": .string(token), "new_password": "another long one"]
        ).status
    }

    private func take(_ way: Way, _ held: Holdings, _ root: Person, _ world: World) async throws {
        let person = held.person
        let users = world.installation.rooms.users
        switch way {
        case .passwordChange:
            let body: JSON = ["current_password": .string(Person.password), "new_password": "another long one"]
            #expect(try await world.send(.post, "/api/v1/auth/password", as: person, json: body).status == 204)
        case .reset, .claimed: #expect(try await confirmReset(held.mailed, world) == 204)
        case .logoutEverywhere: #expect(try await world.send(.post, "/api/v1/auth/logout?all=true", as: person).status == 204)
        case .deactivation:
            #expect(try await world.send(.patch, "/api/v1/users/\(person.id)", as: root, json: ["is_active": false]).status == 200)
        case .deletion: #expect(try await world.send(.delete, "/api/v1/users/\(person.id)", as: root).status == 204)
        case .commandLine:
            let change = try await users.resetPassword(of: ID(person.id), to: "another long one", by: .system(.commandLine, "command-line"))
            _ = try await world.installation.rooms.ledger.perform(change)
        case .takenBack:
            try await world.send(.patch, "/api/v1/users/\(person.id)", as: root, json: ["email": "elsewhere@example.com"])
            let token = try #require(try await world.mails(to: person.email).last?.token)
            // What was asked for again meanwhile ends as well.
            let waiting = try await world.send(.post, "/api/v1/reports", as: person, json: ["format": "csv"])
            #expect(try await world.send(.post, "/api/v1/auth/revert-email", json: ["token": .string(token)]).status == 204)
            let job = try await world.send(.get, "/api/v1/jobs/\(try #require(waiting.int("id")))", as: root)
            #expect(job.string("state") == "cancelled")
        }
    }

    @Test("Sessions, tokens, webhooks, links, jobs and files end, and one event says what ended", arguments: Way.allCases)
    func everything(way: Way) async throws {
        try await World.run { world in
            let root = try await world.person("root", role: .admin)
            let ada = try await world.person("ada")
            if way == .claimed {
                try await world.installation.store.write { tx in
                    _ = try tx.run("UPDATE users SET email_verified = \(false) WHERE id = \(ada.id)")
                }
            }
            let held = try await holdings(ada, world)
            try await world.send(.patch, "/api/v1/users/me/notifications", as: ada, json: ["new_device": false])
            try await take(way, held, root, world)
            let muted = try await world.installation.store.read { try Mails($0).muted(by: ID(ada.id)) }
            #expect(muted.isEmpty == (way == .claimed || way == .takenBack), "a thief may have switched it off")

            let own = try await world.send(.get, "/api/v1/users/me", as: ada).status
            #expect(own == (way == .passwordChange ? 200 : 401), "the session that changes the password goes on, no other")
            for token in [held.other, held.personal] {
                #expect(try await world.send(.get, "/api/v1/users/me", token: token).status == 401)
            }
            #expect(try await confirmReset(held.mailed, world) == 400)
            if way != .takenBack {
                #expect(try await world.send(.get, "/api/v1/jobs/\(held.waiting)", as: root).string("state") == "cancelled")
            }
            #expect(try await world.send(.get, "/api/v1/jobs/\(held.report)/result", as: root).status == 404)
            let hook = try await world.installation.store.read { try Webhooks($0).find(ID(held.webhook)) }
            if way.deletesWebhooks {
                #expect(hook == nil)
            } else {
                #expect(hook?.isActive == false)
                #expect(hook?.disabledReason?.hasSuffix("Start this webhook again if it is yours.") == true)
            }
            let audit = try await world.send(.get, "/api/v1/admin/audit?action=user.access_ended", as: root)
            let event = try #require(audit.list("data").first)
            #expect(audit.list("data").count == 1)
            guard case .array(let changes)? = event["changes"] else { return #expect(Bool(false), "\(event.text)") }
            let told = Dictionary(uniqueKeysWithValues: changes.map { ($0["field"]?.text ?? "", $0["to"] ?? .null) })
            #expect(told["\"reason\""] == .string(way.reason))
            #expect(told["\"tokens\""] == 1)
            #expect(told["\"webhooks\""] == 1)
            #expect(told["\"sessions\""] == (way == .passwordChange ? 1 : 2))
        }
    }

    @Test("A job that runs is asked to stop; the undo of an import goes on, and so does everybody else's work")
    func running() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            let now = world.clock.now
            let jobs = try await world.installation.store.write { tx in
                let kinds: [(JobKind, Person)] = [(.makeReport, ada), (.undoImport, ada), (.makeReport, bob)]
                let ids = try kinds.compactMap { try Jobs(tx).insert(NewJob($0, owner: ID($1.id)), at: now) }
                for priority in JobPriority.allCases { _ = try Jobs(tx).claim(.init(priority, limit: 100), by: "test", at: now) }
                return ids
            }
            try await world.send(.post, "/api/v1/auth/logout?all=true", as: ada)
            let found = try await world.installation.store.read { tx in try jobs.map { try Jobs(tx).find($0) } }
            #expect(found.map { $0?.isCancelling } == [true, false, false])
            #expect(found.allSatisfy { $0?.state == .running })
        }
    }

    @Test("A download that is under way breaks off")
    func download() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let report = try await world.send(.post, "/api/v1/reports", as: ada, json: ["format": "csv"])
            try await world.work()
            let rooms = world.installation.rooms
            let actor = try await rooms.authenticator.authenticate(ada.accessToken, from: Origin(requestID: "test"))
            let contents = try await rooms.jobs.result(of: ID(try #require(report.int("id"))), by: actor).contents
            try await world.send(.post, "/api/v1/auth/logout?all=true", as: ada)
            await #expect(throws: Failure.notFound(.file)) { try await contents.write { _ in } }
        }
    }

    @Test("The owner reads why a webhook stopped, and starts it again")
    func undo() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let made = try await world.send(.post, "/api/v1/webhooks", as: ada, json: ["url": "https://example.com/"])
            let path = "/api/v1/webhooks/\(try #require(made.int("id")))"
            let body: JSON = ["current_password": .string(Person.password), "new_password": "another long one"]
            try await world.send(.post, "/api/v1/auth/password", as: ada, json: body)
            let stopped = try await world.send(.get, path, as: ada)
            #expect(stopped.at("is_active") == false)
            #expect(
                stopped.string("disabled_reason")
                    == "The password of your account was changed. Start this webhook again if it is yours.")
            #expect(try await world.send(.patch, path, as: ada, json: ["is_active": true]).at("is_active") == true)
        }
    }

    @Test("Mails that guard the account are sent all the same")
    func mailsGoOn() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let made: JSON = ["name": "thief", "scopes": ["tasks:read"]]
            try await world.send(.post, "/api/v1/auth/tokens", as: ada, json: made)
            let body: JSON = ["current_password": .string(Person.password), "new_password": "another long one"]
            try await world.send(.post, "/api/v1/auth/password", as: ada, json: body)
            #expect(try await world.mails(to: ada.email).map(\.subject) == ["A personal access token was created"])
        }
    }
}
