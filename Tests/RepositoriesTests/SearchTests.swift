// Full-text search: what is found, in which order, and what never is.
import Model
import Repositories
import StoreCore
import TestKit
import Testing

extension TemporaryStore {
    /// The titles found, in order.
    func search(_ text: String, _ scope: TaskScope = .mine, of user: ID<User> = ada, _ filter: TaskFilter = .init()) async throws
        -> [String]
    {
        try await read { tx in
            let query = SearchQuery(text)
            let tasks = Tasks(tx)
            let audience = TaskAudience(scope, of: user)
            let found = try tasks.search(query, audience, filter, after: nil, limit: 1000, now: noon).map(\.task)
            // The same tasks as a sorted list, and as a count.
            var filter = filter
            filter.search = query
            let listed = try tasks.list(audience, filter, .newestFirst, limit: 1000, now: noon)
            #expect(Set(listed.map(\.id)) == Set(found.map(\.id)))
            #expect(try tasks.count(audience, filter, now: noon) == Int64(found.count))
            return found.map(\.title)
        }
    }
}

@Suite struct SearchTests {
    @Test("Tasks with the words in the title come first, the newest first, then the others, the newest first")
    func order() async throws {
        let store = try await storeWithUsers()
        try await store.add(NewTask(title: "Buy milk"))
        try await store.add(NewTask(title: "Shopping", description: "milk, bread"))
        try await store.add(NewTask(title: "Milk the cow"))
        try await store.add(NewTask(title: "Groceries", labels: ["Milk"]))
        try await store.add(NewTask(title: "Bread"))
        try await store.add(NewTask(title: "Milk", description: "milk milk milk", labels: ["milk"]))
        #expect(try await store.search("milk") == ["Milk", "Milk the cow", "Buy milk", "Groceries", "Shopping"])
    }

    @Test("All words must be there, wherever they stand; all in the title counts as title")
    func allWords() async throws {
        let store = try await storeWithUsers()
        try await store.add(NewTask(title: "red apple"))
        try await store.add(NewTask(title: "red", description: "apple"))
        try await store.add(NewTask(title: "apple pie", labels: ["red"]))
        try await store.add(NewTask(title: "green apple"))
        try await store.add(NewTask(title: "apple is red"))
        #expect(try await store.search("red apple") == ["apple is red", "red apple", "apple pie", "red"])
        #expect(try await store.search("apple red") == ["apple is red", "red apple", "apple pie", "red"])
    }

    @Test("The last word may be unfinished, the others not")
    func prefix() async throws {
        let store = try await storeWithUsers()
        try await store.add(NewTask(title: "Write documentation"))
        for text in ["d", "do", "doc", "docu", "documentation", "write d", "write documentatio"] {
            #expect(try await store.search(text) == ["Write documentation"], "\(text)")
        }
        for text in ["documentations", "ocumentation", "doc write", "writ documentation", "wri doc"] {
            #expect(try await store.search(text) == [], "\(text)")
        }
    }

