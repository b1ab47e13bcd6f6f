// How the database finds its rows: every hot query by an index, none by reading a whole table.
import Model
import StoreCore
import TestKit
import Testing

@testable import Repositories

private struct Step {
    var id: Int64
    var parent: Int64
    var detail: String

    var readsWholeTable: Bool {
        detail.hasPrefix("SCAN ") && !detail.contains("USING INDEX") && !detail.contains("USING COVERING INDEX")
            && !detail.contains("VIRTUAL TABLE INDEX")
    }
}

private func plan(_ store: TemporaryStore, _ sql: SQL) async throws -> [Step] {
    try await store.read { tx in
        try tx.rows("EXPLAIN QUERY PLAN \(sql)") {
            Step(id: try $0.value(0), parent: try $0.value(1), detail: try $0.value(3))
        }
    }
}

extension [Step] {
    fileprivate var details: [String] { map(\.detail) }

    /// Steps that read a stored table from end to end.
    fileprivate var fullScans: [String] {
        filter { step in
            step.readsWholeTable
                && ["tasks", "users", "events", "sessions", "refresh_tokens", "access_tokens", "task_labels"].contains {
                    step.detail.contains(" \($0)")
                }
        }.details
    }

    /// Sorts of more than a page: those in a part of the query that itself finds its rows in the tasks by anything but their ids.
    fileprivate var largeSorts: [String] {
        filter { $0.detail.contains("USE TEMP B-TREE") }.filter { sort in
            contains { step in
                step.parent == sort.parent && step.detail.contains(" tasks") && !step.detail.contains("USING INTEGER PRIMARY KEY")
            }
        }.details
    }
}

