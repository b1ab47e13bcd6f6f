// Tasks in the store: rows, labels, versions, trash and figures.
import Model
import Repositories
import StoreCore
import TestKit
import Testing

@Suite struct TaskTests {
    private static let full = NewTask(
        title: "Título “één” 😀", description: "Line\nbreak", status: .completed, priority: .critical, assigneeID: bob,
        labels: ["Home", "work", "HOME"], due: .at(noon + .seconds(3600)), archived: true)

    @Test("A task is read as it was written, and has an id of its own")
    func roundTrip() async throws {
        let store = try await storeWithUsers()
        let task = try await store.add(Self.full)
        #expect(try await store.read { try Tasks($0).find(task.id) } == task)
        #expect(task.labels == ["Home", "work"])
        #expect(task.completedAt == noon)
        #expect(task.version == 1)
        #expect(task.ownerID == ada)
        let bare = try await store.add(NewTask(title: "x"))
        #expect(try await store.read { try Tasks($0).find(bare.id) } == bare)
        #expect(bare.id > task.id)
        #expect(bare.completedAt == nil)
        #expect(try await store.read { try Tasks($0).find(ID(404)) } == nil)
    }

    @Test(
        "Labels are read as they were written, whatever is in them",
        arguments: [
            ["a"], ["a", "b", "c"], ["\""], ["\"", "\""], ["\\"], ["\\\"", "a"], [",", "a"], ["a\",\"b"], ["[", "]"], ["[]"], ["a,b", "c"],
            ["\n", "\u{1}"],
            ["é", "😀"], ["\u{7f}", "\u{2028}"], [" "],
        ] as [[String]])
    func labels(_ labels: [String]) async throws {
        let store = try await storeWithUsers()
        let task = try await store.add(NewTask(title: "x", labels: labels))
        let found = try await store.read { try Tasks($0).find(task.id) }
        #expect(found?.labels == TaskItem.distinct(labels))
    }