    @Test(
        "A word is found whatever its case, diacritics and spelling",
        arguments: [
            ("Café crème", ["cafe", "CAFÉ", "cafe\u{301}", "creme", "crè"]), ("Cafe", ["café"]),
            ("Straße 5", ["strasse", "STRASSE", "straße", "STRAẞE", "5"]),
            ("STRASSE", ["straße"]), ("ΣΊΣΥΦΟΣ", ["σίσυφος", "σισυφοσ", "σισ"]), ("Ёжик", ["ежик", "ЁЖИК"]),
            ("İstanbul IĞDIR", ["istanbul", "igdir"]),
            ("naïve", ["naive"]), ("Ångström Øre", ["angstrom", "øre", "ore"]), ("買牛奶 東京タワー", ["買牛奶", "買", "東京"]),
            ("한글 문서", ["한글", "문서", "문"]),
            ("ไทย งาน", ["ไทย", "งาน"]), ("हिन्दी काम", ["हिन्दी", "काम"]), ("مهمة ٣", ["مهمة", "٣"]), ("№5 ＡＢＣ ﬁn", ["no5", "abc", "fin"]),
            ("Plan 🅱", ["plan 🅱", "🅱"]), ("v1.2-beta_3", ["v1.2", "beta 3", "beta_3"]), ("don't", ["don't", "don t"]),
            ("Łódź", ["lodz", "Lodz", "łódź", "LODZ", "lo"]), ("Lodz", ["Łódź"]), ("Østerbro", ["osterbro", "Oster", "øster"]),
            ("Æble", ["aeble", "AE", "æ"]), ("Œuvre", ["oeuvre", "œuv"]), ("Đorđe", ["dorde", "đorđe"]), ("Þingvellir", ["thing", "þing"]),
            ("Iğdır", ["igdir", "IGDIR", "iğdır"]), ("Ħal Għaxaq", ["hal ghaxaq"]), ("Əli", ["eli"]),
            ("今日はいい天気です", ["天気", "天", "気", "す", "いい天気", "今日", "今日はいい天気です", "天気 今日"]),
            ("新しいiPhoneを買う", ["iphone", "iphoneを", "買う", "新しいiphone"]), ("ｶﾀｶﾅを読む", ["カタカナ", "カナ"]),
            ("ภาษาไทยทดสอบ", ["ทดสอบ", "ไทย", "ท", "บ"]), ("ສະບາຍດີ", ["ບາຍ", "ດ"]), ("ភាសាខ្មែរ", ["ខ្មែរ", "សា"]), ("မြန်မာစာ", ["မာစာ", "စာ"]),
            ("Feed the 🐱", ["🐱", "feed 🐱", "🐱 the"]), ("I ❤️ it", ["❤️", "❤", "❤ it"]), ("Trip 🇩🇪🇫🇷", ["🇩🇪", "🇫🇷", "🇫🇷 trip"]),
            ("👩‍👩‍👧 dinner", ["👧", "👩‍👩‍👧", "👩 dinner"]), ("👍🏽 done", ["👍", "👍🏽", "👍🏿"]), ("Pay 5 €", ["€", "5€", "€ 5"]),
            ("Learn C++", ["c++", "C++", "c", "learn c++", "c++ learn"]), ("Learn C#, F#", ["c#", "f#", "C# F#"]),
            ("Fix #42", ["#42", "42", "#4", "fix #42"]),
            ("Move to .NET", [".net", "net", ".NET", ".n"]), ("ASP.NET core", ["asp.net", ".net", "net"]),
            ("#home #garden", ["#home", "garden"]),
        ] as [(String, [String])])
    func spelling(_ title: String, _ queries: [String]) async throws {
        let store = try await storeWithUsers()
        try await store.add(NewTask(title: title))
        try await store.add(NewTask(title: "nothing of the kind"))
        for query in queries { #expect(try await store.search(query) == [title], "\(query)") }
    }

    @Test(
        "A sign that belongs to a word, a flag and a part of a run tell tasks apart",
        arguments: [
            ("C code", "c++"), ("C code", "c#"), ("C# code", "c++"), ("42 things", "#42"), ("#142", "#42"), ("net profit", ".net"),
            ("🇫🇷🇩🇰", "🇩🇪"),
            ("🐶", "🐱"), ("今日はいい天気です", "天今"), ("天 気", "天気"), ("ทดสอบ", "สด"), ("C", "c+"),
        ])
    func apart(_ title: String, _ query: String) async throws {
        let store = try await storeWithUsers()
        try await store.add(NewTask(title: title))
        #expect(try await store.search(query) == [])
    }

    @Test("A label is found with and without the sign before it, in a description too, after changes of many and few")
    func signsOfLabels() async throws {
        let store = try await storeWithUsers()
        let task = try await store.add(NewTask(title: "one", description: "今日はC++", labels: ["deep work", "#home", "C#"]))
        for word in ["#deep", "work", "#home", "home", "c#", "#c", "c++", "今日"] {
            #expect(try await store.search(word) == ["one"], "\(word)")
        }
        try await store.change(task.id) {
            $0.labels = ["tennis"]
            $0.description = "天気🐱"
        }
        for word in ["#deep", "#home", "c#", "c++", "今日"] { #expect(try await store.search(word) == [], "\(word)") }
        for word in ["#tennis", "気", "🐱"] { #expect(try await store.search(word) == ["one"], "\(word)") }
        try await store.change(task.id) { $0.deletedAt = noon }
        for word in ["#tennis", "気", "🐱"] { #expect(try await store.search(word, .all) == [], "\(word)") }
        if EngineUnderTest.current == .sqlite {
            try await store.write { try $0.run("INSERT INTO task_search (task_search) VALUES ('integrity-check')") }
        }
    }

    @Test("The longest search in a script without blanks is made, and finds")
    func longestRun() async throws {
        let store = try await storeWithUsers()
        let run = String(String.UnicodeScalarView((0..<200).compactMap { Unicode.Scalar(0x4e00 + UInt32($0)) }))
        try await store.add(NewTask(title: "run", description: "…" + run + "。"))
        #expect(try await store.search(run) == ["run"])
        #expect(try await store.search(run, .all) == ["run"])
    }

    @Test("Any task is found by each word of its title, in every script")
    func everyScript() async throws {
        let store = try await storeWithUsers()
        var letters: [String] = []
        for value in stride(from: UInt32(0x21), to: 0x1f900, by: 41) {
            guard let scalar = Unicode.Scalar(value), !SearchQuery.words(of: String(scalar)).isEmpty else { continue }
            letters.append(String(scalar))
        }
        #expect(letters.count > 1000)
        let ids = try await store.write { [letters] tx in
            try letters.map { try Tasks(tx).insert(NewTask(title: "x\($0) \($0)"), owner: ada, at: noon).id }
        }
        let lost = try await store.read { [letters] tx in
            try zip(letters, ids).filter { letter, id in
                try !Tasks(tx).search(SearchQuery(letter), .init(.mine, of: ada), .init(), after: nil, limit: 5000, now: noon)
                    .contains { $0.task.id == id }
            }.map { "U+" + String($0.0.unicodeScalars.first?.value ?? 0, radix: 16) }
        }
        #expect(lost.isEmpty)
    }

    @Test("A search sees only the tasks of its scope", arguments: TaskScope.allCases)
    func scopes(_ scope: TaskScope) async throws {
        let store = try await storeWithUsers(23)
        try await store.add(NewTask(title: "milk owned"))
        try await store.add(NewTask(title: "milk both", assigneeID: ada))
        try await store.add(NewTask(title: "milk assigned", assigneeID: ada), owner: bob)
        try await store.add(NewTask(title: "milk foreign", description: "u1 milk u1", labels: ["u1", "milk"]), owner: bob)
        // Whose ids begin like hers.
        try await store.add(NewTask(title: "milk of eleven", assigneeID: ID(12)), owner: ID(11))
        let expected: [TaskScope: [String]] = [
            .owned: ["milk both", "milk owned"], .assigned: ["milk assigned", "milk both"],
            .mine: ["milk assigned", "milk both", "milk owned"],
            .all: ["milk of eleven", "milk foreign", "milk assigned", "milk both", "milk owned"],
        ]
        #expect(try await store.search("milk", scope) == expected[scope])
        #expect(try await store.search("u1", scope) == (scope == .all ? ["milk foreign"] : []))
        #expect(try await store.search("mil", scope, of: eve) == (scope == .all ? expected[.all] : []))
    }

    @Test("A changed task is found by its new words and members only, a deleted one not at all")
    func changes() async throws {
        let store = try await storeWithUsers()
        let task = try await store.add(NewTask(title: "alpha", description: "beta", labels: ["gamma"]))
        try await store.change(task.id) {
            $0.title = "delta"
            $0.description = "epsilon"
            $0.labels = ["zeta"]
            $0.assigneeID = bob
        }
        for word in ["alpha", "beta", "gamma"] { #expect(try await store.search(word, .all) == []) }
        for word in ["delta", "epsilon", "zeta"] {
            #expect(try await store.search(word) == ["delta"])
            #expect(try await store.search(word, of: bob) == ["delta"])
        }
        try await store.change(task.id) { $0.assigneeID = eve }
        #expect(try await store.search("delta", of: bob) == [])
        #expect(try await store.search("delta", of: eve) == ["delta"])
        try await store.change(task.id) { $0.priority = .critical }
        #expect(try await store.search("delta") == ["delta"])
        try await store.change(task.id) { $0.deletedAt = noon }
        #expect(try await store.search("delta", .all) == [])
        let restored = try #require(try await store.change(task.id) { $0.deletedAt = nil })
        #expect(try await store.search("delta") == ["delta"])
        try await store.write { try Tasks($0).delete(restored) }
        #expect(try await store.search("delta", .all) == [])
        let trashed = try await store.add(NewTask(title: "delta"))
        let gone = try #require(try await store.change(trashed.id) { $0.deletedAt = noon })
        try await store.write { try Tasks($0).delete(gone) }
        #expect(try await store.search("delta", .all) == [])
        #expect(
            try await store.read { tx in
                try tx.value(
                    .choice(
                        sqlite: "SELECT count(*) FROM task_search('delta')",
                        postgres: "SELECT count(*) FROM task_search WHERE words @@ 'tdelta | bdelta'"), as: Int64.self)
            } == 0)
        if EngineUnderTest.current == .sqlite {
            try await store.write { try $0.run("INSERT INTO task_search (task_search) VALUES ('integrity-check')") }
        }
    }

    @Test("A change that is undone leaves the index as it was")
    func rollback() async throws {
        struct Undone: Error {}
        let store = try await storeWithUsers()
        try await store.add(NewTask(title: "alpha"))
        await #expect(throws: Undone.self) {
            try await store.write { tx in
                _ = try Tasks(tx).insert(NewTask(title: "beta"), owner: ada, at: noon)
                throw Undone()
            }
        }
        #expect(try await store.search("beta", .all) == [])
        #expect(try await store.search("alpha", .all) == ["alpha"])
    }

    @Test(
        "Signs of the search language in a query do no harm and mean nothing",
        arguments: [
            "\"", "\"milk", "milk\"", "'milk'", "milk*", "*milk", "(milk", "milk)", "title:milk", "members:u2 milk", "-milk", "^milk",
            "milk^", "+milk", "{milk}",
            "milk AND", "AND milk", "NOT milk", "OR milk OR", "NEAR(milk bread, 5)", "milk OR members : u2", "milk; DROP TABLE tasks",
            "milk\\", "milk%", "_", "$1",
            "#milk'", "milk#\\", "milk+\"", "'.milk", "\\'milk", "milk':*", "milk<->bread", "milk & !bread", "#'", "'+", "🐱'\\\"",
            "天'気\\\"天", "“milk”",
            "\"milk\" AND \"bread\"", "milk -- bread", "milk\u{0}bread", "((((", "a:b:c", "rowid:1", "milk\") OR (\"bread",
        ])
    func syntax(_ text: String) async throws {
        let store = try await storeWithUsers()
        try await store.add(NewTask(title: "milk and bread, not or near and 5 title"))
        try await store.add(NewTask(title: "milk of bob, members u2"), owner: bob)
        let plain = SearchQuery(text).terms.map(\.word).joined(separator: " ")
        #expect(try await store.search(text) == (plain.isEmpty ? [] : try await store.search(plain)))
        #expect(try await store.search(text).allSatisfy { !$0.contains("bob") })
        #expect(try await store.search("milk", .all).count == 2)
    }

    @Test("A text without letters, digits and symbols finds nothing", arguments: ["", "...", "#", "++", "\u{301}", "\u{fe0f}", "🏽"])
    func noWords(_ text: String) async throws {
        let store = try await storeWithUsers()
        try await store.add(NewTask(title: "milk"))
        #expect(try await store.search(text) == [])
        #expect(try await store.search(text, .all) == [])
    }

    @Test("Filters hold for what is searched")
    func filters() async throws {
        let store = try await storeWithUsers()
        try await store.add(NewTask(title: "milk one", status: .completed, labels: ["a"]))
        try await store.add(NewTask(title: "milk two", priority: .high, due: .at(noon - .seconds(1))))
        try await store.add(NewTask(title: "other", description: "milk", status: .completed, archived: true))
        var filter = TaskFilter()
        filter.statuses = [.completed]
        #expect(try await store.search("milk", of: ada, filter) == ["milk one", "other"])
        filter.archived = false
        #expect(try await store.search("milk", of: ada, filter) == ["milk one"])
        filter = TaskFilter()
        filter.overdue = true
        #expect(try await store.search("milk", of: ada, filter) == ["milk two"])
        filter = TaskFilter()
        filter.labels = ["A"]
        #expect(try await store.search("milk", of: ada, filter) == ["milk one"])
    }

    @Test("Walking the matches page by page gives each once, in the order of one big page", arguments: [1, 2, 3, 7, 20, 50] as [Int64])
    func walk(_ limit: Int64) async throws {
        let store = try await storeWithUsers()
        for number in 0..<40 {
            let inTitle = number % 3 != 0
            try await store.add(
                NewTask(
                    title: inTitle ? "milk \(number)" : "task \(number)", description: inTitle ? nil : "milk",
                    assigneeID: number % 2 == 0 ? ada : nil),
                owner: number % 5 == 0 ? bob : ada)
        }
        for scope in TaskScope.allCases {
            let all = try await store.search("milk", scope)
            var walked: [String] = []
            var cursor: Cursor?
            while true {
                let page = try await store.read { [cursor] in
                    try Tasks($0).search(SearchQuery("milk"), .init(scope, of: ada), .init(), after: cursor, limit: limit, now: noon)
                }
                walked += page.map(\.task.title)
                guard let last = page.last, page.count == Int(limit) else { break }
                cursor = Cursor(order: "rank", key: .int(last.tier), id: last.task.id.value)
            }
            #expect(walked == all)
            #expect(Set(walked).count == walked.count)
        }
    }
}
