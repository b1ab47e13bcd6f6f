// What the owner of an account is told of new ways into it.
import API
import ChangeLedger
import Composition
import HTTPTypes
import Model
import Services
import StoreCore
import Testing
import TestKit
import Wire

@Suite struct SecurityMailTests {
    private let newDevice = "A new device has logged in"

    private func login(_ email: String, _ world: World, from address: String, with device: String) async throws {
        let reply = try await world.send(
            .post, "/api/v1/auth/login", json: ["email": .string(email), "password": .string(Person.password)],
            headers: [("X-Forwarded-For", address), ("User-Agent", device)])
        #expect(reply.status == 200)
    }

    private func runBehindProxy(_ test: @escaping @Sendable (World) async throws -> Void) async throws {
        var options = World.Options()
        options.arguments = ["--taskflow-trusted-proxies", "127.0.0.1"]
        try await World.run(options, test)
    }

    @Test("A new token and a new webhook are told of, with no word that passes for ours, and cannot be switched off")
    func created() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let name = "x\u{202e}txt.\n\nOur support: http://evil.example" + String(repeating: "y", count: 60)
            try await world.send(
                .post, "/api/v1/auth/tokens", as: ada, json: ["name": .string(name), "scopes": ["tasks:read"]])
            let mail = try #require(try await world.mails(to: ada.email).last)
            #expect(mail.subject == "A personal access token was created")
            #expect(mail.text.contains("Its name is “x<U+202E>txt.⏎⏎Our support: http://evil.example"))
            #expect(!mail.text.contains("\u{202e}"))
            #expect(!mail.html.contains("\u{202e}"))
            #expect(mail.headers["list-unsubscribe"] == nil)
            let url = "https://example.com/" + String(repeating: "z", count: 300)
            try await world.send(.post, "/api/v1/webhooks", as: ada, json: ["url": .string(url)])
            let hook = try #require(try await world.mails(to: ada.email).last)
            #expect(hook.subject == "A webhook was created")
            #expect(hook.text.contains("“https://example.com/" + String(repeating: "z", count: 180) + "…”"))
            #expect(hook.headers["list-unsubscribe"] == nil)
            let made = try await world.send(.post, "/api/v1/auth/tokens", as: ada, json: ["name": "gone", "scopes": ["tasks:read"]])
            try await world.send(.delete, "/api/v1/auth/tokens/\(try #require(made.int("id")))", as: ada)
            #expect(
                try await world.mails(to: ada.email).last?.text.contains("It was deleted since.") == true,
                "who deletes a token at once does not go unseen")
        }
    }

    @Test("A log-in from a new program or a new network is told of; the first one, and the like of an earlier one, are not")
    func devices() async throws {
        try await runBehindProxy { world in
            let change = try await world.installation.rooms.users.create(
                .init(user: NewUser(email: "ada@example.com", username: "ada"), password: Person.password),
                by: .system(.commandLine, "test"))
            let ada = try await world.installation.rooms.ledger.perform(change)
            try await login(ada.email, world, from: "192.0.2.1", with: "Browser/1")
            #expect(try await world.mails(to: ada.email).isEmpty)
            try await login(ada.email, world, from: "192.0.2.200", with: "Browser/1")
            #expect(try await world.mails(to: ada.email).isEmpty, "the same network")
            try await login(ada.email, world, from: "192.0.3.1", with: "Browser/1")
            let mail = try #require(try await world.mails(to: ada.email).last)
            #expect(mail.subject == newDevice)
            #expect(mail.text.contains("from the address 192.0.3.1"))
            #expect(mail.headers["list-unsubscribe"] != nil)
            try await login(ada.email, world, from: "192.0.2.1", with: "Evil “support” http://evil.example")
            let other = try #require(try await world.mails(to: ada.email).last)
            #expect(try await world.mails(to: ada.email).count == 2)
            #expect(!other.source.contains("evil"), "no word of the visitor")
            try await login(ada.email, world, from: "2001:db8:1::1", with: "Browser/1")
            try await login(ada.email, world, from: "2001:db8:1:ffff::1", with: "Browser/1")
            #expect(try await world.mails(to: ada.email).count == 3)
            // All sessions are long gone, but not the memory that there were some.
            world.clock.advance(by: .seconds(60 * 86_400))
            try await world.installation.store.write { tx in
                try tx.run("DELETE FROM refresh_tokens")
                _ = try tx.run("DELETE FROM sessions")
            }
            try await login(ada.email, world, from: "192.0.2.1", with: "Browser/1")
            #expect(try await world.mails(to: ada.email).count == 4)
        }
    }

    @Test("Mails about new devices can be switched off, by a session whose password was just entered or by one click")
    func switchedOff() async throws {
        try await runBehindProxy { world in
            let ada = try await world.person("ada")
            let off = try await world.send(.patch, "/api/v1/users/me/notifications", as: ada, json: ["new_device": false])
            #expect(off.at("new_device") == false)
            try await login(ada.email, world, from: "192.0.2.1", with: "Browser/1")
            #expect(try await world.mails(to: ada.email).isEmpty)
            try await world.send(.patch, "/api/v1/users/me/notifications", as: ada, json: ["new_device": true])
            try await login(ada.email, world, from: "192.0.2.1", with: "Browser/2")
            let mail = try #require(try await world.mails(to: ada.email).last)
            #expect(mail.subject == newDevice)
            let token = try #require(mail.token)
            #expect(try await world.send(.post, "/api/v1/unsubscribe?token=\(token)").status == 204)
            #expect(try await world.send(.get, "/api/v1/users/me/notifications", as: ada).at("new_device") == false)
        }
    }
}
