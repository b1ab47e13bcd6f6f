// The full-text index of tasks: the one place, with backup and wake-ups, where the engines go different ways.
// Words are folded and cut by the program, so that both engines find the same.
import Model
import StoreCore

struct TaskSearch {
    let tx: Tx

    /// Where a match stands: in the title first, elsewhere after. Within a tier the newest task comes first.
    enum Tier: Int64, CaseIterable {
        case title = 0
        case elsewhere = 1
    }

    static func schema(for engine: Engine) -> [SQL] {
        switch engine {
        // `members` holds u<owner> and u<assignee>: a search of one user's tasks never walks through everybody's. The program has cut
        // the words, with a newer Unicode than SQLite has: to its tokenizer everything but a blank belongs to a word.
        case .sqlite:
            [
                """
                CREATE VIRTUAL TABLE task_search USING fts5(
                    members, title, body, content='', prefix='2 3',
                    tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co Cn'"
                )
                """
            ]
        case .postgres: []
        }
    }

    func insert(_ task: TaskItem) throws {
        let document = Document(task)
        try tx.run(
            """
            INSERT INTO task_search (rowid, members, title, body)
            VALUES (\(task.id), \(document.members), \(document.title), \(document.body))
            """)
    }

    /// `task` as it was when it was inserted: a contentless index forgets only what it is told.
    func delete(_ task: TaskItem) throws {
        let document = Document(task)
        try tx.run(
            """
            INSERT INTO task_search (task_search, rowid, members, title, body)
            VALUES ('delete', \(task.id), \(document.members), \(document.title), \(document.body))
            """)
    }

    func update(from old: TaskItem, to new: TaskItem) throws {
        guard Document(old) != Document(new) else { return }
        try delete(old)
        try insert(new)
    }

    /// A statement that gives the ids that match, as column `id`; `member` keeps to the tasks that user owns or is assigned.
    static func matches(_ query: SearchQuery, _ tier: Tier?, member: ID<User>?) -> SQL {
        if query.words.isEmpty { return "SELECT rowid AS id FROM task_search WHERE 1 = 0" }
        let words = query.words.enumerated().map { index, word in
            // Nothing but letters, digits and marks is in a word, so quoting it is enough.
            "\"\(word)\"" + (index == query.words.count - 1 ? "*" : "")
        }
        let terms = "(\(words.joined(separator: " AND ")))"
        let place =
            switch tier {
            case .title: "title : \(terms)"
            case .elsewhere: "({title body} : \(terms) NOT title : \(terms))"
            case nil: "{title body} : \(terms)"
            }
        let match = member.map { "members : u\($0) AND \(place)" } ?? place
        return "SELECT rowid AS id FROM task_search WHERE task_search MATCH \(match)"
    }

    private struct Document: Equatable {
        let members: String
        let title: String
        let body: String

        init(_ task: TaskItem) {
            members = task.isDeleted ? "" : "u\(task.ownerID)" + (task.assigneeID.map { " u\($0)" } ?? "")
            title = task.isDeleted ? "" : Self.words(task.title)
            body = task.isDeleted ? "" : Self.words(([task.description ?? ""] + task.labels).joined(separator: "\n"))
        }

        private static func words(_ text: String) -> String { SearchQuery.words(of: text).joined(separator: " ") }
    }
}
