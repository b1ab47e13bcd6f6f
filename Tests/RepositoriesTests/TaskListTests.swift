// Lists in every order: the pages of a walk are exactly the one big page, whatever happens meanwhile.
import Model
import Repositories
import StoreCore
import TestKit
import Testing

/// Ninety tasks of three people, with many equal keys and many due dates missing.
func storeWithManyTasks() async throws -> TemporaryStore {
    let store = try await storeWithUsers()
    let people = [ada, bob, eve]
    try await store.write { tx in
        for number in Int64(0)..<90 {
            let assignee: ID<User>? = number % 4 == 0 ? nil : people[Int(number / 3 % 3)]
            let new = NewTask(
                title: ["b", "A", "a", "é", "Z", "B"][Int(number % 6)], description: number % 7 == 0 ? "note \(number)" : nil,
                status: TaskStatus.allCases[Int(number / 2 % 3)], priority: TaskPriority.allCases[Int(number / 5 % 4)],
                assigneeID: assignee,
                labels: number % 8 == 0 ? ["L"] : [],
                due: [nil, .at(noon + .seconds(number % 5 * 60 - 120)), .on(Day(number: noon.day.number + number % 5 - 2))][
                    Int(number % 3)],
                archived: number % 9 == 0)
            let task = try Tasks(tx).insert(new, owner: people[Int(number % 3)], at: noon + .seconds(number / 4))
            if number % 10 == 3 {
                var deleted = task
                deleted.deletedAt = noon
                _ = try Tasks(tx).update(task, to: deleted, at: noon)
            } else if number % 10 == 5 {
                _ = try Tasks(tx).update(task, to: task, at: noon + .seconds(1000 - number / 20))
            }
        }
    }
    return store
}

/// Walks a list by cursor, `during` being called after every page.
func walk(
    _ store: TemporaryStore, _ audience: TaskAudience, _ sort: TaskSort, _ filter: TaskFilter = .init(), limit: Int64 = 7,
    during: (_ page: Int) async throws -> Void = { _ in }
) async throws -> [TaskItem] {
    var walked: [TaskItem] = []
    var cursor: Cursor?
    var number = 0
    while true {
        let page = try await store.read { [cursor] in
            try Tasks($0).list(audience, filter, sort, after: cursor, limit: limit, now: noon)
        }
        #expect(page.count <= Int(limit))
        walked += page
        guard let last = page.last, page.count == Int(limit) else { return walked }
        cursor = Tasks.cursor(after: last, sort)
        try await during(number)
        number += 1
    }
}

private let undatedFirst = [TaskSortKey.dueAt, .completedAt].flatMap {
    [TaskSort($0, nullsFirst: true), TaskSort($0, descending: true, nullsFirst: true)]
}

@Suite struct TaskListTests {
    @Test(
        "Walking a list page by page gives every task once, in the order of one big page", arguments: TaskSort.all + undatedFirst,
        TaskScope.allCases)
    func cursors(_ sort: TaskSort, _ scope: TaskScope) async throws {
        let store = try await storeWithManyTasks()
        let audience = TaskAudience(scope, of: ada)
        let all = try await store.read { try Tasks($0).list(audience, .init(), sort, limit: 1000, now: noon) }
        #expect(try await walk(store, audience, sort) == all)
        #expect(all == sorted(try await everything(store).filter { belongs($0, scope) }, by: sort))
        #expect(try await store.read { try Tasks($0).count(audience, .init(), now: noon) } == Int64(all.count))
        var paged: [TaskItem] = []
        for page in Int64(0)..<20 {
            paged += try await store.read { try Tasks($0).list(audience, .init(), sort, offset: page * 7, limit: 7, now: noon) }
        }
        #expect(paged == all)
    }

    @Test("A walk under filters gives every task that passes them once", arguments: TaskSort.all + undatedFirst)
    func filteredCursors(_ sort: TaskSort) async throws {
        let store = try await storeWithManyTasks()
        var filter = TaskFilter()
        filter.statuses = [.pending, .completed]
        filter.archived = false
        let all = try await store.read { [filter] in try Tasks($0).list(.init(.mine, of: ada), filter, sort, limit: 1000, now: noon) }
        #expect(all.count > 14)
        #expect(try await walk(store, .init(.mine, of: ada), sort, filter) == all)
    }

