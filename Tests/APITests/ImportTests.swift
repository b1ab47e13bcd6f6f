// Tables of tasks: what becomes tasks, what is refused and why, and that it can be taken back.
import API
import CSV
import Composition
import HTTPTypes
import Model
import Repositories
import StoreCore
import TestKit
import Testing
import Wire

extension World {
    /// Sends a table and returns the answer.
    fileprivate func upload(
        _ table: String, as person: Person?, _ query: String = "", headers: [(String, String)] = [("Content-Type", "text/csv")]
    ) async throws -> Reply {
        try await send(.post, "/api/v1/tasks/import\(query)", as: person, body: Array(table.utf8), headers: headers)
    }

    /// Sends a table, has it imported, and returns the job.
    fileprivate func imported(_ table: String, as person: Person, _ query: String = "") async throws -> Reply {
        let started = try await upload(table, as: person, query)
        #expect(started.status == 202, "\(started.text)")
        try await work()
        return try await send(.get, try #require(started["Location"]), as: person)
    }

    fileprivate func titles(of person: Person) async throws -> [String] {
        let page = try await send(.get, "/api/v1/tasks?sort=title&limit=100", as: person)
        return page.list("data").compactMap { if case .string(let title)? = $0["title"] { title } else { nil } }
    }

    fileprivate func rows(of table: String) async throws -> Int64 {
        try await installation.store.read { try $0.value("SELECT count(*) FROM \(SQL(stringLiteral: table))") }
    }
}

private func counts(_ job: Reply) -> [Int64?] { ["created", "skipped", "failed"].map { job.int("result", $0) } }

private let header = "task_name,description,status,priority,created_at,assigned_user\n"

@Suite struct ImportTests {
    @Test("good rows become tasks with their history, bad ones are told with row, column and reason")
    func rows() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            let job = try await world.imported(
                header + """
                    Buy milk,"two, please",TRUE,HIGH,1/5/2026,bob
                    Old,,FALSE,low,2026-01-06,
                    ,no title,TRUE,,,
                    Bad,,maybe,whenever,someday,
                    Stranger,,TRUE,,,nobody
                    Done,,completed,,,ADA

                    """, as: ada, "?date_order=mdy")
            #expect(job.string("state") == "completed")
            #expect(counts(job) == [4, 0, 2])
            let errors = job.list("result", "errors").map(\.text)
            #expect(errors.count == 4)
            #expect(errors.first == #"{"column":"task_name","detail":"must not be blank","row":4}"#)
            #expect(job.list("result", "notes").map { $0["row"] } == [6] && job.text.contains("“nobody”: there is no active user"))
            #expect(job.int("progress", "done") == 6 && job.int("progress", "total") == 6)
            let tasks = try await world.send(.get, "/api/v1/tasks?sort=title", as: ada)
            #expect(tasks.list("data").count == 4 && tasks.at("data", "3", "assignee_id") == .null)
            #expect(tasks.string("data", "0", "title") == "Buy milk")
            #expect(tasks.int("data", "0", "assignee_id") == bob.id)
            #expect(tasks.string("data", "0", "created_at") == "2026-01-05T00:00:00.000Z")
            #expect(tasks.string("data", "0", "status") == "pending" && tasks.at("data", "0", "archived") == false)
            #expect(tasks.at("data", "2", "archived") == true)
            #expect(tasks.string("data", "1", "status") == "completed")
            #expect(try await world.send(.get, "/api/v1/tasks?q=milk", as: bob).list("data").count == 1)
            let id = try #require(tasks.int("data", "0", "id"))
            let history = try await world.send(.get, "/api/v1/tasks/\(id)/history", as: ada)
            #expect(history.string("data", "0", "action") == "task.created")
            #expect(history.int("data", "0", "actor_id") == ada.id)
            #expect(history.string("data", "0", "source") == "job")
            #expect(history.string("data", "0", "request_id") == "job-\(try #require(job.int("id")))")
        }
    }

    @Test("every error is in the file of the job, which is the owner's alone")
    func errorFile() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            let job = try await world.imported(header + String(repeating: "A,,,\"=x\",,\n", count: 2500), as: ada)
            #expect(counts(job) == [0, 0, 2500])
            #expect(job.list("result", "errors").count == 1000)
            let path = "/api/v1/jobs/\(try #require(job.int("id")))/result"
            let file = try await world.send(.get, path, as: ada)
            #expect(file.status == 200 && file["Content-Disposition"]?.contains(".csv") == true)
            #expect(file.text.split(separator: "\r\n").count == 2501)
            #expect(file.text.hasSuffix("2501,error,priority,\"“=x” is none of low, medium, high, critical\"\r\n"))
            #expect(try await world.send(.get, path, as: bob).status == 404)
            let clean = try await world.imported(header + "A,,,,,\n", as: ada)
            #expect(try await world.send(.get, "/api/v1/jobs/\(try #require(clean.int("id")))/result", as: ada).status == 404)
        }
    }

    @Test("a long text in place of a column's name is not stored for every fault, and neither are faults without end")
    func manyFaults() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let long = String(repeating: " ", count: 15_000)
            let names = ["status", "priority", "due_at", "archived"].map { " " + $0.uppercased() } + [long + "x"]
            let table = "title,\(names.joined(separator: ","))\n" + String(repeating: "A,zz,zz,zz,zz,zz\n", count: 10_100)
            let job = try await world.imported(table, as: ada)
            #expect(counts(job) == [0, 0, 10_100])
            #expect(job.list("result", "errors").first?.text.contains(#""column":"STATUS""#) == true)
            #expect(job.text.utf8.count < 256 << 10)
            let file = try await world.send(.get, "/api/v1/jobs/\(try #require(job.int("id")))/result", as: ada)
            let lines = file.text.split(separator: "\r\n")
            #expect(lines.count == 1 + 4 * 10_000 + 1)
            #expect(lines.last == ",error,,100 more rows")
            #expect(file.text.utf8.count < 8 << 20)
        }
    }

    @Test("every row of a file is a task; what is there already is skipped, as often as it is there")
    func repetitions() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let table =
                header + "A,x,,,1/5/2026,\nA,x,,,2026-01-05,\nA,y,,,1/5/2026,\nA,x,,,1/6/2026,\nA,x,,,1/5/2026,ada\nB,,,,,\nB,,,,,\n"
            let mdy = "?date_order=mdy"
            #expect(counts(try await world.imported(table, as: ada, mdy)) == [7, 0, 0])
            let again = try await world.imported(table + "B,,,,,\n", as: ada, mdy)
            #expect(counts(again) == [1, 7, 0] && again.list("result", "skipped_rows") == [2, 3, 4, 5, 6, 7, 8])
            _ = try await world.task("By hand", of: ada, ["labels": ["a,b", "c"]])
            let exported = try await world.send(.get, "/api/v1/tasks/export", as: ada)
            #expect(counts(try await world.imported(exported.text, as: ada)) == [0, 9, 0])
            let bob = try await world.person("bob")
            #expect(counts(try await world.imported(exported.text, as: bob)) == [9, 0, 0])
            let theirs = try await world.send(.get, "/api/v1/tasks/export?sort=title", as: bob)
            #expect(theirs.text.contains("By hand,,pending,medium,bob,,\"\"\"a,b\"\",c\""))
        }
    }

    @Test("a table of one title is recognised when it comes again, although a row is compared with some tasks of that title only")
    func oneTitle() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let table = "title,description\n" + (0..<2300).map { "The same,\($0 % 2200)\n" }.joined()
            #expect(counts(try await world.imported(table, as: ada)) == [2300, 0, 0])
            #expect(counts(try await world.imported(table + "The same,more\n", as: ada)) == [1, 2300, 0])
        }
    }

    @Test("a dry run says what would become of the table and makes nothing; all or nothing makes nothing when a row is bad")
    func withoutEffect() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let table = header + "A,,,,,\nB,,,,,\nB,,,,,\n"
            #expect(counts(try await world.imported(table, as: ada, "?dry_run=true")) == [3, 0, 0])
            #expect(try await world.titles(of: ada) == [])
            #expect(counts(try await world.imported(table + "C,,,bad,,\n", as: ada, "?atomic=true&dry_run=true")) == [0, 0, 1])
            #expect(counts(try await world.imported(table + "C,,,bad,,\n", as: ada, "?atomic=true")) == [0, 0, 1])
            #expect(try await world.titles(of: ada) == [])
            #expect(counts(try await world.imported(table, as: ada, "?atomic=true")) == [3, 0, 0])
            #expect(try await world.titles(of: ada) == ["A", "B", "B"])
            #expect(counts(try await world.imported(table + "B,,,,,\n", as: ada, "?dry_run=true")) == [1, 3, 0])
        }
    }

    @Test("an admin may have accounts made, which nobody can log in to; nobody else may")
    func accounts() async throws {
        try await World.run { world in
            let root = try await world.person("root", role: .admin)
            let ada = try await world.person("ada")
            let table = header + "A,,,,,newcomer\nB,,,,,newcomer\nC,,,,,new@example.com\nD,,,,,not a name\n"
            #expect(try await world.upload(table, as: ada, "?create_users=true").status == 403)
            #expect(counts(try await world.imported(table, as: root, "?create_users=true&dry_run=true&unknown_users=fail")) == [3, 0, 1])
            #expect(try await world.send(.get, "/api/v1/users?q=newcomer", as: root).list("data").isEmpty)
            #expect(counts(try await world.imported(table, as: root, "?create_users=true&unknown_users=fail")) == [3, 0, 1])
            let made = try await world.send(.get, "/api/v1/users?q=newcomer", as: root)
            #expect(made.list("data").count == 1 && made.at("data", "0", "is_active") == false)
            #expect(try await world.login("new@example.com", password: "").status != 200)
            #expect(counts(try await world.imported(table, as: ada, "?unknown_users=fail"))[2] == 4)
            #expect(counts(try await world.imported(table, as: ada)) == [4, 0, 0])
        }
    }

    @Test("who is deactivated, and a name that somebody has, are faults of their rows and end nothing", arguments: [false, true])
    func unusableAccounts(isAtomic: Bool) async throws {
        try await World.run { world in
            let root = try await world.person("root", role: .admin)
            let dan = try await world.person("dan")
            try await world.send(.patch, "/api/v1/users/\(dan.id)", as: root, json: ["is_active": false])
            let table = header + "A,,,,,new\nB,,,,,NEW\nC,,,,,dan\n"
            #expect(counts(try await world.imported(table, as: root, "?create_users=true&dry_run=true&unknown_users=fail")) == [2, 0, 1])
            let made = try await world.imported(table, as: root, "?create_users=true&unknown_users=fail&atomic=\(isAtomic)")
            #expect(counts(made) == (isAtomic ? [0, 0, 1] : [2, 0, 1]))
            #expect(
                made.list("result", "errors").map(\.text) == [
                    #"{"column":"assigned_user","detail":"“dan”: the account is not active","row":4}"#
                ])
            _ = try await world.imported(header + "D,,,,,new\n", as: root, "?create_users=true")
            // The name goes, the address stays.
            let new = try #require(try await world.send(.get, "/api/v1/users?q=new", as: root).int("data", "0", "id"))
            try await world.send(.patch, "/api/v1/users/\(new)", as: root, json: ["username": "other"])
            let clash = header + "E,,,,,new\nF,,,,,any@imported.invalid\nG,,,,,root\n"
            #expect(counts(try await world.imported(clash, as: root, "?create_users=true&dry_run=true&unknown_users=fail")) == [1, 0, 2])
            let partly = try await world.imported(clash, as: root, "?create_users=true&unknown_users=fail&atomic=\(isAtomic)")
            #expect(counts(partly) == (isAtomic ? [0, 0, 2] : [1, 0, 2]))
            #expect(partly.string("state") == "completed" && partly.text.contains("another account has that name"))
        }
    }

    @Test("an import is undone once, by its owner, and leaves what was changed since")
    func undo() async throws {
        try await World.run { world in
            let (ada, root) = (try await world.person("ada"), try await world.person("root", role: .admin))
            let started = try await world.upload(header + "A,,,,,\nB,,,,,\nC,,,,,\n", as: ada)
            let path = "/api/v1/imports/\(try #require(started.int("id")))/undo"
            #expect(try await world.send(.post, path, as: ada).status == 409)
            try await world.work()
            let tasks = try await world.send(.get, "/api/v1/tasks?sort=title", as: ada)
            let changed = try #require(tasks.int("data", "1", "id"))
            try await world.send(.patch, "/api/v1/tasks/\(changed)", as: ada, json: ["priority": "low"])
            #expect(try await world.send(.post, path, as: root).status == 404)
            let undo = try await world.send(.post, path, as: ada)
            #expect(undo.status == 202)
            try await world.work()
            let job = try await world.send(.get, try #require(undo["Location"]), as: ada)
            #expect(job.at("result") == ["kept": 1, "kept_tasks": [.int(changed)], "removed": 2])
            #expect(try await world.titles(of: ada) == ["B"])
            #expect(try await world.send(.get, "/api/v1/tasks/trash", as: ada).list("data").count == 2)
            #expect(try await world.send(.post, path, as: ada).status == 409)
        }
    }
}

