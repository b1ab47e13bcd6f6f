// Reads the fields of one record.
import BoundedText
import CSV
import Model

struct RowReader {
    private let rules: SheetRules
    var index = 0
    private(set) var draft = TaskDraft(task: NewTask(title: ""))
    private(set) var faults: [TaskSheet.Fault] = []
    private(set) var notes: [TaskSheet.Fault] = []

    private var hasTitle = false
    /// Set by a word of a status column, which counts for more than a moment of completion.
    private var status: TaskStatus?
    private var isCompleted: Bool?
    private var archived: Bool?
    private var due: (text: String, index: Int)?
    private var isAllDay = false
    private var zone: String?
    private var people = People()
    private var labels: [String] = []
    private var descriptions: [String] = []
    /// What is added to the description.
    private var lines: [String] = []
    private var comments: [String] = []

    init(_ rules: SheetRules) { self.rules = rules }

    private var name: String { rules.columns[index].name }

    mutating func read(_ text: String, _ meaning: Meaning) {
        // Checked before anything else is done with it: the cost of comparing marks grows with their square.
        // Most texts have no byte that could begin a mark, and that is seen fastest here.
        if !text.utf8.allSatisfy({ $0 < 0xcc && $0 != 0 }) {
            // PostgreSQL cannot store it, and would refuse the rows around this one as well.
            if text.utf8.contains(0) { return fault("must not contain NUL") }
            guard text.isStreamSafe else { return fault("has more than \(combiningMarkLimit) combining marks in a row") }
        }
        let word = text.trimmed
        if meaning == .title { return readTitle(text) }
        if word.isEmpty { return }
        switch meaning {
        case .title, .ignored, .key, .rowKind, .indent: break
        case .description: readDescription(text)
        case .status: readStatus(word)
        case .percent: readPercent(word)
        case .completed: readFlag(word) { $0.isCompleted = $1 }
        case .priority: readPriority(word)
        case .archived: readFlag(word) { $0.archived = $1 }
        case .active: readFlag(word) { $0.archived = !$1 }
        case .personAddress, .personUsername, .personName: readPeople(word, meaning)
        case .labels: readLabels(text)
        case .label: addLabel(word)
        case .due:
            if due != nil { fault("is a second due date: another column of the row has one") }
            due = (word, index)
        case .allDay: isAllDay = Words.flag(Words.folded(word)) == true
        case .zone: zone = word
        case .createdAt:
            if let value = date(word) { draft.createdAt = time(value) }
        case .completedAt:
            if let value = date(word) { draft.completedAt = time(value).start }
        case .detail: lines.append("\(name): \(word)")
        case .count:
            if !["0", "false", "no", "none", "null", "0/0"].contains(Words.folded(word)) { lines.append("\(name): \(word)") }
        case .parent, .parentKey: lines.append("Part of: \(word)")
        case .comment: comments.append(word)
        }
    }

    mutating func finish() {
        if !hasTitle, faults.isEmpty { fault("", "has no title") }
        if let due {
            index = due.index
            readDue(due.text)
        }
        finishState()
        finishPeople()
        finishLabels()
        finishDescription()
    }

    // MARK: Faults and notes

    private mutating func fault(_ detail: String) { fault(name, detail) }
    private mutating func fault(_ column: String, _ detail: String) { faults.append(.init(column, detail)) }
    /// - Parameter text: what is not understood.
    private mutating func fault(_ text: String, is detail: String) { fault("\(Self.shown(text)) \(detail)") }

    private static func shown(_ text: String) -> String { "“\(text.cut(toBytes: 40).visible.cut(toBytes: 40))”" }

    private mutating func note(_ detail: String) { notes.append(.init(name, detail)) }

    /// Keeps a text that is not understood where people can read it, or refuses it.
    private mutating func keep(_ text: String, or detail: String) {
        if rules.product?.keepsUnknown == true {
            lines.append("\(name): \(text)")
            note("“\(text.cut(toBytes: 60))” is kept as text in the description")
        } else {
            fault(text, is: detail)
        }
    }

    private mutating func hasLength(_ text: String, _ length: ClosedRange<Int>) -> Bool {
        // No text has more characters than bytes.
        if length.lowerBound <= 1, !text.isEmpty, text.utf8.count <= length.upperBound { return true }
        let count = text.unicodeScalars.count
        if length.contains(count) { return true }
        fault("must have \(length.lowerBound) to \(length.upperBound) characters, has \(count)")
        return false
    }

    // MARK: Texts

    private mutating func readTitle(_ text: String) {
        guard !text.isBlank else { return fault("must not be blank") }
        guard hasLength(text, TaskItem.titleLength) else { return }
        draft.task.title = text
        hasTitle = true
    }

    private mutating func readDescription(_ text: String) {
        if hasLength(text, TaskItem.descriptionLength) { descriptions.append(text) }
    }

