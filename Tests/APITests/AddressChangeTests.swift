// A new e-mail address counts once it is confirmed, and the old one can take the account back.
import Composition
import HTTPTypes
import Model
import StoreCore
import Testing
import TestKit
import Wire

@Suite struct AddressChangeTests {
    private let ask = "/api/v1/auth/password-reset"
    private let new: JSON = "another long one"

    private func change(_ person: Person, to email: String, _ world: World) async throws -> Reply {
        try await world.send(
            .patch, "/api/v1/users/me", as: person, json: ["email": .string(email), "current_password": .string(Person.password)])
    }

    private func verify(_ token: String?, _ world: World) async throws -> Reply {
        try await world.send(.post, "/api/v1/auth/verify-email", json: ["token": .string(try #require(token))])
    }

    private func revert(_ token: String?, _ world: World) async throws -> Reply {
        try await world.send(.post, "/api/v1/auth/revert-email", json: ["token": .string(try #require(token))])
    }

    private func last(to address: String, _ world: World) async throws -> ReceivedMail {
        try #require(try await world.mails(to: address).last)
    }

    @Test("A new address opens nothing until it is confirmed: no log-in, no reset; the present one is told at once")
    func pending() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let reply = try await change(ada, to: "lovelace@example.com", world)
            #expect(reply.string("email") == ada.email)
            #expect(reply.at("email_verified") == true)
            #expect(reply.string("pending_email") == "lovelace@example.com")
            #expect(try await last(to: ada.email, world).subject == "Somebody wants to change your e-mail address")
            let mail = try await last(to: "lovelace@example.com", world)
            #expect(mail.subject == "Confirm your new e-mail address")
            #expect(mail.text.contains("/verify#token="))
            #expect(try await world.login("lovelace@example.com").status == 401)
            try await world.send(.post, ask, json: ["email": "lovelace@example.com"])
            #expect(try await world.mails(to: "lovelace@example.com").count == 1)
            let token = try #require(mail.token)
            let reset = try await world.send(.post, "\(ask)/confirm", json: ["token": .string(token), "new_password": new])
            #expect(reset.status == 400, "a link that confirms sets no password")

            #expect(try await verify(token, world).status == 204)
            #expect(try await verify(token, world).status == 400)
            let me = try await world.login("lovelace@example.com")
            #expect(me.string("user", "email") == "lovelace@example.com")
            #expect(me.at("user", "email_verified") == true)
            #expect(me.at("user", "pending_email") == .null)
            let told = try await last(to: ada.email, world)
            #expect(told.subject == "Your e-mail address was changed")
            #expect(told.text.contains("/revert#token="))
            let root = try await world.person("root", role: .admin)
            let audit = try await world.send(.get, "/api/v1/admin/audit?action=user.email_changed", as: root)
            #expect(audit.list("data").count == 1)
            #expect(!audit.text.contains("lovelace"))
        }
    }

    @Test("What was mailed to the old address ends with the change, and a second request ends the link of the first")
    func olderLinks() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            try await world.send(.post, ask, json: ["email": .string(ada.email)])
            let reset = try #require(try await last(to: ada.email, world).token)
            _ = try await change(ada, to: "first@example.com", world)
            let first = try await last(to: "first@example.com", world).token
            _ = try await change(ada, to: "second@example.com", world)
            #expect(try await verify(first, world).status == 400, "it was for another address")
            #expect(try await world.send(.post, "/api/v1/auth/verify-email/resend", as: ada).status == 202)
            let mails = try await world.mails(to: "second@example.com")
            #expect(mails.count == 2)
            #expect(try await verify(mails[0].token, world).status == 204)
            #expect(try await verify(mails[1].token, world).status == 400)
            let late = try await world.send(.post, "\(ask)/confirm", json: ["token": .string(reset), "new_password": new])
            #expect(late.status == 400)
        }
    }

    @Test("Naming the present address again, or changing the password, cancels a change that is not confirmed")
    func cancelled() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            _ = try await change(ada, to: "first@example.com", world)
            let first = try await last(to: "first@example.com", world).token
            #expect(try await change(ada, to: "ADA@example.com", world).at("pending_email") == .null)
            #expect(try await verify(first, world).status == 400)
            _ = try await change(ada, to: "second@example.com", world)
            let second = try await last(to: "second@example.com", world).token
            let body: JSON = ["current_password": .string(Person.password), "new_password": new]
            #expect(try await world.send(.post, "/api/v1/auth/password", as: ada, json: body).status == 204)
            #expect(try await world.send(.get, "/api/v1/users/me", as: ada).at("pending_email") == .null)
            #expect(try await verify(second, world).status == 400)
        }
    }

