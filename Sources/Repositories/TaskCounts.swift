// How many tasks of a list there are for each value of a field, counted by the database.
package import Model
import StoreCore

extension Tasks {
    /// - Parameter time: where the days are meant by which tasks are due at an instant.
    package func counts(
        by grouping: TaskGrouping, _ audience: TaskAudience, _ filter: TaskFilter, in time: LocalTime, now: Instant
    ) throws -> TaskCounts {
        switch grouping {
        case .status:
            let counts = try counts(by: "status", audience, filter, now: now)
            return all(TaskStatus.allCases.map { .init(key: $0.word, count: counts[$0.rawValue] ?? 0) })
        case .priority:
            let counts = try counts(by: "priority", audience, filter, now: now)
            return all(TaskPriority.allCases.map { .init(key: $0.word, count: counts[$0.rawValue] ?? 0) })
        case .assignee: return all(ordered(try counts(by: "assignee_id", audience, filter, now: now)) { "\($0)" })
        case .dueDay: return all(ordered(try dueDays(audience, filter, in: time, now: now)) { "\(Day(number: $0))" })
        case .label:
            var groups = try labels(audience, filter, now: now).map { TaskCounts.Group(key: $0.name, count: $0.count) }
            let unlabelled = Self.statements(audience, filter, now: now) {
                "SELECT count(*) FROM tasks WHERE \($0) AND \(Self.isUnlabelled)"
            }
            let count = try unlabelled.reduce(0) { $0 + (try tx.value($1, as: Int64.self)) }
            if count > 0 { groups.append(.init(key: nil, count: count)) }
            return TaskCounts(groups: groups, total: try self.count(audience, filter, now: now))
        }
    }

    /// The labels of the tasks of a list, by name, with how many tasks have each.
    package func labels(_ audience: TaskAudience, _ filter: TaskFilter, now: Instant) throws -> [(name: String, count: Int64)] {
        var labels: [String: (count: Int64, newest: ID<TaskItem>)] = [:]
        let statements = Self.statements(audience, filter, now: now) {
            """
            SELECT label_key, count(*), max(id) FROM tasks JOIN task_labels ON task_labels.task_id = tasks.id WHERE \($0)
            GROUP BY label_key
            """
        }
        for sql in statements {
            let rows = try tx.rows(sql) {
                (try $0.value(0, as: String.self), try $0.value(1, as: Int64.self), try $0.value(2, as: ID<TaskItem>.self))
            }
            for (key, count, newest) in rows {
                let before = labels[key]
                labels[key] = ((before?.count ?? 0) + count, max(before?.newest ?? newest, newest))
            }
        }
        let spellings = try spellings(on: Set(labels.values.map(\.newest)))
        return labels.map { key, label in
            (name: spellings[label.newest]?.first { Label.key(of: $0) == key } ?? key, count: label.count)
        }
        .map { (order: collationKey($0.name), label: $0) }
        .sorted { ($0.order, $0.label.name) < ($1.order, $1.label.name) }.map(\.label)
    }

    /// The labels of tasks as they are spelled there.
    private func spellings(on ids: Set<ID<TaskItem>>) throws -> [ID<TaskItem>: [String]] {
        var spellings: [ID<TaskItem>: [String]] = [:]
        let ids = ids.sorted()
        for start in stride(from: 0, to: ids.count, by: Self.readAtOnce) {
            let part = Array(ids[start..<min(start + Self.readAtOnce, ids.count)])
            let sql: SQL = "SELECT id, labels FROM tasks WHERE id IN (\(list: part))"
            for (id, labels) in try tx.rows(sql.unkept, { (try $0.value(0, as: ID<TaskItem>.self), try texts(fromJSON: $0.value(1))) }) {
                spellings[id] = labels
            }
        }
        return spellings
    }

    private static let readAtOnce = 500

    private func all(_ groups: [TaskCounts.Group]) -> TaskCounts {
        TaskCounts(groups: groups, total: groups.reduce(0) { $0 + $1.count })
    }

    /// From the smallest value up; those without one last.
    private func ordered(_ counts: [Int64?: Int64], _ text: (Int64) -> String) -> [TaskCounts.Group] {
        counts.sorted { ($0.key ?? .max) < ($1.key ?? .max) }.map { .init(key: $0.key.map(text), count: $0.value) }
    }

    private func counts(
        by column: SQL, _ audience: TaskAudience, _ filter: TaskFilter, now: Instant
    ) throws -> [Int64?: Int64] {
        var counts: [Int64?: Int64] = [:]
        for sql in Self.statements(audience, filter, now: now, { "SELECT \(column), count(*) FROM tasks WHERE \($0) GROUP BY 1" }) {
            for (value, count) in try tx.rows(sql, { (try $0.value(0, as: Int64?.self), try $0.value(1, as: Int64.self)) }) {
                counts[value, default: 0] += count
            }
        }
        return counts
    }

    /// By the numbers of the days. Where days begin is asked once for each of them: the instants come in their order.
    private func dueDays(
        _ audience: TaskAudience, _ filter: TaskFilter, in time: LocalTime, now: Instant
    ) throws -> [Int64?: Int64] {
        var counts: [Int64?: Int64] = [:]
        let statements = Self.statements(audience, filter, now: now) {
            "SELECT due_on, due_at, count(*) FROM tasks WHERE \($0) GROUP BY due_on, due_at ORDER BY due_at"
        }
        for sql in statements {
            let rows = try tx.rows(sql) {
                (try $0.value(0, as: Int64?.self), try $0.value(1, as: Instant?.self), try $0.value(2, as: Int64.self))
            }
            var (day, end) = (Int64(0), Instant?.none)
            for (dueOn, dueAt, count) in rows {
                if let dueAt, end.map({ dueAt > $0 }) ?? true {
                    day = time.day(of: dueAt).number
                    end = time.end(of: Day(number: day))
                }
                counts[dueAt == nil ? dueOn : day, default: 0] += count
            }
        }
        return counts
    }
}