    @Test(
        "A task that exists throughout a walk is seen exactly once, whatever is added and deleted meanwhile",
        arguments: TaskSort.all + undatedFirst)
    func concurrentChanges(_ sort: TaskSort) async throws {
        let store = try await storeWithManyTasks()
        let audience = TaskAudience(.mine, of: ada)
        let before = try await store.read { try Tasks($0).list(audience, .init(), sort, limit: 1000, now: noon) }
        // Every fifth task goes during the walk, in the order of ids and so all over the list.
        let doomed = before.map(\.id).sorted().enumerated().filter { $0.offset % 5 == 0 }.map(\.element)
        let walked = try await walk(store, audience, sort) { page in
            for id in doomed where id.value % 4 == Int64(page) % 4 {
                try await store.write { tx in if let task = try Tasks(tx).find(id) { try Tasks(tx).delete(task) } }
            }
            for number in 0..<6 {
                let title = ["", "a", "é", "zz"][number % 4] + "new"
                let due = number % 2 == 0 ? noon + .seconds(Int64(number) * 30 - 90) : nil
                let new = NewTask(
                    title: title, status: .inProgress, priority: TaskPriority.allCases[number % 4], assigneeID: ada,
                    due: due.map { .at($0) })
                // As many at the front as at the back.
                try await store.add(new, owner: number % 2 == 0 ? ada : bob, at: noon + .seconds(Int64(number - 3) * 5))
            }
        }
        let lasting = Set(before.map(\.id)).subtracting(doomed)
        #expect(walked.map(\.id).filter(lasting.contains) == before.map(\.id).filter(lasting.contains))
        #expect(Set(walked.map(\.id)).count == walked.count)
    }

    @Test("Pages stay true while other people write without pause")
    func concurrentWriters() async throws {
        let store = try await storeWithManyTasks()
        let audience = TaskAudience(.all, of: ada)
        let sort = TaskSort(.title)
        let before = try await store.read { try Tasks($0).list(audience, .init(), sort, limit: 1000, now: noon) }
        let stop = AsyncStream<Void>.makeStream()
        let writers = (0..<3).map { writer in
            Task {
                var number = 0
                while !Task.isCancelled {
                    // A list that only grew might outrun the walk.
                    let task = try await store.add(NewTask(title: ["a", "b", "é"][writer] + "\(number % 7)"), owner: bob)
                    try await store.write { try Tasks($0).delete(task) }
                    number += 1
                    if number == 5 { stop.continuation.yield() }
                }
            }
        }
        for await _ in stop.stream { break }
        for _ in 0..<10 {
            let walked = try await walk(store, audience, sort, limit: 7)
            #expect(walked.map(\.id).filter(Set(before.map(\.id)).contains) == before.map(\.id))
            #expect(Set(walked.map(\.id)).count == walked.count)
        }
        for writer in writers {
            writer.cancel()
            try await writer.value
        }
    }

    @Test("Titles sort as in a dictionary, whatever their script, on each engine and from page to page")
    func titles() async throws {
        let titles = [
            "#1", "10", "2", "apple", "äpple", "Apples", "B", "Łódź", "lodzer", "Ø", "z", "Zebra", "αβγ", "жук", "日本",
            String(repeating: "龘", count: 255),
        ]
        let store = try await storeWithUsers()
        for title in titles.reversed() { try await store.add(NewTask(title: title)) }
        for descending in [false, true] {
            let sort = TaskSort(.title, descending: descending)
            var walked: [String] = []
            var cursor: Cursor?
            repeat {
                let page = try await store.read { [cursor] in
                    try Tasks($0).list(.init(.owned, of: ada), .init(), sort, after: cursor, limit: 4, now: noon)
                }
                walked += page.map(\.title)
                cursor = page.count == 4 ? page.last.map { Tasks.cursor(after: $0, sort) } : nil
            } while cursor != nil
            #expect(walked == (descending ? titles.reversed() : titles))
        }
    }

    private func everything(_ store: TemporaryStore) async throws -> [TaskItem] {
        try await store.read { tx in
            try tx.rows("SELECT id FROM tasks WHERE deleted_at IS NULL") { try $0.value(0, as: ID<TaskItem>.self) }.compactMap {
                try Tasks(tx).find($0)
            }
        }
    }

    private func belongs(_ task: TaskItem, _ scope: TaskScope) -> Bool {
        switch scope {
        case .owned: task.ownerID == ada
        case .assigned: task.assigneeID == ada
        case .mine: task.ownerID == ada || task.assigneeID == ada
        case .all: true
        }
    }

    /// By the key, then by id, both in the same direction; a due day where it ends for its owner, tasks without a due date where the order has
    /// them; titles by the Unicode collation.
    private func sorted(_ tasks: [TaskItem], by sort: TaskSort) -> [TaskItem] {
        let undated: Int64 = sort.descending != sort.nullsFirst ? .min : .max
        func precedes(_ a: TaskItem, _ b: TaskItem) -> Bool {
            let (one, other): ([Int64], [Int64]) =
                switch sort.key {
                case .createdAt: ([a.createdAt.microseconds], [b.createdAt.microseconds])
                case .updatedAt: ([a.updatedAt.microseconds], [b.updatedAt.microseconds])
                case .dueAt:
                    ([a.dueEnd?.microseconds ?? undated], [b.dueEnd?.microseconds ?? undated])
                case .completedAt: ([a.completedAt?.microseconds ?? undated], [b.completedAt?.microseconds ?? undated])
                case .priority: ([a.priority.rawValue], [b.priority.rawValue])
                case .status: ([a.status.rawValue], [b.status.rawValue])
                case .title: (collationKey(a.title).utf8.map(Int64.init), collationKey(b.title).utf8.map(Int64.init))
                }
            return one == other ? a.id < b.id : one.lexicographicallyPrecedes(other)
        }
        return tasks.sorted { sort.descending ? precedes($1, $0) : precedes($0, $1) }
    }
}

