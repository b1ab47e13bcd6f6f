// What every change relies on: all of it or nothing, and nobody told before it is on disk.
import API
import ChangeLedger
import Composition
import Credentials
import HTTPTypes
import Model
import Repositories
import Services
import StoreCore
import Synchronization
import Testing
import TestKit
import Wire

@Suite struct LedgerTests {
    private struct Broken: Error {}

    @Test("a change that fails leaves neither rows nor events, and its effects never run")
    func rollback() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let ran = Mutex(false)
            let before = try await world.installation.store.read { try Events($0).count(.init()) }
            let change = Change<Void>(by: .system(.commandLine, "test")) { entry in
                let task = try Tasks(entry.tx).insert(NewTask(title: "A"), owner: ID(ada.id), at: entry.now)
                try entry.record(.taskCreated, .task(task, before: nil))
                entry.afterCommit { ran.withLock { $0 = true } }
                throw Broken()
            }
            await #expect(throws: Broken.self) { try await world.installation.rooms.ledger.perform(change) }
            let after = try await world.installation.store.read { tx in
                (try Events(tx).count(.init()), try Tasks(tx).count(.init(.all, of: ID(ada.id)), .init(), now: world.clock.now))
            }
            #expect(after == (before, 0))
            #expect(!ran.withLock { $0 })
        }
    }

    @Test("effects run after the commit: what they look up is there")
    func effects() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let (seen, continuation) = AsyncStream<Void>.makeStream()
            let change = Change<ID<TaskItem>>(by: .system(.commandLine, "test")) { entry in
                entry.afterCommit { continuation.finish() }
                return try Tasks(entry.tx).insert(NewTask(title: "A"), owner: ID(ada.id), at: entry.now).id
            }
            let id = try await world.installation.rooms.ledger.perform(change)
            for await _ in seen {}
            #expect(try await world.installation.store.read { try Tasks($0).find(id) } != nil)
        }
    }

    @Test("a change by somebody whose session has ended meanwhile is refused in its own transaction")
    func standing() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let rooms = world.installation.rooms
            let actor = try await rooms.authenticator.authenticate(ada.accessToken, from: Origin(requestID: "test"))
            let prepared = try await rooms.tasks.create(NewTask(title: "A"), by: actor)
            try await world.send(.post, "/api/v1/auth/logout", as: ada)
            await #expect(throws: Failure.unauthenticated(.revoked)) { try await rooms.ledger.perform(prepared) }
        }
    }

    @Test("a change prepared as an admin is refused when the role is gone at its turn")
    func demotedMeanwhile() async throws {
        try await World.run { world in
            let root = try await world.person("root", role: .admin)
            let second = try await world.person("second", role: .admin)
            let rooms = world.installation.rooms
            let actor = try await rooms.authenticator.authenticate(second.accessToken, from: Origin(requestID: "test"))
            let ada = try await world.person("ada")
            let prepared = rooms.tasks.delete(ID(try await world.task("A", of: ada)), permanently: true, by: actor)
            try await world.send(.patch, "/api/v1/users/\(second.id)", as: root, json: ["role": "user"])
            await #expect(throws: Failure.unauthenticated(.revoked)) { try await rooms.ledger.perform(prepared) }
        }
    }

    @Test("who was deleted between the look at the token and the read is told that the token is worth nothing")
    func deletedMeanwhile() async throws {
        try await World.run { world in
            let root = try await world.person("root", role: .admin)
            let ada = try await world.person("ada")
            let rooms = world.installation.rooms
            let actor = try await rooms.authenticator.authenticate(ada.accessToken, from: Origin(requestID: "test"))
            try await world.send(.delete, "/api/v1/users/\(ada.id)", as: root)
            await #expect(throws: Failure.unauthenticated(.revoked)) { try await rooms.users.get(actor.userID, by: actor) }
        }
    }
}