@Suite(.only(.sqlite)) struct QueryPlanTests {
    @Test(
        "Every list finds its rows by an index, and most orders come out of one, from the first page and from a cursor",
        arguments: TaskSort.all, TaskScope.allCases)
    func lists(_ sort: TaskSort, _ scope: TaskScope) async throws {
        let store = try await migratedStore()
        let cursor = Cursor(order: sort.word, key: sort.key == .title ? .text("a") : .int(1), id: 5)
        for (cursor, offset) in [(nil, 0), (cursor, 0), (nil, 40)] as [(Cursor?, Int64)] {
            let sql = Tasks.listing(.init(scope, of: ada), .init(), sort, after: cursor, offset: offset, limit: 21, now: noon)
            let steps = try await plan(store, sql)
            #expect(steps.fullScans == [])
            let found = steps.details.filter { $0.contains("INDEX tasks_") }
            let parts = TaskOrder.parts(sort, .init(), scope, after: cursor)
            #expect(found.count == (scope == .mine ? 2 : 1) * parts.count, "\(steps.details)")
            let isWalked = TaskOrder.isWalked(sort, scope)
            if isWalked { #expect(steps.largeSorts == []) }
            if scope == .all, !isWalked {
                // Nothing has everybody's tasks in this order: the index is read that has all that the order needs.
                #expect(found == ["SCAN tasks USING INDEX tasks_owned_by_\(sort.key.rawValue)"])
                continue
            }
            // Orders by state share an index, and so do those of one's own tasks that are sorted.
            let index =
                switch sort.key {
                case .priority, .status, .updatedAt: isWalked ? (sort.key == .updatedAt ? "updated_at" : "status") : "created_at"
                case .completedAt: "completed_at"
                case .createdAt, .dueAt, .title, .position: sort.key.rawValue
                }
            let open = sort.key == .completedAt ? (scope == .all ? "_by_status " : "_by_created_at ") : "_by_\(index) "
            #expect(found.allSatisfy { "\($0) ".contains("_by_\(index) ") || "\($0) ".contains(open) }, "\(found)")
            if scope != .all { #expect(found.allSatisfy { $0.contains("owner_id=?") || $0.contains("assignee_id=?") }, "\(found)") }
            if cursor != nil, isWalked {
                // The place of the key is found in the index, not by walking there.
                let column = sort.key == .dueAt ? "due_end" : sort.key == .title ? "title_key" : sort.key.rawValue
                let place = column + (sort.descending ? "<?" : ">?")
                let isFound = { (step: String) in step.contains(place) || parts.count > 1 && step.contains("=?") }
                #expect(found.allSatisfy { $0.hasPrefix("SEARCH ") && isFound($0) }, "\(found)")
            }
        }
    }

    @Test("Filters do not take the order of one's own lists from the index", arguments: TaskSort.all)
    func filteredLists(_ sort: TaskSort) async throws {
        let store = try await migratedStore()
        var filter = TaskFilter()
        filter.statuses = [.pending, .inProgress]
        filter.priorities = [.high]
        filter.archived = false
        filter.dueBefore = noon
        filter.labels = ["home"]
        filter.isUnlabelled = true
        filter.allLabels = ["red", "blue"]
        filter.isUndated = true
        filter.completedAfter = noon
        filter.assigneeID = .some(nil)
        for scope in TaskScope.allCases {
            let sql = Tasks.listing(.init(scope, of: ada), filter, sort, after: nil, offset: 0, limit: 21, now: noon)
            let steps = try await plan(store, sql)
            #expect(steps.fullScans == [])
            guard scope != .all else { continue }
            if TaskOrder.isWalked(sort, scope) { #expect(steps.largeSorts == [], "\(scope) \(steps.details)") }
            let found = steps.details.filter { $0.contains("INDEX tasks_") }
            #expect(found.allSatisfy { $0.contains("owner_id=?") || $0.contains("assignee_id=?") }, "\(scope) \(steps.details)")
        }
    }

    @Test("A cursor behind all that the filter lets through is the end of a list by state")
    func cursorBehindTheFilter() async throws {
        let store = try await storeWithUsers()
        var filter = TaskFilter()
        filter.statuses = [.pending]
        for key in [TaskSortKey.status, .priority] {
            let sort = TaskSort(key)
            let cursor = Cursor(order: sort.order, key: .int(9), id: 1)
            let found = try await store.read { [filter] in
                try Tasks($0).list(.init(.all, of: ada), filter, sort, after: cursor, limit: 20, now: noon)
            }
            #expect(found.isEmpty)
        }
    }

    @Test("Counts of one's own tasks are found by whose they are, and those by status and priority in an index alone")
    func counts() async throws {
        let store = try await migratedStore()
        for scope in [TaskScope.mine, .owned, .assigned] {
            for column in ["status", "priority", "assignee_id", "due_on, due_at", "labels = '[]'"] {
                let column = SQL(stringLiteral: column)
                let statements = Tasks.statements(.init(scope, of: ada), .init(), now: noon) {
                    "SELECT \(column), count(*) FROM tasks WHERE \($0) GROUP BY \(column)"
                }
                #expect(statements.count == (scope == .mine ? 2 : 1))
                for sql in statements {
                    let steps = try await plan(store, sql).details
                    #expect(
                        steps.contains {
                            $0.hasPrefix("SEARCH tasks USING ") && ($0.contains("owner_id=?") || $0.contains("assignee_id=?"))
                        }, "\(steps)")
                }
            }
        }
    }

    @Test("A search walks the word index from the newest match and looks tasks up by id", arguments: TaskScope.allCases)
    func search(_ scope: TaskScope) async throws {
        let store = try await migratedStore()
        for tier in TaskSearch.Tier.allCases {
            for before in [nil, 77] as [Int64?] {
                let sql = Tasks.searching(
                    SearchQuery("milk bre"), tier, .init(scope, of: ada), .init(), before: before, limit: 21, now: noon)
                let steps = try await plan(store, sql)
                #expect(steps.fullScans == [])
                #expect(steps.details.contains { $0.contains("task_search VIRTUAL TABLE INDEX") }, "\(steps.details)")
                #expect(steps.details.contains { $0.hasPrefix("SEARCH tasks USING INTEGER PRIMARY KEY") }, "\(steps.details)")
                #expect(!steps.details.contains { $0.contains("TEMP B-TREE") }, "\(steps.details)")
            }
        }
    }

    @Test("A search in another order looks tasks up by an index too", arguments: TaskSort.all)
    func sortedSearch(_ sort: TaskSort) async throws {
        let store = try await migratedStore()
        var filter = TaskFilter()
        filter.search = SearchQuery("milk")
        for scope in TaskScope.allCases {
            let sql = Tasks.listing(.init(scope, of: ada), filter, sort, after: nil, offset: 0, limit: 21, now: noon)
            #expect(try await plan(store, sql).fullScans == [])
        }
    }

    private func events(_ narrow: (inout Events.Filter) -> Void) -> SQL {
        var filter = Events.Filter()
        narrow(&filter)
        return Events.listing(filter, before: 9, offset: 0, limit: 21)
    }

    @Test("Events of a span of time are found by it, and those of all time by walking down the log")
    func timedEvents() async throws {
        let store = try await migratedStore()
        for narrow in [{ $0.after = noon }, { $0.before = noon }, { ($0.after, $0.before) = (noon, noon) }]
            as [(inout Events.Filter) -> Void]
        {
            let steps = try await plan(store, events(narrow)).details
            #expect(steps.contains { $0.contains("SEARCH events USING COVERING INDEX events_at (at") }, "\(steps)")
        }
        #expect(try await plan(store, events { _ in }).largeSorts == [])
        #expect(try await plan(store, events { _ in }).details.allSatisfy { !$0.contains("TEMP B-TREE") })
    }

    @Test("Figures of somebody's tasks and of their week read none but theirs")
    func figures() async throws {
        let store = try await migratedStore()
        for sql in Tasks.statements(
            .init(.mine, of: ada), .init(), now: noon, { "SELECT status, priority, count(*) FROM tasks WHERE \($0) GROUP BY 1, 2" })
        {
            let steps = try await plan(store, sql).details
            #expect(steps.contains { $0.contains("owner_id=?") || $0.contains("assignee_id=?") }, "\(steps)")
        }
        let week = try await plan(store, Reminders.dueListing(of: ada, now: noon, until: Day(number: 1), in: LocalTime("UTC"), limit: 5))
            .details
        let found = week.filter { $0.contains("INDEX tasks_") }
        #expect(found.count == 2 && found.allSatisfy { $0.contains("owner_id=?") || $0.contains("assignee_id=?") }, "\(week)")
    }

    @Test("What is overdue is found among open tasks by its due date")
    func overdue() async throws {
        let store = try await migratedStore()
        for place in [nil, (end: noon, id: ID<TaskItem>(5))] {
            let steps = try await plan(store, Tasks.overdueListing(at: noon, after: place, limit: 500))
            #expect(steps.fullScans == [] && steps.largeSorts == [])
            let found = steps.details.filter { $0.contains("INDEX tasks_by_due_at (status=? AND ") }
            #expect(found.count == 2, "\(steps.details)")
        }
    }

    @Test("Rows of a file are compared with tasks of their title only")
    func likeness() async throws {
        let store = try await migratedStore()
        let row = Tasks.Likeness(
            row: 1, key: [1], occurrence: 0,
            task: PreparedTask(NewTask(title: "a"), owner: ada, createdAt: noon, completedAt: nil, at: noon).task,
            created: nil, completed: nil)
        for sql in [Tasks.titling([row], of: ada, upTo: 5), Tasks.likening([row], by: [.status], of: ada, upTo: 5)] {
            let steps = try await plan(store, sql).details
            #expect(steps.contains { $0.contains("tasks_owned_by_title (owner_id=? AND title_key=?") }, "\(steps)")
            #expect(steps.contains { $0.contains("tasks_assigned_by_title (assignee_id=? AND title_key=?") }, "\(steps)")
        }
    }

    @Test("What every request and every login looks up is found by an index")
    func lookUps() async throws {
        let store = try await migratedStore()
        let hash: [UInt8] = [1]
        let lookUps: [(SQL, String)] = [
            ("SELECT id FROM users WHERE email_key = \("a") AND deleted_at IS NULL", "email_key=?"),
            ("SELECT id FROM users WHERE username_key = \("a") AND deleted_at IS NULL", "username_key=?"),
            ("SELECT 1 FROM users WHERE role = 'admin' AND is_active AND deleted_at IS NULL LIMIT 1", "users_admins"),
            (
                "SELECT t.session_id, s.chain_key FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id WHERE t.hash = \(hash)",
                "hash=?"
            ),
            ("SELECT coalesce(max(generation), 0) FROM refresh_tokens WHERE session_id = \(1)", "session_id=?"),
            ("SELECT id FROM sessions WHERE user_id = \(1) AND revoked_at IS NULL AND expires_at > \(1) ORDER BY id DESC", "sessions_live"),
            ("SELECT id FROM sessions WHERE user_id = \(1) ORDER BY created_at DESC, id DESC LIMIT 100", "sessions_begun"),
            ("SELECT id FROM access_tokens WHERE hash = \(hash)", "hash=?"),
            ("SELECT id FROM access_tokens WHERE user_id = \(1) ORDER BY id DESC", "access_tokens_of"),
            (events { $0 = .init(of: .task(ID(1))) }, "events_of_subject"),
            (events { $0.actorID = ada }, "events_of_actor"),
            (events { $0.action = .taskCreated }, "events_of_action"),
            (
                "SELECT sealed FROM idempotent_answers WHERE scope = \("s") AND operation = \("o") AND key_hash = \(hash) AND created_at > \(1)",
                "key_hash=?"
            ),
            (
                "SELECT * FROM tasks WHERE owner_id = \(1) AND deleted_at IS NOT NULL AND deleted_at > \(1) ORDER BY deleted_at DESC, id DESC LIMIT 21",
                "tasks_trash"
            ),
            ("SELECT hash FROM event_chain WHERE position = \(7)", "rowid=?"),
            (Events.ofRequest("r", by: ada), "events_of_request"),
            (Feed.listing(ada, after: 7, limit: 21), "user_id=? AND position>?"),
            ("SELECT * FROM tasks WHERE assignee_id = \(1) AND deleted_at IS NULL ORDER BY id", "tasks_assigned_by"),
        ]
        for (sql, index) in lookUps {
            let steps = try await plan(store, sql)
            #expect(steps.fullScans == [], "\(steps.details)")
            #expect(
                steps.details.contains { $0.hasPrefix("SEARCH ") && $0.contains(index) || $0.contains("INDEX \(index)") },
                "\(steps.details)")
        }
        for (sql, _) in lookUps.dropLast() { #expect(try await plan(store, sql).details.allSatisfy { !$0.contains("TEMP B-TREE") }) }
    }
}

@Suite(.only(.postgres)) struct PostgresPlanTests {
    @Test("However many tasks there are, no list reads all of them, and completed ones come out of an index of completion")
    func lists() async throws {
        let store = try await storeWithUsers(10)
        try await store.write { tx in
            // Each statement may take so long only, also on a busy machine.
            for first in stride(from: Int64(1), to: 30_000, by: 3000) {
                try tx.run(
                    """
                    INSERT INTO tasks (title, title_key, status, priority, owner_id, labels, archived, completed_at, created_at, updated_at, version)
                    SELECT 't', 't', CASE WHEN n % 3 = 0 THEN 2 ELSE 0 END, 0, 1 + n % 10, '[]', FALSE, CASE WHEN n % 3 = 0 THEN n END, n, n, 1
                    FROM generate_series(CAST(\(first) AS BIGINT), CAST(\(first + 2999) AS BIGINT)) n
                    """)
            }
            try tx.run("ANALYZE tasks")
        }
        for sort in TaskSort.all {
            for scope in TaskScope.allCases where scope != .all || TaskOrder.isWalked(sort, scope) {
                for cursor in [nil, Cursor(order: sort.order, key: sort.key == .title ? .text("t") : .int(15_000), id: 15_000)] {
                    let sql = Tasks.listing(.init(scope, of: ada), .init(), sort, after: cursor, offset: 0, limit: 21, now: noon)
                    let plan = try await store.read { tx in try tx.rows("EXPLAIN \(sql)") { try $0.value(0, as: String.self) } }
                    #expect(!plan.contains { $0.contains("Seq Scan on tasks") }, "\(sort.word) \(scope) \(plan)")
                    guard sort.key == .completedAt, scope == .owned else { continue }
                    // That of the owner's tasks, or that of all: the planner goes by how many there are of each.
                    #expect(plan.contains { $0.contains("_by_completed_at on tasks") }, "\(plan)")
                }
            }
        }
    }

    @Test("However much waits to be sealed, what comes first is found by its id")
    func waitingEvents() async throws {
        let store = try await migratedStore()
        try await store.write { tx in
            try tx.run(
                """
                INSERT INTO events (at, request_id, action, subject, subject_id, changes)
                SELECT n, 'r', 'task.updated', 'task', n, '{}' FROM generate_series(1, 60000) n
                """)
            try tx.run("INSERT INTO event_chain (position, event_id, hash) SELECT id, id, '' FROM events WHERE id <= 40000")
            try tx.run("INSERT INTO events_pending (event_id) SELECT id FROM events WHERE id > 40000")
            for table in ["events", "event_chain", "events_pending"] { try tx.run("ANALYZE \(SQL(stringLiteral: table))") }
        }
        let plan = try await store.read { tx in
            try tx.rows("EXPLAIN \(EventChain.waitingRows(limit: 500))") { try $0.value(0, as: String.self) }
        }
        #expect(plan.contains { $0.contains("events_pending_pkey") })
        #expect(!plan.contains { $0.contains("Seq Scan") || $0.contains("Sort") }, "\(plan)")
    }
}