    private mutating func finishDescription() {
        let parts = (descriptions + [lines.joined(separator: "\n")] + comments).filter { !$0.isEmpty }
        if parts.isEmpty { return }
        let text = parts.joined(separator: "\n\n")
        let limit = TaskItem.descriptionLength.upperBound
        // No text has more characters than bytes.
        if text.utf8.count > limit, text.unicodeScalars.count > limit {
            let count = text.unicodeScalars.count
            return fault("", "the description must have at most \(limit) characters, and has \(count) with all kept texts")
        }
        draft.task.description = text
    }

    // MARK: State

    /// A truth value says whether the task is in use, as it does in tables that know no progress; it is not a progress.
    private mutating func readStatus(_ text: String) {
        if let status = Words.ownStatuses[text] {
            self.status = status
            return
        }
        let word = Words.folded(text)
        if let known = rules.product?.statuses[word] ?? Words.status(word) { return set(known) }
        if word.hasSuffix("%") { return readPercent(word) }
        if word == "0" || word == "1" {
            return fault(
                "is \(word), which can mean completed or in use: say which with columns, such as {\"\(name)\": \"completed\"} or {\"\(name)\": \"active\"}"
            )
        }
        if let isActive = Words.flag(word) { return archived = !isActive }
        keep(
            text,
            or: "is none of \(TaskStatus.allCases.map(\.word).joined(separator: ", ")), nor true or false for in use or archived")
    }

    private mutating func set(_ word: StatusWord) {
        switch word {
        // What a column says first counts: the next one for the same may be its category.
        case .pending: status = status ?? .pending
        case .inProgress: status = status == .completed ? status : .inProgress
        case .completed: status = .completed
        case .archived: archived = true
        case .completedAndArchived: (status, archived) = (.completed, true)
        case .cancelled:
            status = status ?? .pending
            archived = true
            note("is cancelled, so the task is archived, not completed")
        }
    }

    private mutating func readPercent(_ text: String) {
        guard let percent = Percent(text) else { return fault(text, is: "is not a percentage from 0 to 100") }
        // Spreadsheets write 100 % as 1.
        let whole: Double = percent.hasSign || rules.columns[index].isOfHundred == true ? 100 : 1
        set(percent.value >= whole ? .completed : percent.value > 0 ? .inProgress : .pending)
    }

    private mutating func readFlag(_ text: String, _ set: (inout Self, Bool) -> Void) {
        let word = Words.folded(text)
        if let flag = Words.flag(word) { return set(&self, flag) }
        if rules.columns[index].meaning == .completed, let status = Words.status(word) { return self.set(status) }
        // A column that is named like a truth value may have the moment instead.
        if rules.columns[index].meaning == .completed,
            let value = value(text, rules.time)
        {
            draft.completedAt = time(value).start
            return
        }
        fault(text, is: "is neither true nor false")
    }

    /// A completed task has the moment at which it was; others have none.
    private mutating func finishState() {
        if let isCompleted {
            status = isCompleted ? .completed : status == .completed ? .pending : status
        }
        if status == nil, draft.completedAt != nil { status = .completed }
        draft.task.status = status ?? .pending
        draft.task.archived = archived ?? false
        if draft.task.status != .completed, draft.completedAt != nil {
            draft.completedAt = nil
            notes.append(.init("", "the time of completion is left out, since the status is \(draft.task.status.word)"))
        }
    }

    private mutating func readPriority(_ text: String) {
        if let priority = Words.ownPriorities[text] {
            draft.task.priority = priority
            return
        }
        let word = Words.folded(text)
        if let priority = rules.product?.priorities[word] ?? Words.priority(word) {
            draft.task.priority = priority
        } else {
            keep(text, or: "is none of \(TaskPriority.allCases.map(\.word).joined(separator: ", "))")
        }
    }

    // MARK: Dates

    private mutating func date(_ text: String) -> DateValue? {
        let column = rules.columns[index]
        let time = column.isUTC == true ? rules.utc : rules.time
        if let value = value(text, time) { return value }
        keep(text, or: refusal(text))
        return nil
    }

    private func value(_ text: String, _ time: LocalTime) -> DateValue? {
        let column = rules.columns[index]
        let value = DateValue(text, column.order, column.numbers, time)
        // Where clocks are ahead of UTC, the first day of the year 1 begins before it.
        if case .day(let day) = value, day.civil.year == 1, !rules.start(of: day).isWritable { return nil }
        return value
    }

    private func refusal(_ text: String) -> String {
        if PlainNumber(text) != nil { return "is a plain number; if it is a date, write it as 2026-11-20" }
        let other = rules.columns[index].order.map { ", or \($0.example) as the other rows of the column" } ?? ""
        return "is no date of the years 1 to 9999: write a day such as 2026-11-20\(other), or a time such as 2026-11-20T09:30:00Z"
    }

