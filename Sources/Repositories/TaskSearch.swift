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
        // Each word is there once for everybody's tasks and once for each member's: a search of one's own tasks walks through
        // none but one's own. The program has cut the words, with a newer Unicode than SQLite has: to its tokenizer everything but a blank
        // belongs to a word. Where in a text a word stands is not kept: no search asks for it.
        case .sqlite:
            [
                """
                CREATE VIRTUAL TABLE task_search USING fts5(
                    title, body, content='', detail=column,
                    tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co Cn'"
                )
                """
            ]
        // Beside the tasks: a change of anything but the words leaves the index alone. A short pending list keeps searches even.
        case .postgres:
            [
                "CREATE TABLE task_search (task_id BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)",
                "CREATE INDEX task_search_words ON task_search USING gin (words) WITH (gin_pending_list_limit = 256)",
            ]
        }
    }

    func insert(_ task: TaskItem) throws { try insert(task.id, Document(task)) }

    private func insert(_ id: ID<TaskItem>, _ document: Document) throws {
        switch tx.engine {
        case .sqlite:
            let document = document.columns
            try tx.run("INSERT INTO task_search (rowid, title, body) VALUES (\(id), \(document.title), \(document.body))")
        case .postgres:
            guard !document.members.isEmpty else { return }
            try tx.enqueue("INSERT INTO task_search (task_id, words) VALUES (\(id), \(document.lexemes)::tsvector)")
        }
    }

    /// The same for tasks whose words were cut before.
    func insert(_ documents: [(id: ID<TaskItem>, Document)]) throws {
        switch tx.engine {
        case .sqlite:
            let rows = documents.map { id, document -> [Bind] in
                let columns = document.columns
                return [id.bind, .text(columns.title), .text(columns.body)]
            }
            try tx.insert(rows, "INSERT INTO task_search (rowid, title, body) VALUES")
        case .postgres:
            let rows = documents.filter { !$0.1.members.isEmpty }.map { id, document -> [Bind] in [id.bind, .text(document.lexemes)] }
            // A parameter of an INSERT has the type of its column.
            try tx.insert(rows, "INSERT INTO task_search (task_id, words) VALUES")
        }
    }

    /// `task` as it was when it was inserted: a contentless index forgets only what it is told.
    func delete(_ task: TaskItem) throws {
        // PostgreSQL finds the row by its id: nothing is folded there.
        try delete(task.id, tx.engine == .sqlite ? Document(task) : nil)
    }

    private func delete(_ id: ID<TaskItem>, _ document: Document?) throws {
        switch tx.engine {
        case .sqlite:
            guard let document = document?.columns else { return }
            try tx.run(
                """
                INSERT INTO task_search (task_search, rowid, title, body)
                VALUES ('delete', \(id), \(document.title), \(document.body))
                """)
        case .postgres: try tx.enqueue("DELETE FROM task_search WHERE task_id = \(id)")
        }
    }

    /// - Parameter words: of both, where they were folded before; they are folded here only when the document changes.
    func update(from old: TaskItem, to new: TaskItem, _ words: (old: TaskWords, new: TaskWords)? = nil) throws {
        guard Document.differs(old, new) else { return }
        let before = Document(old, words?.old ?? TaskWords(old))
        let after = Document(new, words?.new ?? TaskWords(new))
        guard before != after else { return }
        try delete(old.id, before)
        try insert(new.id, after)
    }

    /// A statement that gives the ids that match, as column `id`; `member` keeps to the tasks that user owns or is assigned, `before` to
    /// the ids below.
    static func matches(_ query: SearchQuery, _ tier: Tier?, member: ID<User>?, before: Int64? = nil) -> SQL {
        .choice(
            sqlite: matchesInFTS5(query.terms, tier, member, before), postgres: matchesInTSVector(query.terms, tier, member, before))
    }

    private static func matchesInFTS5(_ terms: [SearchQuery.Term], _ tier: Tier?, _ member: ID<User>?, _ before: Int64?) -> SQL {
        if terms.isEmpty { return "SELECT rowid AS id FROM task_search WHERE 1 = 0" }
        // No quotation mark is in a word, so quoting it is enough.
        let quoted = terms.map { "\"\(token($0.word, for: member))\"" + ($0.isBeginning ? "*" : "") }
        let terms = "(\(quoted.joined(separator: " AND ")))"
        let place =
            switch tier {
            case .title: "title : \(terms)"
            case .elsewhere: "({title body} : \(terms) NOT title : \(terms))"
            case nil: "{title body} : \(terms)"
            }
        let below: SQL = before.map { " AND rowid < \($0)" } ?? ""
        return "SELECT rowid AS id FROM task_search WHERE task_search MATCH \(place)\(below)"
    }

    /// A word as FTS5 has it for the tasks of a member, or for everybody's. The x ends the number, so that no two of them meet.
    private static func token(_ word: String, for member: ID<User>?) -> String { "\(member.map { "\($0)" } ?? "")x\(word)" }

    private static func matchesInTSVector(_ terms: [SearchQuery.Term], _ tier: Tier?, _ member: ID<User>?, _ before: Int64?) -> SQL {
        if terms.isEmpty { return "SELECT task_id AS id FROM task_search WHERE 1 = 0" }
        func all(in places: [Lexeme]) -> String {
            let terms = terms.map { term in
                "(" + places.map { $0.quoted(term.word) + (term.isBeginning ? ":*" : "") }.joined(separator: " | ") + ")"
            }
            return "(\(terms.joined(separator: " & ")))"
        }
        let place =
            switch tier {
            case .title: all(in: [.title])
            case .elsewhere: "\(all(in: [.title, .body])) & !\(all(in: [.title]))"
            case nil: all(in: [.title, .body])
            }
        let match = member.map { "\(Lexeme.member.quoted("\($0)")) & \(place)" } ?? place
        let below: SQL = before.map { " AND task_id < \($0)" } ?? ""
        return "SELECT task_id AS id FROM task_search WHERE words @@ \(match)::tsquery\(below)"
    }

    /// A tsvector knows no columns: the first letter of a lexeme tells where its word stands.
    private enum Lexeme: String {
        case member = "u"
        case title = "t"
        case body = "b"

        /// A lexeme has 2046 bytes at most, so longer words are told apart by their beginnings.
        private static let length = 500

        /// Neither an apostrophe nor a backslash is in a word, so quoting it is enough.
        func quoted(_ word: String) -> String {
            let beginning =
                word.utf8.count <= Self.length ? word : String(String.UnicodeScalarView(word.unicodeScalars.prefix(Self.length)))
            return "'\(rawValue)\(beginning)'"
        }
    }

    struct Document: Equatable, Sendable {
        /// Of a task in the trash.
        static let none = Document(members: [], title: [], body: [])

        /// Owner and assignee; a task in the trash is found by nobody.
        let members: [ID<User>]
        let title: [String]
        let body: [String]

        init(_ task: TaskItem) { self.init(task, task.isDeleted ? .none : TaskWords(task)) }

        init(_ task: TaskItem, _ words: TaskWords) {
            self = task.isDeleted ? .none : Document(owner: task.ownerID, assignee: task.assigneeID, words)
        }

        init(owner: ID<User>, assignee: ID<User>?, _ words: TaskWords) {
            self.init(
                members: [owner] + (assignee.map { $0 == owner ? [] : [$0] } ?? []), title: words.title,
                body: words.description + words.labels)
        }

        private init(members: [ID<User>], title: [String], body: [String]) {
            self.members = members
            self.title = title
            self.body = body
        }

        /// Whether anything differs of what a document is made of: nothing is folded for the answer.
        static func differs(_ old: TaskItem, _ new: TaskItem) -> Bool {
            old.isDeleted != new.isDeleted || old.ownerID != new.ownerID || old.assigneeID != new.assigneeID || old.title != new.title
                || old.description != new.description || old.labels != new.labels
        }

        /// As FTS5 takes them.
        var columns: (title: String, body: String) {
            let audiences: [ID<User>?] = members.isEmpty ? [] : [nil] + members
            func tokens(_ words: [String]) -> String {
                audiences.flatMap { audience in words.map { token($0, for: audience) } }.joined(separator: " ")
            }
            return (tokens(title), tokens(body))
        }

        /// All three as the text of a tsvector.
        var lexemes: String {
            (members.map { Lexeme.member.quoted("\($0)") } + title.map { Lexeme.title.quoted($0) } + body.map { Lexeme.body.quoted($0) })
                .joined(separator: " ")
        }
    }
}
