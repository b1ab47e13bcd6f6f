// Counts of tasks: what they say is what the list under the same filter has.
import Model
import Repositories
import StoreCore
import TestKit
import Testing

@Suite struct TaskCountTests {
    private func counts(
        _ store: TemporaryStore, _ grouping: TaskGrouping, _ scope: TaskScope = .mine, _ filter: TaskFilter = .init(), zone: String = "UTC"
    ) async throws -> TaskCounts {
        try await store.read { try Tasks($0).counts(by: grouping, .init(scope, of: ada), filter, in: LocalTime(zone), now: noon) }
    }

    @Test("Every group has as many tasks as the list has, and all of them together as many as there are", arguments: TaskScope.allCases)
    func asListed(scope: TaskScope) async throws {
        let store = try await storeWithManyTasks()
        var filters = [TaskFilter(), TaskFilter()]
        filters[1].statuses = [.pending, .completed]
        filters[1].archived = false
        filters[1].dueAfter = noon - .seconds(200_000)
        for filter in filters {
            let tasks = try await store.read { try Tasks($0).list(.init(scope, of: ada), filter, .newestFirst, limit: 1000, now: noon) }
            func grouped(_ keys: (TaskItem) -> [String?]) -> [String?: Int64] {
                tasks.reduce(into: [:]) { counts, task in for key in keys(task) { counts[key, default: 0] += 1 } }
            }
            let expected: [(TaskGrouping, [String?: Int64])] = [
                (.status, grouped { [$0.status.word] }), (.priority, grouped { [$0.priority.word] }),
                (.assignee, grouped { [$0.assigneeID.map { "\($0)" }] }), (.label, grouped { $0.labels.isEmpty ? [nil] : $0.labels }),
                (.dueDay, grouped { [($0.dueOn ?? $0.dueAt?.day).map { "\($0)" }] }),
            ]
            for (grouping, groups) in expected {
                let counts = try await counts(store, grouping, scope, filter)
                let found = Dictionary(counts.groups.filter { $0.count > 0 }.map { ($0.key, $0.count) }, uniquingKeysWith: +)
                #expect(found == groups, "\(grouping)")
                #expect(counts.total == Int64(tasks.count), "\(grouping)")
            }
        }
    }

    @Test("Statuses and priorities are all there in their order, the others in theirs with none at the end")
    func orders() async throws {
        let store = try await storeWithUsers()
        for (labels, assignee) in [(["b"], eve), (["B", "a", "É", "f"], bob), ([], nil)] as [([String], ID<User>?)] {
            try await store.add(NewTask(title: "t", priority: .high, assigneeID: assignee, labels: labels))
        }
        let statuses = try await counts(store, .status).groups
        #expect(statuses.map(\.key) == ["pending", "in_progress", "completed"])
        #expect(statuses.map(\.count) == [3, 0, 0])
        #expect(try await counts(store, .priority).groups.map(\.count) == [0, 0, 3, 0])
        #expect(try await counts(store, .assignee).groups.map(\.key) == ["2", "3", nil])
        // In the spelling of the newest task, and by the Unicode collation.
        let labels = try await counts(store, .label)
        #expect(labels.groups.map(\.key) == ["a", "B", "É", "f", nil])
        #expect(labels.groups.map(\.count) == [1, 2, 1, 1, 1])
        #expect(labels.total == 3)
    }

    @Test("An instant counts for the day that it is there, a day for itself everywhere, also long ago and when a clock is moved")
    func days() async throws {
        let store = try await storeWithUsers()
        let instants = [
            "1965-03-01T04:59:59.999Z", "1965-03-01T05:00:00Z", "2026-03-29T21:59:59Z", "2026-03-29T22:00:00Z", "2026-12-01T04:00:00Z",
            "2026-12-01T23:30:00Z",
        ]
        for instant in instants { try await store.add(NewTask(title: "t", due: .at(try #require(Instant(instant))))) }
        try await store.add(NewTask(title: "t", due: .on(try #require(Day("2026-12-01")))))
        try await store.add(NewTask(title: "t"))
        func days(_ zone: String) async throws -> [String] {
            try await counts(store, .dueDay, zone: zone).groups.map { "\($0.key ?? "none") \($0.count)" }
        }
        #expect(try await days("UTC") == ["1965-03-01 2", "2026-03-29 2", "2026-12-01 3", "none 1"])
        #expect(
            try await days("America/New_York") == [
                "1965-02-28 1", "1965-03-01 1", "2026-03-29 2", "2026-11-30 1", "2026-12-01 2", "none 1",
            ])
        #expect(
            try await days("Europe/Berlin") == [
                "1965-03-01 2", "2026-03-29 1", "2026-03-30 1", "2026-12-01 2", "2026-12-02 1", "none 1",
            ])
    }

    @Test("A search counts what it finds, and one for no words counts nothing")
    func search() async throws {
        let store = try await storeWithUsers()
        try await store.add(NewTask(title: "milk", labels: ["shop"]))
        try await store.add(NewTask(title: "bread", labels: ["shop"]))
        var filter = TaskFilter()
        filter.search = SearchQuery("milk")
        #expect(try await counts(store, .label, .mine, filter).groups == [.init(key: "shop", count: 1)])
        filter.search = SearchQuery("¸")
        #expect(try await counts(store, .status, .mine, filter).total == 0)
    }
}