    private func time(_ value: DateValue) -> TimeText {
        switch value {
        case .day(let day): TimeText(start: rules.start(of: day), isDay: true)
        case .instant(let instant): TimeText(start: instant, isDay: false)
        }
    }

    private mutating func readDue(_ text: String) {
        let column = rules.columns[index]
        // A zone of the row's own is that of its times.
        let time = zone.flatMap(LocalTime.init(known:)) ?? rules.time
        guard let value = value(text, time) else { return keep(text, or: refusal(text)) }
        switch value {
        case .day(let day): draft.task.due = .on(day)
        case .instant(let instant):
            let day = time.day(of: instant)
            let isDay = isAllDay || column.midnightsAreDays == true && instant == time.start(of: day)
            draft.task.due = isDay ? .on(day) : .at(instant)
        }
    }

    // MARK: People

    private mutating func readPeople(_ text: String, _ meaning: Meaning) {
        for person in split(text, at: rules.product?.personMarks ?? [UInt8(ascii: ";")]) {
            if People.isForeignID(person) {
                note(
                    "\(person.cut(toBytes: 40)) is the number of an account, which another installation does not know: the task is assigned to nobody"
                )
            } else if person.utf8.count > People.longest {
                keep(person, or: "is longer than the name of a person can be, \(People.longest) bytes")
            } else {
                people.add(person, meaning)
            }
        }
    }

    private mutating func finishPeople() {
        draft.people = people.first
        if people.others.isEmpty { return }
        lines.append("Also assigned to: \(people.others.joined(separator: ", "))")
        notes.append(
            .init("", "only the first of \(people.others.count + 1) persons can be assigned; the others are named in the description"))
    }

    /// The parts without the blanks and brackets around them.
    private func split(_ text: String, at marks: [UInt8]) -> [String] {
        var text = text
        if marks.contains(UInt8(ascii: ",")), text.utf8.first == UInt8(ascii: "["), text.utf8.last == UInt8(ascii: "]") {
            text = String(text.dropFirst().dropLast())
        }
        if !text.utf8.contains(where: marks.contains) { return [text.trimmed].filter { !$0.isEmpty } }
        return text.utf8.split(whereSeparator: marks.contains).map { String(Substring($0)).trimmed }.filter { !$0.isEmpty }
    }

    // MARK: Labels

    private mutating func readLabels(_ text: String) {
        let product = rules.product
        let found: [String]
        if product?.labelMarks == [UInt8(ascii: ",")] || product == nil {
            guard let list = texts(ofCSVList: text) else { return fault("is not a list of labels separated by commas") }
            // Tables of people have semicolons where commas stand between numbers.
            found = product == nil && list.count == 1 && rules.isTable ? split(list[0], at: [UInt8(ascii: ";")]) : list
        } else {
            found = split(text, at: product?.labelMarks ?? [])
        }
        for label in found {
            var label = label
            if product?.name == .clickUp { label = label.trimmingBrackets }
            if product?.hasColouredLabels == true, label.hasSuffix(")"), let start = label.lastIndex(of: "("), start != label.startIndex {
                label = String(label[..<start]).trimmed
            }
            if label.isEmpty { continue }
            guard label.isTrimmed else { return fault("a label must not begin or end with white space") }
            guard hasLength(label, TaskItem.labelLength) else { return }
            labels.append(label)
        }
    }

    /// A label that was the name of something else there, and may be longer than a label.
    private mutating func addLabel(_ text: String) {
        var label = text.visible
        if label.unicodeScalars.count > TaskItem.labelLength.upperBound {
            label = String(label.unicodeScalars.prefix(TaskItem.labelLength.upperBound)).trimmed
            lines.append("\(name): \(text)")
            note("is too long for a label, so the whole text is kept in the description")
        }
        labels.append(label)
    }

    private mutating func finishLabels() {
        let distinct = TaskItem.distinct(labels)
        guard TaskItem.labelCount.contains(distinct.count) else {
            return fault("", "has more than \(TaskItem.labelCount.upperBound) labels")
        }
        draft.task.labels = distinct
    }
}

extension DateOrder {
    var example: String {
        switch self {
        case .dmy: "20/11/2026"
        case .mdy: "11/20/2026"
        case .ymd: "26/11/20"
        }
    }

    var words: String {
        switch self {
        case .dmy: "day/month/year"
        case .mdy: "month/day/year"
        case .ymd: "year/month/day"
        }
    }
}

extension String {
    fileprivate var trimmingBrackets: String {
        var text = self[...]
        if text.utf8.first == UInt8(ascii: "[") { text = text.dropFirst() }
        if text.utf8.last == UInt8(ascii: "]") { text = text.dropLast() }
        return String(text).trimmed
    }
}
