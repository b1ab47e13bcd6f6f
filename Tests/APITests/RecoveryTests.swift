// Forgotten passwords and addresses that are to be shown to be somebody's (checklist A6).
import Composition
import Foundation
import HTTPTypes
import Model
import StoreCore
import Testing
import TestKit
import Wire

@Suite struct RecoveryTests {
    private let ask = "/api/v1/auth/password-reset"
    private let confirm = "/api/v1/auth/password-reset/confirm"
    private let new: JSON = "another long one"

    /// The token of a new mail to somebody.
    private func token(for email: String, _ world: World) async throws -> String {
        let before = try await world.mails(to: email).count
        #expect(try await world.send(.post, ask, json: ["email": .string(email)]).status == 202)
        let mails = try await world.mails(to: email)
        try #require(mails.count == before + 1)
        return try #require(mails.last?.token)
    }

    @Test("A forgotten password is replaced with the token of the mail, once; every session and token ends")
    func reset() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let personal = try await world.send(.post, "/api/v1/auth/tokens", as: ada, json: ["name": "x", "scopes": ["tasks:read"]])
            let sibling = try await token(for: "ADA@example.com".lowercased(), world)
            let token = try await token(for: ada.email, world)
            let mail = try #require(try await world.mails(to: ada.email).last)
            #expect(mail.subject == "Reset your password")
            #expect(mail.headers["list-unsubscribe"] == nil)
            let weak = try await world.send(.post, confirm, json: ["token": .string(token), "new_password": "password1"])
            #expect(weak.string("errors", "0", "pointer") == "/new_password")
            #expect(try await world.send(.post, confirm, json: ["token": .string(token), "new_password": new]).status == 204)
            #expect(try await world.send(.get, "/api/v1/users/me", as: ada).status == 401)
            #expect(try await world.send(.post, "/api/v1/auth/refresh", json: ["refresh_token": .string(ada.refreshToken)]).status == 401)
            #expect(try await world.send(.get, "/api/v1/tasks", token: personal.string("token")).status == 401)
            #expect(try await world.login(ada.email).status == 401)
            #expect(try await world.login(ada.email, password: "another long one").status == 200)
            for used in [token, sibling, "nonsense"] {
                let reply = try await world.send(.post, confirm, json: ["token": .string(used), "new_password": "a third long one"])
                #expect(reply.status == 400)
                #expect(reply.string("errors", "0", "pointer") == "/token")
            }
            let root = try await world.person("root", role: .admin)
            #expect(try await world.send(.get, "/api/v1/admin/audit?action=user.password_reset", as: root).list("data").count == 1)
        }
    }

    @Test("Of many who use a token at once, one succeeds")
    func race() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let token = try await token(for: ada.email, world)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<16 {
                    group.addTask { @Sendable in
                        let body: JSON = ["token": .string(token), "new_password": .string("long password \(number)")]
                        return try await world.send(.post, "/api/v1/auth/password-reset/confirm", json: body).status
                    }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 204 }.count == 1)
            #expect(statuses.filter { $0 == 400 }.count == 15)
        }
    }

    @Test("A token has 256 bits, ends after 30 minutes, and is not in the database")
    func expiry() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let token = try await token(for: ada.email, world)
            #expect(token.count == 43)
            #expect(try await world.storedTexts().allSatisfy { !$0.contains(token) })
            world.clock.advance(by: .seconds(1800))
            #expect(try await world.send(.post, confirm, json: ["token": .string(token), "new_password": new]).status == 400)
            let fresh = try await self.token(for: ada.email, world)
            world.clock.advance(by: .seconds(1799))
            #expect(try await world.send(.post, confirm, json: ["token": .string(fresh), "new_password": new]).status == 204)
        }
    }

    @Test("Whether there is an account is told by no status, body, header, job or event")
    func unknown() async throws {
        try await World.run { world in
            let root = try await world.person("root", role: .admin)
            let ada = try await world.person("ada")
            let known = try await world.send(.post, ask, json: ["email": .string(ada.email)])
            let unknown = try await world.send(.post, ask, json: ["email": "nobody@example.com"])
            #expect(known.status == 202 && unknown.status == 202)
            #expect(known.body == unknown.body)
            #expect(known.headers.map(\.name) == unknown.headers.map(\.name))
            let jobs = try await world.send(.get, "/api/v1/admin/jobs?kind=password_reset.request", as: root).list("data")
            #expect(jobs.count == 2)
            #expect(jobs[0].with("id", .null) == jobs[1].with("id", .null))
            #expect(try await world.mails(to: ada.email).count == 1)
            #expect(try world.mails().count == 1)
            #expect(try await world.storedTexts().allSatisfy { !$0.contains("nobody@example.com") })
        }
    }

    @Test("Links lead where the configuration says, whatever the Host of the request")
    func host() async throws {
        var options = World.Options()
        options.arguments = ["--taskflow-public-url", "https://tasks.example.com"]
        try await World.run(options) { world in
            let ada = try await world.person("ada")
            let body = Array(#"{"email":"ada@example.com"}"#.utf8)
            let headers = [
                ("Content-Type", "application/json"), ("X-Forwarded-Host", "evil.example.org"), ("Forwarded", "host=evil.example.org"),
            ]
            #expect(try await world.send(.post, ask, body: body, headers: headers).status == 202)
            let mail = try #require(try await world.mails(to: ada.email).first)
            #expect(mail.text.contains("https://tasks.example.com/reset#token="))
            #expect(!mail.source.contains("evil"))
            for page in ["/reset", "/verify", "/revert", "/unsubscribe"] {
                let reply = try await world.send(.get, page)
                #expect(reply.status == 200)
                #expect(reply["Content-Security-Policy"]?.contains("script-src 'self'") == true)
            }
        }
    }

    @Test("A mailbox gets five reset mails an hour, whoever asks for more")
    func flood() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            for _ in 1...8 { try await world.send(.post, ask, json: ["email": .string(ada.email)]) }
            #expect(try await world.mails(to: ada.email).count == 5)
            world.clock.advance(by: .seconds(3601))
            _ = try await token(for: ada.email, world)
        }
    }

    @Test("A deactivated account gets no mail, and a token from before is worth nothing")
    func inactive() async throws {
        try await World.run { world in
            let root = try await world.person("root", role: .admin)
            let dan = try await world.person("dan")
            let token = try await token(for: dan.email, world)
            try await world.send(.patch, "/api/v1/users/\(dan.id)", as: root, json: ["is_active": false])
            #expect(try await world.send(.post, confirm, json: ["token": .string(token), "new_password": new]).status == 400)
            try await world.send(.post, ask, json: ["email": .string(dan.email)])
            #expect(try await world.mails(to: dan.email).count == 1)
            try await world.send(.patch, "/api/v1/users/\(dan.id)", as: root, json: ["is_active": true])
            #expect(try await world.send(.post, confirm, json: ["token": .string(token), "new_password": new]).status == 400)
        }
    }

    // MARK: Addresses

    @Test("Who registers confirms the address with the token of the mail; accounts made by an admin need not")
    func verification() async throws {
        try await World.run { world in
            let body: JSON = ["email": "eve@example.com", "password": .string(Person.password), "name": "Click http://evil.example"]
            let eve = try await world.send(.post, "/api/v1/auth/register", json: body)
            #expect(eve.at("user", "email_verified") == false)
            let session = try #require(eve.string("access_token"))
            let mail = try #require(try await world.mails(to: "eve@example.com").first)
            #expect(mail.subject == "Confirm your e-mail address")
            #expect(!mail.source.contains("evil"), "nobody writes to strangers through us")
            let verify = { (token: String) in
                try await world.send(.post, "/api/v1/auth/verify-email", json: ["token": .string(token)]).status
            }
            let token = try #require(mail.token)
            #expect(try await world.storedTexts().allSatisfy { !$0.contains(token) })
            #expect(try await world.send(.post, confirm, json: ["token": .string(token), "new_password": new]).status == 400)
            #expect(try await world.send(.post, "/api/v1/auth/verify-email/resend", token: session).status == 202)
            let second = try #require(try await world.mails(to: "eve@example.com").last?.token)
            #expect(second != token)
            #expect(try await verify(token) == 204)
            #expect(try await verify(token) == 400)
            #expect(try await verify(second) == 400)
            #expect(try await world.send(.get, "/api/v1/users/me", token: session).at("email_verified") == true)
            #expect(try await world.send(.post, "/api/v1/auth/verify-email/resend", token: session).status == 202)
            #expect(try await world.mails(to: "eve@example.com").count == 2)
            let ada = try await world.person("ada")
            #expect(try await world.send(.get, "/api/v1/users/me", as: ada).at("email_verified") == true)
            #expect(try await world.mails(to: ada.email).isEmpty)
        }
    }

    @Test("A deleted account leaves no address behind")
    func deleted() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            try await world.send(.patch, "/api/v1/users/me", as: ada, json: ["email": "lovelace@example.com"])
            try await world.send(.delete, "/api/v1/users/\(ada.id)", as: ada)
            #expect(try await world.mails(to: "ada@example.com").isEmpty)
            let rows = try await world.installation.store.read { tx in
                try tx.value("SELECT count(*) FROM mails WHERE address IS NOT NULL", as: Int64.self)
            }
            #expect(rows == 0)
        }
    }
}
