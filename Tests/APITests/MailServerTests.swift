// The way of a mail from the request that causes it to a real SMTP server, and what is known of it afterwards.
import Composition
import Foundation
import HTTPTypes
import Model
import Repositories
import StoreCore
import TestKit
import Testing
import Wire

@Suite(.enabled(if: MailSink.isInstalled, "scripts/setup tests installs the SMTP server"))
struct MailServerTests {
    private func run(_ test: @escaping @Sendable (World, MailSink) async throws -> Void) async throws {
        try await MailSink.run(.plain) { sink in
            var options = World.Options()
            options.arguments = [
                "--smtp-url", "smtp://127.0.0.1:\(sink.port)", "--taskflow-mail-from", "TaskFlow <taskflow@example.com>",
            ]
            try await World.run(options) { world in try await test(world, sink) }
        }
    }

    private func states(_ world: World) async throws -> [Int64] {
        try await world.installation.store.read { tx in
            try tx.rows("SELECT state FROM mails ORDER BY id") { try $0.value(0) }
        }
    }

    @Test("A forgotten password is reset with what the mail server got")
    func reset() async throws {
        try await run { world, sink in
            let ada = try await world.person("ada")
            try await world.send(.post, "/api/v1/auth/password-reset", json: ["email": .string(ada.email)])
            try await world.work()
            #expect(sink.received.map(\.to) == [[ada.email]])
            #expect(sink.received.map(\.from) == ["taskflow@example.com"])
            let mail = ReceivedMail(try #require(sink.received.first?.data))
            let body: JSON = ["token": .string(try #require(mail.token)), "new_password": "another long one"]
            #expect(try await world.send(.post, "/api/v1/auth/password-reset/confirm", json: body).status == 204)
            #expect(try await states(world) == [Mail.State.sent.rawValue])
            #expect(try world.mails().isEmpty)
        }
    }

    @Test("What the server takes is sent once; what it refuses is failed or tried again; what nobody knows is never sent again")
    func outcomes() async throws {
        try await run { world, sink in
            let root = try await world.person("root", role: .admin)
            for name in ["taken", "reject", "later", "drop"] {
                let person = try await world.person(name)
                try await world.send(.post, "/api/v1/auth/password-reset", json: ["email": .string(person.email)])
                try await world.work()
            }
            let states: [Mail.State] = [.sent, .failed, .queued, .uncertain]
            #expect(try await self.states(world) == states.map(\.rawValue))
            let jobs = try await world.send(.get, "/api/v1/admin/jobs?kind=mail.deliver&state=failed", as: root).list("data")
            #expect(jobs.count == 2)
            for job in jobs {
                guard case .int(let id)? = job["id"] else { continue }
                try await world.send(.post, "/api/v1/admin/jobs/\(id)/retry", as: root)
            }
            // Half a day of trying.
            for _ in 1...30 {
                world.clock.advance(by: .seconds(3600))
                try await world.work()
            }
            #expect(try await self.states(world) == [Mail.State.sent, .failed, .failed, .uncertain].map(\.rawValue))
            #expect(sink.received.map(\.to) == [["taken@example.com"], ["drop@example.com"]])
        }
    }

    @Test("While the server is away mails wait, and arrive once when it is back")
    func away() async throws {
        try await run { world, sink in
            let (ada, root) = (try await world.person("later"), try await world.person("root", role: .admin))
            try await world.send(.post, "/api/v1/auth/password-reset", json: ["email": .string(ada.email)])
            try await world.work()
            #expect(sink.received.isEmpty)
            try await world.send(.patch, "/api/v1/users/\(ada.id)", as: root, json: ["email": "now@example.com"])
            world.clock.advance(by: .seconds(60))
            try await world.work()
            let told = sink.received.map { "\(ReceivedMail($0.data).subject) to \($0.to.joined())" }
            // The address is the one of the moment. What tells the old one waits on: the server goes on refusing that address.
            #expect(told == ["Reset your password to now@example.com"])
        }
    }
}