    @Test("A changed task is read as it was changed, one version on")
    func update() async throws {
        let store = try await storeWithUsers()
        let task = try await store.add(Self.full)
        let later = noon + .seconds(60)
        let changed = try #require(
            try await store.change(task.id, at: later) {
                $0.title = "New"
                $0.description = nil
                $0.status = .pending
                $0.completedAt = nil
                $0.priority = .low
                $0.assigneeID = nil
                $0.labels = []
                $0.due = nil
                $0.archived = false
            })
        #expect(changed.version == 2)
        #expect(changed.updatedAt == later)
        #expect(changed.createdAt == noon)
        #expect(try await store.read { try Tasks($0).find(task.id) } == changed)
    }

    @Test("A change made of an old version changes nothing")
    func stale() async throws {
        let store = try await storeWithUsers()
        let old = try await store.add(NewTask(title: "old", labels: ["a"]))
        let current = try #require(try await store.change(old.id) { $0.title = "current" })
        var wish = old
        wish.title = "lost"
        wish.labels = ["b"]
        let written = try await store.write { [wish] in try Tasks($0).update(old, to: wish, at: noon) }
        #expect(written == nil)
        #expect(try await store.read { try Tasks($0).find(old.id) } == current)
        var filter = TaskFilter()
        filter.labels = ["b"]
        let found = try await store.read { [filter] in try Tasks($0).count(.init(.mine, of: ada), filter, now: noon) }
        #expect(found == 0)
    }

    @Test("Of many who change one version at once, exactly one succeeds each time")
    func noLostUpdate() async throws {
        let store = try await storeWithUsers()
        let task = try await store.add(NewTask(title: "0"))
        let successes = try await withThrowingTaskGroup(of: Int64.self) { group in
            for writer in 0..<16 {
                group.addTask {
                    var successes: Int64 = 0
                    for _ in 0..<20 {
                        guard let old = try await store.read({ try Tasks($0).find(task.id) }) else { continue }
                        var new = old
                        new.title = "\(writer)"
                        if try await store.write({ [new] in try Tasks($0).update(old, to: new, at: noon) }) != nil { successes += 1 }
                    }
                    return successes
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(successes > 0)
        #expect(try await store.read { try Tasks($0).find(task.id) }?.version == 1 + successes)
    }

    @Test("A task needs an owner who exists, and so does its assignee")
    func references() async throws {
        let store = try await storeWithUsers(1)
        for (owner, assignee) in [(ID<User>(9), nil), (ada, ID<User>(9))] as [(ID<User>, ID<User>?)] {
            await #expect { try await store.add(NewTask(title: "x", assigneeID: assignee), owner: owner) } throws: { error in
                if case StoreError.constraint = error { true } else { false }
            }
        }
        #expect(try await store.read { try Tasks($0).count(.init(.all, of: ada), .init(), now: noon) } == 0)
    }

    @Test("A task that is deleted for good leaves nothing, and its id is not given again")
    func delete() async throws {
        let store = try await storeWithUsers()
        let task = try await store.add(Self.full)
        try await store.write { try Tasks($0).delete(task) }
        #expect(try await store.read { try Tasks($0).find(task.id) } == nil)
        #expect(try await store.read { tx in try tx.value("SELECT count(*) FROM task_labels", as: Int64.self) } == 0)
        #expect(try await store.add(NewTask(title: "next")).id > task.id)
    }

    @Test("Tasks are found by their labels in any case, and by the labels they have now")
    func labels() async throws {
        let store = try await storeWithUsers()
        let first = try await store.add(NewTask(title: "1", labels: ["Home", "Straße"]))
        let second = try await store.add(NewTask(title: "2", labels: ["home", "Work"]))
        func found(_ labels: String...) async throws -> [ID<TaskItem>] {
            var filter = TaskFilter()
            filter.labels = labels
            return try await store.read { [filter] in
                let tasks = Tasks($0)
                let list = try tasks.list(.init(.mine, of: ada), filter, TaskSort(.createdAt), limit: 10, now: noon)
                #expect(try tasks.count(.init(.mine, of: ada), filter, now: noon) == Int64(list.count))
                return list.map(\.id)
            }
        }
        #expect(try await found("HOME") == [first.id, second.id])
        #expect(try await found("STRASSE") == [first.id])
        #expect(try await found("work", "straße") == [first.id, second.id])
        #expect(try await found("home", "nothing") == [first.id, second.id])
        #expect(try await found("hom") == [])
        try await store.change(first.id) { $0.labels = ["Work"] }
        #expect(try await found("home") == [second.id])
        #expect(try await found("work") == [first.id, second.id])
        try await store.change(second.id) { $0.labels = ["WORK", "home"] }
        #expect(try await found("home", "work") == [first.id, second.id])
    }

    @Test("The tasks assigned to somebody are all but the deleted ones")
    func assigned() async throws {
        let store = try await storeWithUsers()
        let first = try await store.add(NewTask(title: "1", assigneeID: bob))
        let second = try await store.add(NewTask(title: "2", assigneeID: bob), owner: eve)
        try await store.add(NewTask(title: "3", assigneeID: eve))
        let gone = try await store.add(NewTask(title: "4", assigneeID: bob))
        try await store.change(gone.id) { $0.deletedAt = noon }
        #expect(try await store.write { try Tasks($0).lockAssigned(to: bob, limit: 50) }.map(\.id) == [first.id, second.id])
    }
}

@Suite struct TrashTests {
    private let since = noon - TaskItem.trashLifetime

    private func trash(
        _ store: TemporaryStore, of owner: ID<User>?, after cursor: Cursor? = nil, offset: Int64 = 0, limit: Int64 = 100
    ) async throws -> [TaskItem] {
        try await store.read { [since] in try Tasks($0).trash(of: owner, since: since, after: cursor, offset: offset, limit: limit) }
    }

    private func count(_ store: TemporaryStore, of owner: ID<User>?) async throws -> Int64 {
        try await store.read { [since] in try Tasks($0).trashCount(of: owner, since: since) }
    }

    @Test("The trash holds what its owner deleted, the newest deletion first, page by page without gap", arguments: [ada, eve, nil])
    func pages(_ owner: ID<User>?) async throws {
        let store = try await storeWithUsers()
        for number in Int64(0)..<23 {
            let task = try await store.add(NewTask(title: "\(number)", assigneeID: bob), owner: number % 5 == 4 ? eve : ada)
            // Three deletions in each second: ties.
            if number != 7 { try await store.change(task.id) { $0.deletedAt = noon - .seconds(number / 3) } }
        }
        let all = try await trash(store, of: owner)
        #expect(all.count == (owner == ada ? 18 : owner == eve ? 4 : 22))
        #expect(all.allSatisfy { owner == nil || $0.ownerID == owner })
        #expect(all.map(\.id) == all.sorted { ($0.deletedAt ?? noon, $0.id) > ($1.deletedAt ?? noon, $1.id) }.map(\.id))
        #expect(try await count(store, of: owner) == Int64(all.count))
        var walked: [ID<TaskItem>] = []
        var cursor: Cursor?
        while true {
            let page = try await trash(store, of: owner, after: cursor, limit: 4)
            walked += page.map(\.id)
            guard let last = page.last else { break }
            cursor = Cursor(order: "trash", key: .int(last.deletedAt?.microseconds ?? 0), id: last.id.value)
        }
        #expect(walked == all.map(\.id))
        #expect(try await trash(store, of: bob).isEmpty)
        #expect(try await trash(store, of: owner, offset: 2, limit: 2).map(\.id) == all[2..<4].map(\.id))
    }

    @Test("What was deleted too long ago is in no trash, and what was restored neither")
    func lifetime() async throws {
        let store = try await storeWithUsers()
        let old = try await store.add(NewTask(title: "old"))
        try await store.change(old.id) { [since] in $0.deletedAt = since }
        let recent = try await store.add(NewTask(title: "recent"))
        try await store.change(recent.id) { [since] in $0.deletedAt = since + .milliseconds(1) }
        let back = try await store.add(NewTask(title: "back"))
        try await store.change(back.id) { $0.deletedAt = noon }
        try await store.change(back.id) { $0.deletedAt = nil }
        #expect(try await trash(store, of: ada).map(\.id) == [recent.id])
        #expect(try await count(store, of: nil) == 1)
        let live = try await store.read { try Tasks($0).list(.init(.owned, of: ada), .init(), .newestFirst, limit: 9, now: noon) }
        #expect(live.map(\.id) == [back.id])
    }
}

@Suite struct StatisticsTests {
    @Test("The figures of a scope count each of its tasks once")
    func figures() async throws {
        let store = try await storeWithUsers()
        let day: Int64 = 86_400
        // Owner, assignee, status, priority, due.
        let rows: [(ID<User>, ID<User>?, TaskStatus, TaskPriority, Instant?)] = [
            (ada, nil, .pending, .low, noon - .seconds(1)), (ada, ada, .inProgress, .high, noon),
            (ada, bob, .completed, .high, noon - .seconds(9)),
            (bob, ada, .pending, .critical, noon - .seconds(5)), (bob, nil, .pending, .low, nil), (eve, bob, .completed, .low, nil),
        ]
        for row in rows {
            try await store.add(
                NewTask(title: "t", status: row.2, priority: row.3, assigneeID: row.1, due: Due(at: row.4, on: nil)), owner: row.0)
        }
        let gone = try await store.add(NewTask(title: "gone", due: .at(noon - .seconds(1))))
        try await store.change(gone.id) { $0.deletedAt = noon }
        func figures(_ scope: TaskScope) async throws -> TaskStatistics {
            try await store.read { try Tasks($0).statistics(.init(scope, of: ada), in: utc, now: noon) }
        }
        let mine = try await figures(.mine)
        #expect(mine.total == 4)
        #expect(mine.byStatus == [.pending: 2, .inProgress: 1, .completed: 1])
        #expect(mine.byPriority == [.low: 1, .high: 2, .critical: 1])
        #expect(mine.overdue == 2)
        #expect(try await figures(.owned).total == 3)
        #expect(try await figures(.owned).overdue == 1)
        #expect(try await figures(.assigned).total == 2)
        #expect(try await figures(.all).total == 6)
        #expect(mine.completedPerDay.count == 30)
        #expect(mine.completedPerDay.last?.day == noon.day)
        #expect(mine.completedPerDay.last?.count == 1)
        #expect(try await figures(.all).completedPerDay.last?.count == 2)
        #expect(mine.completedPerDay.first?.day == Day(number: noon.day.number - 29))
        #expect(noon.seconds % day != 0)
    }

    @Test("Each completion counts on its day, from thirty days ago to today")
    func days() async throws {
        let store = try await storeWithUsers()
        let today = noon.day.number
        for (age, count) in [(0, 3), (1, 1), (29, 2), (30, 5), (400, 1)] as [(Int64, Int)] {
            for _ in 0..<count { try await store.add(NewTask(title: "t", status: .completed), at: Day(number: today - age).start) }
        }
        try await store.add(NewTask(title: "late", status: .completed), at: Day(number: today).start - .milliseconds(1))
        let perDay = try await store.read { try Tasks($0).statistics(.init(.owned, of: ada), in: utc, now: noon) }.completedPerDay
        #expect(perDay.map(\.day.number) == Array(today - 29...today))
        #expect(perDay.map(\.count) == [2] + Array(repeating: 0, count: 27) + [2, 3])
    }

    @Test("Who has no tasks has figures of nothing")
    func nothing() async throws {
        let store = try await storeWithUsers()
        let figures = try await store.read { try Tasks($0).statistics(.init(.mine, of: ada), in: utc, now: noon) }
        #expect(figures.total == 0)
        #expect(figures.byStatus.isEmpty)
        #expect(figures.overdue == 0)
        #expect(figures.completedPerDay.count == 30)
        #expect(figures.completedPerDay.allSatisfy { $0.count == 0 })
    }
}
