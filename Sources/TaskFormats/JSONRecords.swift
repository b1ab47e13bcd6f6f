// Tasks in JSON as records: each member of an object is a column.
import BoundedText
import CSV
import Model
import Wire

struct JSONRecords: Sendable {
    private(set) var columns: [PlannedColumn]
    private(set) var ignored: [String] = []
    /// What stands beside the tasks.
    private var others: [String] = []
    /// The names that mean nothing, as they are listed; of long ones the beginning.
    private var unread: Set<String>
    /// The same as the file has them, so that each is looked at once.
    private var unreadNames: Set<String> = []
    private var zones = NamedZones()
    private var places: [String: Int] = [:]
    private let product: Product?
    /// Reads names that are met for the first time; without it they are left out.
    private let header: HeaderReader?
    private var elements: JSONElements
    /// Lists within lists are read at once, when all of it is there.
    private var whole: [UInt8]?

    /// Bytes of a file that is read at once.
    private static let wholeLimit = 16 << 20
    /// Names that are read, and bytes of one.
    static let nameLimit = 200
    private static let nameLength = 60
    /// The column for all that is not read: a task that has nothing else is no blank row, which would be skipped, and lacks a title.
    static let unread = PlannedColumn(name: "", meaning: .ignored)
    private static let unreadPlace = 0
    /// Names that mean nothing are remembered up to here, and listed up to here.
    private static let unreadLimit = 2000
    private static let listLimit = 100

    /// Whether a member can be a column: the names are a part of the plan, which has at most 64 KiB with all that is escaped in it.
    static func isName(_ name: String) -> Bool {
        guard !name.isEmpty, name.utf8.count <= nameLength, name.utf8.allSatisfy({ $0 >= 0x20 }) else { return false }
        let escaped = name.utf8.count { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "/") }
        return name.utf8.count + escaped <= nameLength && name.isStreamSafe
    }

    init(_ plan: TaskFilePlan, _ header: HeaderReader?) {
        columns = plan.columns
        product = Product.named(plan.product)
        self.header = header
        elements = JSONElements(plan.member.map { .member($0) } ?? (plan.isSequence ? .sequence : .array))
        whole = plan.product == .googleTasks ? [] : nil
        unread = Set(plan.summary.ignored)
        for (index, name) in (plan.members ?? []).enumerated() { places[name] = index }
    }

    /// The names of the members, in the order of the columns.
    var members: [String] { places.sorted { $0.value < $1.value }.map(\.key) }

    mutating func read(_ bytes: [UInt8], _ take: (TaskRecord) throws -> Void) throws {
        if whole != nil {
            whole?.append(contentsOf: bytes)
            guard whole?.count ?? 0 <= Self.wholeLimit else {
                throw TaskFileFault(
                    "", "has more than \(Self.wholeLimit >> 20) MiB, the limit for nested lists: send it in several parts")
            }
            return
        }
        var found: [[UInt8]] = []
        // What a fault interrupts comes before it.
        defer { found = [] }
        var fault: (any Error)?
        do { try elements.read(bytes) { found.append($0) } } catch { fault = error }
        var number = elements.count - Int64(found.count)
        for element in found {
            number += 1
            try take(record(element, number))
        }
        if let fault { throw fault }
    }

    mutating func finish(_ take: (TaskRecord) throws -> Void) throws {
        if let whole {
            for record in try GoogleTasks.records(whole) { try take(record) }
        } else {
            others = try elements.finish()
        }
    }

    /// What the sender is told of the file.
    var notes: [String] {
        var notes = zones.notes
        if !others.isEmpty {
            let shown = others.prefix(12).map { "“\(Self.shown($0))”" }.joined(separator: ", ")
            let more = others.count > 12 ? " and \(others.count - 12) more" : ""
            notes.append("other data of the file is left out: \(shown)\(more)")
        }
        if unread.count > Self.listLimit {
            let count = unread.count < Self.unreadLimit ? "\(unread.count)" : "\(Self.unreadLimit) or more"
            notes.append("the tasks have \(count) unknown names; the first \(Self.listLimit) are listed, and all are left out")
        }
        return notes
    }

    /// An object that has a time may name its zone beside it.
    private mutating func text(_ value: JSON, _ meaning: Meaning) -> String {
        let text = Self.text(value, meaning)
        guard meaning.isDate, case .object = value else { return text }
        for name in ["timeZone", "timezone", "time_zone"] {
            if case .string(let zone)? = value[name], !zone.isEmpty { return zones.text(text, in: zone) }
        }
        return text
    }

    private static func shown(_ name: String) -> String { name.cut(toBytes: 200).visible.trimmed.cut(toBytes: 60) }

    /// What is stored is checked where it is read.
    private static let limits = JSONLimits(values: 20_000, isStreamSafe: false)

    static func object(_ bytes: [UInt8], _ number: Int64) throws(TaskFileFault) -> [JSON.Member] {
        do {
            guard case .object(let members) = try JSON(parsing: bytes, limits: limits) else { return [] }
            return members
        } catch {
            throw TaskFileFault("", "task \(number) is not JSON: \(error.detail), at byte \(error.offset) of it")
        }
    }

    private mutating func record(_ bytes: [UInt8], _ number: Int64) throws(TaskFileFault) -> TaskRecord {
        let members = try Self.object(bytes, number)
        var fields = Array(repeating: "", count: columns.count)
        for member in members {
            guard let place = try place(of: member.name) else {
                if member.value != .null { fields[Self.unreadPlace] = "…" }
                continue
            }
            if place == fields.count { fields.append("") }
            fields[place] = text(member.value, columns[place].meaning)
        }
        return TaskRecord(number: number, fields: fields)
    }

    /// The column of a name; one that none of the first tasks had gets one if it means something.
    private mutating func place(of name: String) throws(TaskFileFault) -> Int? {
        if let place = places[name] { return place }
        guard Self.isName(name) else {
            leaveOut(name)
            return nil
        }
        guard let header, !unreadNames.contains(name) else { return nil }
        let column = header.late(name, product, columns)
        guard column.meaning != .ignored else {
            leaveOut(name)
            if unreadNames.count < Self.unreadLimit { unreadNames.insert(name) }
            return nil
        }
        guard columns.count <= Self.nameLimit else { throw Self.tooManyNames }
        places[name] = columns.count
        columns.append(column)
        return columns.count - 1
    }

    static let tooManyNames = TaskFileFault("", "the tasks have more than \(nameLimit) different names: leave some out with columns")

    private mutating func leaveOut(_ name: String) {
        guard header != nil, unread.count < Self.unreadLimit else { return }
        let shown = Self.shown(name)
        if !shown.isEmpty, unread.insert(shown).inserted, ignored.count < Self.listLimit { ignored.append(shown) }
    }

    // MARK: Values

    static func text(_ value: JSON, _ meaning: Meaning) -> String {
        switch value {
        case .null: return ""
        case .bool(let flag): return flag ? "true" : "false"
        case .int(let number): return "\(number)"
        case .double(let number): return "\(number)"
        case .string(let text): return text
        case .object(let members): return text(members, meaning)
        case .array(let values):
            let texts = values.map { text($0, meaning) }.filter { !$0.isEmpty }
            switch meaning {
            case .labels: return csvList(texts)
            case .personName, .personAddress, .personUsername: return texts.joined(separator: ";")
            case .comment: return texts.joined(separator: "\n")
            default: return texts.joined(separator: ", ")
            }
        }
    }

    /// An object that stands for a text has it under a usual name.
    private static func text(_ members: [JSON.Member], _ meaning: Meaning) -> String {
        let names: [String]
        switch meaning {
        case .personName, .personAddress, .personUsername: names = ["email", "username", "name", "displayName"]
        case .comment:
            return members.map { text($0.value, .detail) }.filter { !$0.isEmpty }.joined(separator: ": ")
        case .due, .createdAt, .completedAt: names = ["datetime", "dateTime", "date"]
        default: names = ["name", "title", "value", "displayName"]
        }
        for name in names {
            if let value = members.first(where: { $0.name == name })?.value, case .string(let text) = value, !text.isEmpty { return text }
        }
        return JSON.object(members).text
    }
}

