// The event log and the answers that are given again.
import Model
import Repositories
import StoreCore
import TestKit
import Testing

@Suite struct EventTests {
    private let author = Author.user(Actor(userID: ada, role: .user, credential: .session(ID(1)), origin: Origin(requestID: "req-1")))

    @Test("An event is read as it was written, every kind of value")
    func roundTrip() async throws {
        let store = try await storeWithUsers()
        let changes: [FieldChange] = [
            .init("title", from: .null, to: .text("“Quoted” \\ 😀 é \u{1}")), .init("archived", from: .bool(false), to: .bool(true)),
            .init("owner_id", from: .int(.max), to: .int(.min)), .init("labels", from: .texts([]), to: .texts(["a", "", "ü"])),
            .init("text", from: .text("1"), to: .text("true")), .init("number", from: .int(0), to: .int(1)),
            .init("x", from: .text(""), to: .null),
        ]
        try await store.write { [author] in try Events($0).append(.taskUpdated, .user(ID(7)), changes, by: author, at: noon) }
        let event = try #require(try await store.read { try Events($0).list(.init(), limit: 5) }.first)
        #expect(event.changes == changes)
        #expect(event.at == noon)
        #expect(event.actorID == ada)
        #expect(event.requestID == "req-1")
        #expect(event.action == .taskUpdated)
        #expect(event.subject == .user(ID(7)))
    }

    @Test("Events of visitors and of the system have no actor")
    func noActor() async throws {
        let store = try await storeWithUsers()
        try await store.write { tx in
            try Events(tx).append(.userRegistered, .user(ada), [], by: .visitor(Origin(requestID: "v")), at: noon)
            try Events(tx).append(.userCreated, .user(bob), [], by: .system(.commandLine, "cli"), at: noon)
        }
        let events = try await store.read { try Events($0).list(.init(), limit: 5) }
        #expect(events.map(\.actorID) == [nil, nil])
        #expect(events.map(\.requestID) == ["cli", "v"])
    }

    @Test("Every action can be stored and read", arguments: Action.allCases)
    func actions(_ action: Action) async throws {
        let store = try await storeWithUsers()
        try await store.write { [author] in try Events($0).append(action, .session(ID(3)), [], by: author, at: noon) }
        #expect(try await store.read { try Events($0).list(.init(), limit: 5) }.map(\.action) == [action])
    }

    @Test("Events are found by actor, action, subject and time, and by all of them together, the newest first")
    func filters() async throws {
        let store = try await storeWithUsers()
        let bobs = Author.user(Actor(userID: bob, role: .user, credential: .session(ID(2)), origin: Origin(requestID: "b")))
        try await store.write { [author] tx in
            for step in Int64(0)..<12 {
                let subject = step % 3 == 0 ? Topic.user(ID(step % 2 + 1)) : .session(ID(step % 2 + 1))
                try Events(tx).append(
                    step % 4 == 0 ? .taskCreated : .taskUpdated, subject, [], by: step % 2 == 0 ? author : bobs, at: noon + .seconds(step))
            }
        }
        func steps(_ change: (inout Events.Filter) -> Void) async throws -> [Int64] {
            var filter = Events.Filter()
            change(&filter)
            let events = try await store.read { [filter] in try Events($0).list(filter, limit: 100) }
            let count = try await store.read { [filter] in try Events($0).count(filter) }
            #expect(count == Int64(events.count))
            return events.map { $0.at.seconds - noon.seconds }
        }
        #expect(try await steps { _ in } == (0..<12).reversed())
        #expect(try await steps { $0.actorID = bob } == [11, 9, 7, 5, 3, 1])
        #expect(try await steps { $0.action = .taskCreated } == [8, 4, 0])
        #expect(try await steps { $0.subjectKind = "user" } == [9, 6, 3, 0])
        #expect(try await steps { $0 = Events.Filter(of: .session(ID(1))) } == [10, 8, 4, 2])
        #expect(try await steps { $0.after = noon + .seconds(9) } == [11, 10])
        #expect(try await steps { $0.before = noon + .seconds(2) } == [1, 0])
        #expect(
            try await steps {
                $0 = Events.Filter(of: .session(ID(1)))
                $0.actorID = ada
                $0.action = .taskUpdated
                $0.after = noon + .seconds(2)
                $0.before = noon + .seconds(11)
            } == [10])
        #expect(try await steps { $0.actorID = eve }.isEmpty)
    }

    @Test("Pages of events follow each other without gap")
    func pages() async throws {
        let store = try await storeWithUsers()
        try await store.write { [author] tx in
            for number in Int64(1)...25 { try Events(tx).append(.taskUpdated, .session(ID(number)), [], by: author, at: noon) }
        }
        var seen: [Int64] = []
        var before: Int64?
        while true {
            let page = try await store.read { [before] in try Events($0).list(.init(), before: before, limit: 7) }
            seen += page.map(\.id)
            guard let last = page.last else { break }
            before = last.id
        }
        #expect(seen == (1...25).reversed())
        #expect(try await store.read { try Events($0).list(.init(), offset: 20, limit: 7) }.map(\.id) == [5, 4, 3, 2, 1])
    }
}

