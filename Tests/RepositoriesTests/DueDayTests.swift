// Days on which tasks are due, for owners in other zones: what is overdue, what is due on a day, and figures by the day.
import Model
import Repositories
import StoreCore
import TestKit
import Testing

/// 2026-11-20, 12:00 in UTC: the 20th in New York, the 21st on Kiritimati.
@Suite struct DueDayTests {
    private let today = noon.day

    private func day(_ offset: Int64) -> Day { Day(number: today.number + offset) }

    /// Ada lives in New York, bob on Kiritimati, eve in UTC.
    private func world() async throws -> TemporaryStore {
        let store = try await storeWithUsers()
        try await store.write { tx in
            for (id, zone) in [(ada, "America/New_York"), (bob, "Pacific/Kiritimati")] {
                try tx.run("UPDATE users SET time_zone = \(zone) WHERE id = \(id)")
            }
        }
        return store
    }

    private func titles(_ store: TemporaryStore, at now: Instant = noon, _ change: @Sendable (inout TaskFilter) -> Void) async throws
        -> [String]
    {
        var filter = TaskFilter()
        change(&filter)
        return try await store.read { [filter] in
            try Tasks($0).list(.init(.all, of: ada), filter, TaskSort(.dueAt), limit: 100, now: now).map(\.title)
        }
    }

    @Test("A due day is over when it ends for the owner, and not before")
    func overdue() async throws {
        let store = try await world()
        for (owner, name) in [(ada, "ada"), (bob, "bob"), (eve, "eve")] {
            for offset in [-1, 0] as [Int64] {
                try await store.add(NewTask(title: "\(name) \(offset)", due: .on(day(offset))), owner: owner)
            }
        }
        #expect(try await titles(store) { $0.overdue = true } == ["bob -1", "eve -1", "ada -1", "bob 0"])
        #expect(try await titles(store) { $0.overdue = false } == ["eve 0", "ada 0"])
        let midnight = day(1).start
        #expect(try await titles(store, at: midnight) { $0.overdue = true }.last == "eve 0")
        #expect(try await titles(store, at: midnight + .seconds(5 * 3600)) { $0.overdue = true }.last == "ada 0")
        let counted = try await store.read { try Tasks($0).statistics(.init(.all, of: ada), in: utc, now: noon) }
        #expect(counted.overdue == 4)
        let week = try await store.read { try Reminders($0).week(of: bob, now: noon, until: Day(number: 30_000), in: utc, limit: 5) }
        #expect(week.overdue == 2 && week.open == 2 && week.due.isEmpty)
    }

    @Test("Archived and completed tasks are overdue nowhere")
    func settled() async throws {
        let store = try await world()
        try await store.add(NewTask(title: "put away", due: .on(day(-3)), archived: true))
        try await store.add(NewTask(title: "done", status: .completed, due: .on(day(-3))))
        try await store.add(NewTask(title: "late", due: .at(noon - .seconds(1))))
        #expect(try await titles(store) { $0.overdue = true } == ["late"])
        #expect(try await store.read { try Tasks($0).statistics(.init(.mine, of: ada), in: utc, now: noon) }.overdue == 1)
        #expect(try await store.read { try Reminders($0).week(of: ada, now: noon, until: day(1), in: utc, limit: 5) }.overdue == 1)
        #expect(try await store.read { try Tasks($0).overdue(at: noon, after: nil, limit: 9) }.count == 1)
    }

    @Test("Due on a day are tasks of that day and of its instants in the zone of the reader")
    func dueOn() async throws {
        let store = try await world()
        try await store.add(NewTask(title: "day", due: .on(today)), owner: bob)
        try await store.add(NewTask(title: "other day", due: .on(day(1))), owner: bob)
        for (title, hour) in [("before", 4), ("first", 5), ("last", 28), ("behind", 29)] as [(String, Int64)] {
            try await store.add(NewTask(title: title, due: .at(today.start + .seconds(hour * 3600))))
        }
        try await store.add(NewTask(title: "never"))
        let found = try await titles(store) {
            $0.dueOn = noon.day
            $0.timeZone = "America/New_York"
        }
        #expect(Set(found) == ["day", "first", "last"])
        #expect(try await titles(store) { $0.dueOn = noon.day }.contains("before"))
    }