@Suite struct TaskFilterTests {
    /// The numbers of the tasks that pass, 0 to 5.
    private func passing(_ change: @Sendable (inout TaskFilter) -> Void) async throws -> [String] {
        let store = try await storeWithUsers()
        let rows: [(TaskStatus, TaskPriority, Instant?, ID<User>?, Bool)] = [
            (.pending, .low, nil, nil, false), (.inProgress, .medium, noon - .seconds(1), ada, false),
            (.completed, .high, noon - .seconds(2), bob, true),
            (.pending, .critical, noon, bob, false), (.pending, .high, noon + .seconds(9), eve, true), (.completed, .low, nil, ada, false),
        ]
        for (number, row) in rows.enumerated() {
            let new = NewTask(
                title: "\(number)", status: row.0, priority: row.1, assigneeID: row.3, due: Due(at: row.2, on: nil), archived: row.4)
            try await store.add(new, owner: number == 4 ? bob : ada, at: noon + .seconds(Int64(number)))
        }
        var filter = TaskFilter()
        change(&filter)
        return try await store.read { [filter] in
            let tasks = Tasks($0)
            let found = try tasks.list(.init(.all, of: ada), filter, TaskSort(.createdAt), limit: 100, now: noon)
            #expect(try tasks.count(.init(.all, of: ada), filter, now: noon) == Int64(found.count))
            return found.map(\.title)
        }
    }

    @Test("Each filter keeps what it names")
    func each() async throws {
        #expect(try await passing { _ in } == ["0", "1", "2", "3", "4", "5"])
        #expect(try await passing { $0.statuses = [.pending] } == ["0", "3", "4"])
        #expect(try await passing { $0.statuses = [.inProgress, .completed] } == ["1", "2", "5"])
        #expect(try await passing { $0.priorities = [.high, .critical] } == ["2", "3", "4"])
        #expect(try await passing { $0.assigneeID = bob } == ["2", "3"])
        #expect(try await passing { $0.ownerID = bob } == ["4"])
        #expect(try await passing { $0.archived = true } == ["2", "4"])
        #expect(try await passing { $0.archived = false } == ["0", "1", "3", "5"])
        #expect(try await passing { $0.createdAfter = noon + .seconds(3) } == ["4", "5"])
        #expect(try await passing { $0.createdBefore = noon + .seconds(1) } == ["0"])
        #expect(try await passing { $0.updatedAfter = noon + .seconds(4) } == ["5"])
        #expect(try await passing { $0.updatedBefore = noon + .seconds(2) } == ["0", "1"])
        #expect(try await passing { $0.dueAfter = noon - .seconds(2) } == ["1", "3", "4"])
        #expect(try await passing { $0.dueBefore = noon } == ["1", "2"])
        #expect(try await passing { $0.isUndated = true } == ["0", "5"])
        #expect(try await passing { $0.assigneeID = .some(nil) } == ["0"])
        #expect(try await passing { $0.completedAfter = noon + .seconds(3) } == ["5"])
        #expect(try await passing { $0.completedBefore = noon + .seconds(3) } == ["2"])
    }

    @Test("Labels are filtered by one of them, by all of them, and by there being none")
    func labels() async throws {
        let store = try await storeWithUsers()
        for labels in [[], ["Red"], ["red", "blue"], ["BLUE", "grün"]] {
            try await store.add(NewTask(title: "\(labels.count)", labels: labels))
        }
        func ids(_ any: [String], _ all: [String] = [], unlabelled: Bool = false) async throws -> [Int64] {
            var filter = TaskFilter()
            filter.labels = any
            filter.allLabels = all
            filter.isUnlabelled = unlabelled
            return try await store.read { [filter] in
                try Tasks($0).list(.init(.mine, of: ada), filter, TaskSort(.createdAt), limit: 10, now: noon).map(\.id.value)
            }
        }
        #expect(try await ids(["RED"]) == [2, 3])
        #expect(try await ids(["red", "GRÜN"]) == [2, 3, 4])
        #expect(try await ids([], unlabelled: true) == [1])
        #expect(try await ids(["red"], unlabelled: true) == [1, 2, 3])
        #expect(try await ids([], ["red", "Blue", "BLUE"]) == [3])
        #expect(try await ids(["grün"], ["blue"]) == [4])
        #expect(try await ids([], ["red", "grün"]) == [])
    }

    @Test("Overdue is what is due before now and not completed; the two halves are the whole")
    func overdue() async throws {
        #expect(try await passing { $0.overdue = true } == ["1"])
        #expect(try await passing { $0.overdue = false } == ["0", "2", "3", "4", "5"])
    }

    @Test("Filters together keep what passes all of them")
    func together() async throws {
        #expect(
            try await passing {
                $0.statuses = [.pending]
                $0.priorities = [.critical, .low]
                $0.archived = false
                $0.dueAfter = noon - .seconds(5)
                $0.ownerID = ada
            } == ["3"])
    }
}