@Suite struct IdempotentAnswerTests {
    private func place(_ scope: String = "user 1", _ operation: String = "tasks.create", _ key: [UInt8] = [1]) -> IdempotentAnswers.Place {
        .init(scope: scope, operation: operation, keyHash: key)
    }

    @Test("An answer is given again for a day and no longer")
    func lifetime() async throws {
        let store = try await migratedStore()
        try await store.write { [place = place()] in try IdempotentAnswers($0).insert(place, sealed: [8, 9], at: noon) }
        func find(at now: Instant) async throws -> [UInt8]? {
            try await store.read { [place = place()] in try IdempotentAnswers($0).find(place, at: now) }
        }
        #expect(try await find(at: noon) == [8, 9])
        #expect(try await find(at: noon + .seconds(24 * 3600) - .milliseconds(1)) == [8, 9])
        #expect(try await find(at: noon + .seconds(24 * 3600)) == nil)
        #expect(try await find(at: noon + .seconds(48 * 3600)) == nil)
    }

    @Test("A key counts for one caller and one operation")
    func places() async throws {
        let store = try await migratedStore()
        try await store.write { [place = place()] in try IdempotentAnswers($0).insert(place, sealed: [8], at: noon) }
        for other in [place("user 2"), place("user 1", "tasks.update"), place("user 1", "tasks.create", [2])] {
            #expect(try await store.read { try IdempotentAnswers($0).find(other, at: noon) } == nil)
        }
    }

    @Test("After its day a key may be used anew")
    func replaced() async throws {
        let store = try await migratedStore()
        let later = noon + .seconds(25 * 3600)
        let place = place()
        try await store.write { try IdempotentAnswers($0).insert(place, sealed: [1], at: noon) }
        try await store.write { try IdempotentAnswers($0).insert(place, sealed: [2], at: later) }
        let found = try await store.read { try IdempotentAnswers($0).find(place, at: later) }
        #expect(found == [2])
    }

    @Test("Old answers go with new ones, and an answer of today never does")
    func cleanUp() async throws {
        let store = try await migratedStore()
        func count() async throws -> Int64 { try await store.read { tx in try tx.value("SELECT count(*) FROM idempotent_answers") } }
        try await store.write { tx in
            for key in UInt8(0)..<40 {
                let place = IdempotentAnswers.Place(scope: "s", operation: "o", keyHash: [key])
                try IdempotentAnswers(tx).insert(place, sealed: [key], at: noon)
            }
        }
        #expect(try await count() == 40)
        let later = noon + .seconds(24 * 3600)
        try await store.write { tx in
            for key in UInt8(100)..<120 {
                let place = IdempotentAnswers.Place(scope: "s", operation: "o", keyHash: [key])
                try IdempotentAnswers(tx).insert(place, sealed: [key], at: later)
            }
        }
        #expect(try await count() == 20)
        for key in UInt8(100)..<120 {
            let found = try await store.read {
                try IdempotentAnswers($0).find(.init(scope: "s", operation: "o", keyHash: [key]), at: later)
            }
            #expect(found == [key])
        }
    }
}