@Suite struct UploadTests {
    @Test("a table may come in a form")
    func form() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let type = [("Content-Type", "multipart/form-data; boundary=xyz")]
            func form(_ name: String, _ table: String) -> String {
                "--xyz\r\nContent-Disposition: form-data; name=\"\(name)\"; filename=\"a.csv\"\r\nContent-Type: text/csv\r\n\r\n\(table)\r\n--xyz--\r\n"
            }
            #expect(try await world.upload(form("file", header + "A,,,,,\n"), as: ada, headers: type).status == 202)
            try await world.work()
            #expect(try await world.titles(of: ada) == ["A"])
            #expect(try await world.upload(form("other", header), as: ada, headers: type).status == 400)
            #expect(try await world.upload("--xyz--", as: ada, headers: type).status == 400)
            #expect(try await world.upload(String(form("file", header).dropLast(6)), as: ada, headers: type).status == 400)
            #expect(try await world.upload(form("file", "PK\u{3}\u{4}\u{0}\u{0}"), as: ada, headers: type).text.contains("ZIP"))
        }
    }

    @Test(
        "what is no table of tasks is refused at once with its place, and leaves nothing",
        arguments: [
            ("", "empty"), ("title\n\"a\nb\n", "never closed"), ("title\n\"a\"b\n", "row 2, column 1"), ("description\nx\n", "title"),
            ("title\na\u{0}b\n", "NUL"), ("title\n" + String(repeating: "x", count: 70_000), "longer"),
        ])
    func refused(table: String, words: String) async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let reply = try await world.upload(table, as: ada)
            #expect(reply.status == 400)
            #expect(reply.text.contains(words), "\(reply.text)")
            #expect(try await world.rows(of: "files") == 0)
            #expect(try await world.rows(of: "jobs") == 0)
        }
    }

    @Test("bytes that are no UTF-8, other media types, codings and files above the limit are refused")
    func formats() async throws {
        try await World.run(World.Options(fileLimit: 100_000)) { world in
            let ada = try await world.person("ada")
            let type = [("Content-Type", "text/csv")]
            func status(_ bytes: [UInt8], _ headers: [(String, String)]) async throws -> Int {
                try await world.send(.post, "/api/v1/tasks/import", as: ada, body: bytes, headers: headers).status
            }
            #expect(try await status([0xff, 0xfe, 0x61, 0], type) == 400)
            #expect(try await status(Array("{}".utf8), [("Content-Type", "application/json")]) == 400)
            #expect(try await status(Array("title\n".utf8), [("Content-Type", "text/html")]) == 415)
            #expect(try await status(Array("title\n".utf8), [("Content-Type", "text/csv; charset=koi8-r")]) == 415)
            #expect(try await status(Array("title\n".utf8), type + [("Content-Encoding", "gzip")]) == 415)
            #expect(try await status(Array("title\n".utf8), []) == 415)
            let large = Array(("title\n" + String(repeating: "a row of the table\n", count: 6000)).utf8)
            #expect(try await status(large, type) == 413)
            #expect(try await status(large, type + [("Transfer-Encoding", "chunked")]) == 413)
            #expect(try await world.rows(of: "files") == 0)
            #expect(try await world.rows(of: "file_chunks") == 0)
        }
    }

    @Test("an upload that breaks off leaves nothing behind")
    func truncated() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let head =
                "POST /api/v1/tasks/import HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(ada.accessToken)\r\nContent-Type: text/csv\r\n"
            // Enough for pieces to be written before it breaks off.
            let rows = "title\n" + String(repeating: "a row of the table\n", count: 100_000)
            let exchange = try await RawConnection.exchange(
                port: world.port,
                [head + "Transfer-Encoding: chunked\r\n\r\n", "\(String(rows.utf8.count, radix: 16))\r\n" + rows, "\r\nzzz\r\n"],
                until: .close)
            #expect(exchange.status == 400)
            await eventually { try await world.rows(of: "files") == 0 }
            #expect(try await world.rows(of: "file_chunks") == 0)
            #expect(try await world.rows(of: "jobs") == 0)
        }
    }

    @Test("a user has three imports at most that have not ended")
    func quota() async throws {
        try await World.run { world in
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            for number in 1...3 { #expect(try await world.upload("title\nA\(number)\n", as: ada).status == 202) }
            for headers in [[], [("Idempotency-Key", "k")]] {
                let fourth = try await world.upload("title\nA\n", as: ada, headers: headers + [("Content-Type", "text/csv")])
                #expect(fourth.status == 409 && fourth.string("code") == "too_many_imports")
            }
            #expect(try await world.rows(of: "files") == 3)
            #expect(try await world.upload("title\nA1\n", as: bob).status == 202)
            try await world.work()
            #expect(try await world.upload("title\nA1\n", as: ada).status == 202)
            let again = try await world.upload("title\nA1\n", as: ada)
            #expect(again.status == 409 && again.string("code") == "import_in_progress")
            #expect(try await world.upload("title\nA1\n", as: ada, "?dry_run=true").status == 202)
        }
    }

    @Test("a table has a million rows at most, which is told before anything is queued", .timeLimit(.minutes(3)))
    func rowLimit() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let million = "title\n" + String(repeating: "A\n", count: 1_000_000)
            let refused = try await world.upload(million + "A\n", as: ada)
            #expect(refused.status == 400 && refused.text.contains("more than 1000000 rows"))
            #expect(try await world.rows(of: "files") == 0)
            #expect(try await world.upload(million, as: ada).status == 202)
        }
    }

    @Test("the same key and file is one import; the same key with another file is refused; what is not used goes")
    func idempotency() async throws {
        try await World.run { world in
            let ada = try await world.person("ada")
            let headers = [("Content-Type", "text/csv"), ("Idempotency-Key", "k")]
            let first = try await world.upload("title\nA\n", as: ada, headers: headers)
            let second = try await world.upload("title\nA\n", as: ada, headers: headers)
            #expect(second["Idempotency-Replayed"] == "true" && first.int("id") == second.int("id"))
            #expect(try await world.upload("title\nB\n", as: ada, headers: headers).status == 422)
            #expect(try await world.rows(of: "files") == 1)
            #expect(try await world.rows(of: "jobs") == 1)
        }
    }

    @Test("tables have a rate limit of their own, and nobody is heard without credentials")
    func limits() async throws {
        var options = World.Options()
        options.limits = RateLimits("default=1000/60,import=2/3600,login=100/60")
        try await World.run(options) { world in
            let ada = try await world.person("ada")
            for number in 1...2 { #expect(try await world.upload("title\nA\(number)\n", as: ada).status == 202) }
            let third = try await world.upload("title\nA\n", as: ada)
            #expect(third.status == 429)
            #expect(third["RateLimit-Policy"]?.contains("import") == true)
            #expect(try await world.send(.get, "/api/v1/tasks", as: ada).status == 200)
            #expect(try await world.upload("title\nA\n", as: nil).status == 401)
        }
    }
}