    @Test("An address that somebody else has is refused; one that somebody else got meanwhile is refused when it is confirmed")
    func taken() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            #expect(try await change(ada, to: bob.email, world).string("code") == "email_taken")
            _ = try await change(ada, to: "both@example.com", world)
            _ = try await change(bob, to: "both@example.com", world)
            let tokens = try await world.mails(to: "both@example.com").map(\.token)
            #expect(tokens.count == 2)
            #expect(try await verify(tokens[1], world).status == 204)
            let late = try await verify(tokens[0], world)
            #expect(late.status == 409)
            #expect(late.string("code") == "email_taken")
            #expect(late.string("detail")?.hasPrefix("Another account has taken this e-mail address meanwhile") == true)
            #expect(try await world.login(ada.email).status == 200)
        }
    }

    @Test("The old address takes a stolen account back: the thief is out, his password and his own links with him")
    func takenBack() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let thief = try await world.login(ada.email)
            _ = try await change(ada, to: "thief@example.org", world)
            #expect(try await verify(try await last(to: "thief@example.org", world).token, world).status == 204)
            let owner = try await last(to: ada.email, world).token
            // With another account he cannot keep the address from its owner.
            let blocked = try await world.send(
                .post, "/api/v1/auth/register", json: ["email": .string(ada.email.uppercased()), "password": new])
            #expect(blocked.string("code") == "email_taken")
            // He changes it again, so that he has a link of that kind himself, and uses it before the owner does.
            _ = try await change(ada, to: "second@example.org", world)
            #expect(try await verify(try await last(to: "second@example.org", world).token, world).status == 204)
            let his = try await last(to: "thief@example.org", world).token
            #expect(try await revert(his, world).status == 204)
            try await world.send(.post, ask, json: ["email": "thief@example.org"])
            let reset = try #require(try await last(to: "thief@example.org", world).token)
            let confirm = { (token: String, password: JSON) in
                try await world.send(.post, "\(ask)/confirm", json: ["token": .string(token), "new_password": password]).status
            }
            #expect(try await confirm(reset, new) == 204)
            let session = try await world.login("thief@example.org", password: "another long one")
            _ = try await change(ada, to: "third@example.org", world)
            let queued = try #require(session.string("access_token"))
            try await world.send(
                .patch, "/api/v1/users/me", token: queued, json: ["email": "third@example.org"])
            #expect(try await verify(try await last(to: "third@example.org", world).token, world).status == 204)
            let hisNext = try await last(to: "thief@example.org", world).token

            #expect(try await revert(owner, world).status == 204)
            #expect(try await revert(owner, world).status == 400)
            #expect(try await revert(hisNext, world).status == 400)
            for token in [thief.string("access_token"), session.string("access_token")] {
                #expect(try await world.send(.get, "/api/v1/users/me", token: token).status == 401)
            }
            #expect(try await world.login("ada@example.com", password: "another long one").status == 401)
            let mail = try await last(to: ada.email, world)
            #expect(mail.subject == "Your e-mail address was restored")
            #expect(try await confirm(try #require(mail.token), "a third long one") == 204)
            let back = try await world.login(ada.email, password: "a third long one")
            #expect(back.string("user", "email") == ada.email)
            #expect(back.at("user", "email_verified") == true)
        }
    }

    @Test("A link that takes an address back works for seven days; a mail that was not sent yet brings none afterwards")
    func lifetime() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            _ = try await change(ada, to: "second@example.com", world)
            #expect(try await verify(try await last(to: "second@example.com", world).token, world).status == 204)
            let token = try await last(to: ada.email, world).token
            #expect(try await world.storedTexts().allSatisfy { !$0.contains(token ?? "") })
            _ = try await change(ada, to: "third@example.com", world)
            #expect(try await verify(try await last(to: "third@example.com", world).token, world).status == 204)
            world.clock.advance(by: .seconds(7 * 86_400 - 1))
            #expect(try await revert(token, world).status == 204)

            let bob = try await world.person("bob")
            _ = try await change(bob, to: "bob2@example.com", world)
            #expect(try await verify(try await last(to: "bob2@example.com", world).token, world).status == 204)
            let late = try await last(to: bob.email, world).token
            _ = try await change(bob, to: "bob3@example.com", world)
            let confirmation = try await last(to: "bob3@example.com", world).token
            let before = try await world.mails(to: "bob2@example.com").count
            #expect(try await verify(confirmation, world).status == 204)
            // The mail to bob2 waits to be sent.
            #expect(try await revert(late, world).status == 204)
            #expect(try await world.mails(to: "bob2@example.com").count == before)

            let eve = try await world.person("eve")
            _ = try await change(eve, to: "eve2@example.com", world)
            #expect(try await verify(try await last(to: "eve2@example.com", world).token, world).status == 204)
            let expired = try await last(to: eve.email, world).token
            world.clock.advance(by: .seconds(7 * 86_400))
            #expect(try await revert(expired, world).status == 400)
        }
    }

    @Test("An admin who changes somebody's address vouches for it: it counts at once, and the old one can take it back")
    func byAdmin() async throws {
        try await World.run { world in
            let root = try await world.person("root", role: .admin)
            let ada = try await world.person("ada")
            let reply = try await world.send(.patch, "/api/v1/users/\(ada.id)", as: root, json: ["email": "lovelace@example.com"])
            #expect(reply.string("email") == "lovelace@example.com")
            #expect(reply.at("email_verified") == true)
            #expect(reply.at("pending_email") == .null)
            #expect(try await revert(try await last(to: ada.email, world).token, world).status == 204)
            #expect(try await world.send(.get, "/api/v1/users/\(ada.id)", as: root).string("email") == ada.email)
            let own = try await world.send(.patch, "/api/v1/users/\(root.id)", as: root, json: ["email": "root2@example.com"])
            #expect(own.string("pending_email") == "root2@example.com", "nobody vouches for oneself")
        }
    }
}
