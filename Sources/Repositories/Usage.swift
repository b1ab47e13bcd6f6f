// What one user has of everything that has a quota.
package import Model
package import StoreCore

package struct Usage {
    let tx: Tx

    package init(_ tx: Tx) { self.tx = tx }

    static let schema: [SQL] = [
        "CREATE INDEX jobs_waiting ON jobs (owner_id) WHERE state = 0 AND owner_id IS NOT NULL",
        "CREATE INDEX files_of ON files (owner_id, size)",
    ]

    /// Things of which there are so few that they are counted each time.
    package enum Countable: Sendable { case tokens, sessions, webhooks, views, jobs, files, answers }

    package func count(_ what: Countable, of user: ID<User>, at now: Instant) throws -> Int64 {
        try tx.value(Self.counting(what, of: user, at: now))
    }

    static func counting(_ what: Countable, of user: ID<User>, at now: Instant) -> SQL {
        switch what {
        case .tokens: "SELECT count(*) FROM access_tokens WHERE user_id = \(user)"
        case .sessions:
            """
            SELECT count(*) FROM sessions WHERE user_id = \(user) AND revoked_at IS NULL AND expires_at > \(now)
                AND last_used_at > \(now - Session.refreshLifetime)
            """
        case .webhooks: "SELECT count(*) FROM webhooks WHERE owner_id = \(user) AND NOT is_deleted"
        case .views: "SELECT count(*) FROM views WHERE owner_id = \(user)"
        case .jobs: "SELECT count(*) FROM jobs WHERE owner_id = \(user) AND state = 0"
        case .files: "SELECT CAST(coalesce(sum(size), 0) AS BIGINT) FROM files WHERE owner_id = \(user)"
        case .answers:
            """
            SELECT CAST(coalesce(sum(length(sealed)), 0) AS BIGINT) FROM idempotent_answers
            WHERE scope = \(IdempotentAnswers.scope(of: user)) AND created_at > \(now - IdempotentAnswers.lifetime)
            """
        }
    }

    // MARK: Tasks

    /// A part of somebody's tasks.
    package struct Portion: Sendable {
        package var tasks: Int64 = 0
        package var text: Int64 = 0
        /// Their labels, as JSON texts.
        package var labels: Set<String> = []
        /// Where the next part begins; `nil` behind the last task.
        package var next: Place?
    }

    package struct Place: Sendable {
        fileprivate var isInTrash: Bool
        fileprivate var at: Int64
        fileprivate var id: Int64

        package static let start = Place(isInTrash: false, at: .min, id: .min)
    }

    /// Tasks of one part: a statement may take only so long.
    private static let portion = 2000

    package func tasks(of user: ID<User>, from place: Place) throws -> Portion {
        let rows: [(at: Int64, id: Int64, bytes: Int64, labels: String)] = try tx.rows(Self.listing(of: user, from: place)) {
            (try $0.value(0), try $0.value(1), try $0.value(2), try $0.value(3))
        }
        var portion = Portion(tasks: Int64(rows.count))
        for row in rows {
            portion.text += row.bytes
            if row.labels != "[]" { portion.labels.insert(row.labels) }
        }
        if rows.count == Self.portion, let last = rows.last {
            portion.next = Place(isInTrash: place.isInTrash, at: last.at, id: last.id)
        } else if !place.isInTrash {
            portion.next = Place(isInTrash: true, at: .min, id: .min)
        }
        return portion
    }

    static func listing(of user: ID<User>, from place: Place) -> SQL {
        let order: SQL = place.isInTrash ? "deleted_at" : "created_at"
        let condition: SQL = place.isInTrash ? "deleted_at IS NOT NULL" : "deleted_at IS NULL"
        return """
            SELECT \(order), id, \(octets(of: "title")) + coalesce(\(octets(of: "description")), 0) + \(octets(of: "labels")), labels
            FROM tasks WHERE owner_id = \(user) AND \(condition) AND (\(order), id) > (\(place.at), \(place.id))
            ORDER BY \(order), id LIMIT \(portion)
            """
    }

    /// The keys of labels as `Portion` has them.
    package static func labelKeys(_ labels: Set<String>) throws -> Set<String> {
        try labels.reduce(into: []) { $0.formUnion(try texts(fromJSON: $1).map(caseFolded)) }
    }
}
