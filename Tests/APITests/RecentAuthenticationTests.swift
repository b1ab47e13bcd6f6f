// What a stolen access token must not be enough for: everything that guards an account asks for a password that was entered lately.
import API
import ChangeLedger
import Composition
import Credentials
import HTTPTypes
import Model
import Services
import StoreCore
import Testing
import TestKit
import Wire

@Suite struct RecentAuthenticationTests {
    private let reauthenticate = "/api/v1/auth/reauthenticate"

    private func login(_ person: Person, _ world: World) async throws -> Person {
        person.with(accessToken: try #require(try await world.login(person.email).string("access_token")))
    }

    private typealias Guarded = (name: String, send: @Sendable (Person) async throws -> Reply)

    /// Everything that needs a recent password, as `root` does it. What ends the session itself comes last.
    private func guarded(_ world: World, _ root: Person) async throws -> [Guarded] {
        let bob = try await world.person("bob")
        let other = try await world.login(root.email)
        let session = try #require(
            try await world.send(.get, "/api/v1/auth/sessions", token: other.string("access_token")).int("data", "0", "id"))
        let hook = try #require(
            try await world.send(.post, "/api/v1/webhooks", as: root, json: ["url": "https://example.com/"]).int("id"))
        func request(_ method: HTTPRequest.Method, _ path: String, _ json: JSON? = nil) -> Guarded {
            ("\(method) \(path)", { try await world.send(method, path, as: $0, json: json) })
        }
        return [
            request(.post, "/api/v1/webhooks", ["url": "https://example.com/2"]),
            request(.patch, "/api/v1/webhooks/\(hook)", ["url": "https://example.com/3"]),
            request(.post, "/api/v1/webhooks/\(hook)/rotate-secret"),
            request(.post, "/api/v1/auth/tokens", ["name": "x", "scopes": ["tasks:read"]]),
            request(.delete, "/api/v1/auth/sessions/\(session)"),
            request(.patch, "/api/v1/users/me", ["email": "stolen@example.com"]),
            request(.patch, "/api/v1/users/me/notifications", ["new_device": false]),
            request(.post, "/api/v1/users", ["email": "new@example.com", "password": .string(Person.password)]),
            request(.patch, "/api/v1/users/\(bob.id)", ["email": "taken@example.com"]),
            request(.patch, "/api/v1/users/\(bob.id)", ["role": "admin"]),
            request(.put, "/api/v1/users/\(bob.id)", ["is_active": false]),
            request(.delete, "/api/v1/users/\(bob.id)"),
            request(.post, "/api/v1/auth/logout?all=true"),
        ]
    }

    @Test("Ten minutes after its password was entered, a session changes nothing that guards an account, until it is entered again")
    func guardedChanges() async throws {
        try await World.run { world in
            let root = try await world.person("root", role: .admin)
            _ = try await world.person("second", role: .admin)
            let attempts = try await guarded(world, root)
            let stale = try await login(root, world)
            world.clock.advance(by: .seconds(600))
            for (name, send) in attempts {
                let reply = try await send(stale)
                #expect(reply.status == 403, "\(name): \(reply.text)")
                #expect(reply.string("code") == "reauthentication_required", "\(name)")
            }
            let wrong = try await world.send(.post, reauthenticate, as: stale, json: ["password": "not this one"])
            #expect(wrong.status == 400)
            #expect(wrong.string("errors", "0", "pointer") == "/password")
            #expect(try await attempts[0].send(stale).status == 403)
            #expect(try await world.send(.post, reauthenticate, as: stale, json: ["password": .string(Person.password)]).status == 204)
            for (name, send) in attempts {
                let reply = try await send(stale)
                #expect((200..<300).contains(reply.status), "\(name): \(reply.text)")
            }
        }
    }

    @Test("A personal access token does none of it, whatever its scopes")
    func personalTokens() async throws {
        try await World.run { world in
            let root = try await world.person("root", role: .admin)
            let made = try await world.send(.post, "/api/v1/auth/tokens", as: root, json: ["name": "x", "scopes": ["admin"]])
            let thief = root.with(accessToken: try #require(made.string("token")))
            for (name, send) in try await guarded(world, root) {
                #expect(try await send(thief).string("code") == "session_only", "\(name)")
            }
            #expect(
                try await world.send(.post, reauthenticate, as: thief, json: ["password": .string(Person.password)]).string("code")
                    == "session_only")
            let table = "task_name,assigned_user\nA,nobody-yet\n"
            let upload = try await world.send(
                .post, "/api/v1/tasks/import?create_users=true", as: thief, body: Array(table.utf8), headers: [("Content-Type", "text/csv")]
            )
            #expect(upload.string("code") == "session_only", "an import that makes accounts")
        }
    }

    @Test("Refreshing a session does not count as entering the password")
    func refresh() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            world.clock.advance(by: .seconds(599))
            let refreshed = try await world.send(.post, "/api/v1/auth/refresh", json: ["refresh_token": .string(ada.refreshToken)])
            let token = ada.with(accessToken: try #require(refreshed.string("access_token")))
            world.clock.advance(by: .seconds(1))
            let new: JSON = ["name": "x", "scopes": ["tasks:read"]]
            #expect(try await world.send(.post, "/api/v1/auth/tokens", as: token, json: new).string("code") == "reauthentication_required")
            let body: JSON = ["current_password": .string(Person.password), "new_password": "another long one"]
            #expect(try await world.send(.post, "/api/v1/auth/password", as: token, json: body).status == 204)
            #expect(try await world.send(.post, "/api/v1/auth/tokens", as: token, json: new).status == 201, "the password was just entered")
        }
    }

    @Test("A name and an address that stays the same need no password; current_password stands in for the session")
    func currentPassword() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            world.clock.advance(by: .seconds(700))
            let patch = { (body: JSON) in try await world.send(.patch, "/api/v1/users/me", as: ada, json: body) }
            #expect(try await patch(["name": "Ada", "time_zone": "Europe/Berlin"]).status == 200)
            #expect(try await patch(["email": .string(ada.email), "name": "A. L."]).status == 200)
            let address: JSON = ["email": "lovelace@example.com"]
            #expect(try await patch(address).string("code") == "reauthentication_required")
            let wrong = try await patch(address.with("current_password", "not this one"))
            #expect(wrong.status == 400)
            #expect(wrong.string("errors", "0", "pointer") == "/current_password")
            let right = try await patch(address.with("current_password", .string(Person.password)))
            #expect(right.string("pending_email") == "lovelace@example.com", "\(right.text)")
            #expect(try await patch(["email": "countess@example.com"]).status == 403, "it was for one change")
        }
    }

    @Test("The ten minutes are asked for in the transaction of the change as well")
    func transaction() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let rooms = world.installation.rooms
            let actor = try await rooms.authenticator.authenticate(ada.accessToken, from: Origin(requestID: "test"))
            let session = try #require(actor.sessionID)
            let change = rooms.auth.endSession(session, by: actor.requiringRecentPassword)
            world.clock.advance(by: .seconds(600))
            await #expect(throws: Failure.forbidden(.reauthenticationRequired)) { try await rooms.ledger.perform(change) }
            #expect(try await world.send(.get, "/api/v1/users/me", as: ada).status == 200)
        }
    }

    @Test("A refusal for want of a password is not remembered under an Idempotency-Key")
    func idempotency() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            world.clock.advance(by: .seconds(600))
            let create = { (person: Person) in
                try await world.send(
                    .post, "/api/v1/webhooks", as: person, json: ["url": "https://example.com/"], headers: [("Idempotency-Key", "key-1")])
            }
            #expect(try await create(ada).status == 403)
            #expect(try await world.send(.post, reauthenticate, as: ada, json: ["password": .string(Person.password)]).status == 204)
            #expect(try await create(ada).status == 201)
            let refreshed = try await world.send(.post, "/api/v1/auth/refresh", json: ["refresh_token": .string(ada.refreshToken)])
            let later = ada.with(accessToken: try #require(refreshed.string("access_token")))
            #expect(try await create(later)["Idempotency-Replayed"] == "true")
            world.clock.advance(by: .seconds(600))
            #expect(try await create(later).status == 403, "its answer holds a secret: it is for who may ask now")
        }
    }
}