/// The file that Google's export makes: lists of tasks.
enum GoogleTasks {
    /// What the outermost object is: lists of tasks, or one such list.
    static let kinds = [listsKind, "tasks#tasks"]
    private static let listsKind = "tasks#taskLists"

    static let columns = [
        PlannedColumn(name: "title", meaning: .title), PlannedColumn(name: "notes", meaning: .description),
        PlannedColumn(name: "status", meaning: .status), PlannedColumn(name: "due", meaning: .due),
        PlannedColumn(name: "completed", meaning: .completedAt), PlannedColumn(name: "created", meaning: .createdAt),
        PlannedColumn(name: "list", meaning: .label), PlannedColumn(name: "parent", meaning: .parentKey),
        PlannedColumn(name: "id", meaning: .key),
        PlannedColumn(name: "links", meaning: .detail), PlannedColumn(name: "deleted", meaning: .archived),
    ]

    static func records(_ bytes: [UInt8]) throws(TaskFileFault) -> [TaskRecord] {
        let json: JSON
        do {
            json = try JSON(parsing: bytes, limits: JSONLimits(values: 2_000_000, isStreamSafe: false))
        } catch {
            throw TaskFileFault("", "is not JSON: \(error.detail), at byte \(error.offset)")
        }
        let lists = json["kind"] == .string(listsKind) ? try objects(json["items"]) : [json]
        var records: [TaskRecord] = []
        for list in lists where list["items"] != nil || lists.count == 1 {
            for task in try objects(list["items"]) {
                records.append(TaskRecord(number: Int64(records.count) + 1, fields: fields(of: task, in: list["title"])))
            }
        }
        guard !records.isEmpty else { throw TaskFileFault("", "has no tasks") }
        return records
    }

    private static func objects(_ value: JSON?) throws(TaskFileFault) -> [JSON] {
        guard case .array(let elements)? = value else { throw TaskFileFault("", "is a file of Google Tasks without a list under “items”") }
        for (index, element) in elements.enumerated() {
            guard case .object = element else { throw TaskFileFault("", "element \(index + 1) of a list under “items” is not an object") }
        }
        return elements
    }

    private static func elements(_ value: JSON?) -> [JSON] {
        if case .array(let elements)? = value { elements } else { [] }
    }

    private static func fields(of task: JSON, in list: JSON?) -> [String] {
        columns.map { column in
            switch column.name {
            case "list": list.map { JSONRecords.text($0, .label) } ?? ""
            // There tasks are due on days, which are written as the instants at which they begin in UTC.
            case "due": String((task["due"].map { JSONRecords.text($0, .due) } ?? "").prefix(10))
            case "links": elements(task["links"]).compactMap { $0["link"].map { JSONRecords.text($0, .detail) } }.joined(separator: ", ")
            default: task[column.name].map { JSONRecords.text($0, column.meaning) } ?? ""
            }
        }
    }
}