    @Test("A day moves with its owner to another zone, and a task keeps its version")
    func moves() async throws {
        let store = try await world()
        let task = try await store.add(NewTask(title: "t", due: .on(today)))
        #expect(task.dueEnd == LocalTime("America/New_York").end(of: today))
        let found = try await store.read { try Tasks($0).dueDays(of: ada, after: nil, limit: 10) }
        #expect(found.map(\.day) == [today] && found.map(\.id) == [task.id])
        try await store.write { [today] in try Tasks($0).setDueEnd(LocalTime("Asia/Tokyo").end(of: today), of: today, [task.id]) }
        let moved = try #require(try await store.read { try Tasks($0).find(task.id) })
        #expect(moved.dueEnd == LocalTime("Asia/Tokyo").end(of: today) && moved.version == task.version)
        let changed = try await store.change(task.id) { $0.due = .on(noon.day) }
        #expect(changed?.due == .on(today))
        #expect(
            try await store.change(task.id) { $0.due = .on(Day(number: noon.day.number + 1)) }?.dueEnd
                == LocalTime("America/New_York").end(of: day(1)))
        #expect(try await store.change(task.id) { $0.due = nil }?.dueEnd == nil)
    }

    @Test("Tasks without a due date stand behind all others in both directions, or before them")
    func undated() async throws {
        let store = try await world()
        for (title, due) in [("none", nil), ("late", .at(noon)), ("day", .on(day(1))), ("nil", nil)] as [(String, Due?)] {
            try await store.add(NewTask(title: title, due: due))
        }
        func order(_ sort: TaskSort) async throws -> [String] {
            try await store.read { try Tasks($0).list(.init(.mine, of: ada), .init(), sort, limit: 9, now: noon).map(\.title) }
        }
        #expect(try await order(TaskSort(.dueAt)) == ["late", "day", "none", "nil"])
        #expect(try await order(TaskSort(.dueAt, descending: true)) == ["day", "late", "nil", "none"])
        #expect(try await order(TaskSort(.dueAt, nullsFirst: true)) == ["none", "nil", "late", "day"])
        #expect(try await order(TaskSort(.dueAt, descending: true, nullsFirst: true)) == ["nil", "none", "day", "late"])
    }

    @Test("The days of figures are those of the zone that is asked for, across a change of the clock")
    func days() async throws {
        let store = try await storeWithUsers()
        let berlin = LocalTime("Europe/Berlin")
        // In Berlin the clock went back on 2026-10-25; 22:30 in UTC is the next day before it, and the same day after it.
        for text in ["2026-10-24T22:30:00Z", "2026-10-25T22:30:00Z", "2026-11-19T23:30:00Z"] {
            try await store.add(NewTask(title: "t", status: .completed), at: try #require(Instant(text)))
        }
        let statistics = try await store.read { try Tasks($0).statistics(.init(.owned, of: ada), in: berlin, now: noon) }
        let counts = statistics.completedPerDay.filter { $0.count > 0 }.map { "\($0.day) \($0.count)" }
        #expect(counts == ["2026-10-25 2", "2026-11-20 1"])
        let range = try #require(Day("2026-10-24"))...noon.day
        let burnUp = try await store.read { try Tasks($0).burnUp(.init(.owned, of: ada), range, in: berlin, now: noon) }
        #expect(burnUp.days.map(\.completed).prefix(3) == [0, 2, 2] && burnUp.days.last?.completed == 3 && burnUp.created == 3)
        let kiritimati = try await store.read {
            try Tasks($0).statistics(.init(.owned, of: ada), in: LocalTime("Pacific/Kiritimati"), now: noon)
        }
        #expect(kiritimati.completedPerDay.last.map { "\($0.day)" } == "2026-11-21")
    }

    @Test("The daily log has the day that it is for the owner")
    func dailyLog() async throws {
        let store = try await world()
        for owner in [ada, bob, eve] { try await store.add(NewTask(title: "\(owner)"), owner: owner) }
        let now = day(1).start + .seconds(3600)
        for _ in 1...2 {
            try await store.write { tx in
                let logs = TaskLogs(tx)
                _ = try logs.write(try logs.today(at: now), of: 1...100)
            }
        }
        let logged = try await store.read { try TaskLogs($0).list(.init(), of: nil, after: nil, offset: 0, limit: 9) }
        #expect(logged.sorted { $0.ownerID < $1.ownerID }.map(\.day) == [today, day(1), day(1)])
        let first = today.start + .seconds(3600)
        #expect(try await store.read { try TaskLogs($0).today(at: first) }["America/New_York"] == day(-1))
    }

    @Test("A task of an older database is due when it was")
    func olderTasks() async throws {
        let store = try await TemporaryStore()
        let steps = try await migrator.pending(store.store)
        let before = try #require(steps.firstIndex { $0.name == "due days" })
        try await Migrator(Array(steps[..<before])).migrate(store.store, at: 1)
        try await store.write { tx in
            try tx.run(
                """
                INSERT INTO users (id, email, email_key, role, is_active, time_zone, created_at, updated_at, version)
                VALUES (1, 'a@example.com', 'a@example.com', 'user', \(true), 'UTC', 1, 1, 1)
                """)
            for (id, due) in [(1, noon), (2, nil)] as [(Int64, Instant?)] {
                try tx.run(
                    """
                    INSERT INTO tasks (id, title, title_key, status, priority, owner_id, labels, due_at, archived, created_at, updated_at, version)
                    VALUES (\(id), 't', 't', 0, 1, 1, '[]', \(due), \(false), 1, 1, 1)
                    """)
            }
        }
        try await migrator.migrate(store.store, at: 2)
        let tasks = try await store.read {
            try Tasks($0).list(.init(.owned, of: ada), .init(), TaskSort(.dueAt, descending: true), limit: 9, now: noon)
        }
        #expect(tasks.map(\.due) == [.at(noon), nil] && tasks.map(\.dueEnd) == [noon, nil])
        await #expect(throws: StoreError.self) {
            try await store.write { try $0.run("UPDATE tasks SET due_on = 5 WHERE id = 1") }
        }
    }
}
