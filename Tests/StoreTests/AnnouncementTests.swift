// What a transaction announces is heard everywhere, once it is on disk, and nobody believes to hear who does not.
import StoreCore
import Synchronization
import TestKit
import Testing

private final class Heard: Sendable {
    private let announcements = Mutex<[Announcement]>([])

    var all: [Announcement] { announcements.withLock { $0 } }
    func hear(_ announcement: Announcement) { announcements.withLock { $0.append(announcement) } }
}

@Suite struct AnnouncementTests {
    @Test("A change announces to its own process, and nothing when it is undone")
    func own() async throws {
        let store = try await numbersStore()
        let heard = Heard()
        store.store.listen(heard.hear)
        await eventually { heard.all.last == .hearing }
        await #expect(throws: Refused()) {
            try await store.write { tx in
                try tx.announce("undone")
                throw Refused()
            }
        }
        try await store.write { try $0.announce("it’s “done”") }
        await eventually { heard.all.last == .message("it’s “done”") }
        #expect(!heard.all.contains(.message("undone")))
    }

    @Test("A change announces to other instances", .only(.postgres))
    func others() async throws {
        let store = try await numbersStore()
        let other = try await store.another()
        let heard = Heard()
        other.listen(heard.hear)
        await eventually { heard.all.last == .hearing }
        try await store.write { tx in
            try tx.announce("one")
            try tx.announce("two")
        }
        await eventually { heard.all.suffix(2) == [.message("one"), .message("two")] }
        try await other.close()
    }

    @Test("Who cannot hear knows it, and knows when it hears again", .only(.postgres), .timeLimit(.minutes(1)))
    func deaf() async throws {
        let store = try await numbersStore()
        let heard = Heard()
        store.store.listen(heard.hear)
        await eventually { heard.all.last == .hearing }
        let other = try await store.another()
        _ = try await other.write { tx in
            try tx.run(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
                """)
        }
        await eventually { heard.all.contains(.deaf) && heard.all.last == .hearing }
        try await other.close()
    }
}
