// What the tokens of a quick add with a sigil say.

struct QuickAddChips {
    /// The tokens without one: the words of the title, and perhaps a date.
    private(set) var words: [QuickAddLine.Token] = []
    private(set) var ranges: [QuickAdd.Range] = []
    private(set) var hints: [String] = []
    private(set) var labels: [String] = []
    private(set) var status: TaskStatus?
    private(set) var priority: TaskPriority?
    private(set) var assignee: QuickAdd.Mention?
    private var mentions = 0
    private var foldedLabels: Set<String> = []

    init(_ line: QuickAddLine, _ count: (QuickAdd.Mention) throws -> Int) rethrows {
        for token in line.tokens {
            if !token.isLiteral, let kind = try take(token.text, count) {
                ranges.append(line.range(token.start..<token.end, kind))
            } else {
                words.append(token)
            }
        }
    }

    private mutating func take(_ text: String, _ count: (QuickAdd.Mention) throws -> Int) rethrows -> QuickAdd.Kind? {
        // By scalars: a letter may carry marks, and so may a sigil.
        let name = String(text.unicodeScalars.dropFirst())
        switch text.unicodeScalars.first {
        case "#": return takeLabel(name)
        case "@": return try takeAssignee(name, count)
        case "!":
            guard let new = Self.priorities[asciiLowered(name)] else { return nil }
            guard priority == nil else { return leave("a task has one priority") }
            priority = new
            return .priority
        case "/":
            guard let new = Self.statuses[asciiLowered(name)] else { return nil }
            guard status == nil else { return leave("a task has one status") }
            status = new
            return .status
        default: return nil
        }
    }

    private mutating func leave(_ hint: String) -> QuickAdd.Kind? {
        hints.append(hint)
        return nil
    }

    private mutating func takeLabel(_ name: String) -> QuickAdd.Kind? {
        let quoted = Self.quotedName(name)
        let label = quoted ?? name
        guard quoted != nil ? !label.isEmpty : Self.isLabel(label) else { return nil }
        let most = TaskItem.labelLength.upperBound
        // A character has four bytes at most: longer texts are not counted.
        guard label.utf8.count <= 4 * most, label.unicodeScalars.count <= most else {
            return leave("a label has at most \(most) characters")
        }
        if !foldedLabels.contains(caseFolded(label)) {
            let most = TaskItem.labelCount.upperBound
            guard labels.count < most else { return leave("a task has at most \(most) labels") }
            foldedLabels.insert(caseFolded(label))
            labels.append(label)
        }
        return .label
    }

    /// Begins with a letter, so that `#42` is text, and has no sign that ends a name.
    private static func isLabel(_ name: String) -> Bool {
        guard let first = name.unicodeScalars.first, let last = name.unicodeScalars.last, last != ".", last != ":" else { return false }
        switch first.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            return !name.utf8.contains(where: endsName.contains)
        default: return false
        }
    }

    private static let endsName = Set("\",;!?()[]{}<>#@\\".utf8)

    private mutating func takeAssignee(_ text: String, _ count: (QuickAdd.Mention) throws -> Int) rethrows -> QuickAdd.Kind? {
        let quoted = Self.quotedName(text)
        let name = quoted ?? text
        let mention: QuickAdd.Mention
        if quoted != nil {
            let most = User.nameLength.upperBound
            guard !name.isEmpty, name.utf8.count <= 4 * most, name.unicodeScalars.count <= most else { return nil }
            mention = .fullName(name)
        } else if asciiLowered(name) == "me" {
            mention = .me
        } else {
            guard User.isUsername(name) else { return nil }
            mention = .username(name)
        }
        mentions += 1
        guard mentions <= QuickAdd.mentionLimit else { return nil }
        let number = mention == .me ? 1 : try count(mention)
        guard number == 1 else { return leave(number == 0 ? "nobody is called \(name)" : "several people are called \(name)") }
        guard assignee == nil else { return leave("a task has one assignee") }
        assignee = mention
        return .assignee
    }

    private static func quotedName(_ text: String) -> String? {
        let units = Array(text.utf16)
        guard units.count > 2, units.first == 0x22, units.last == 0x22 else { return nil }
        let inner = units.dropFirst().dropLast()
        guard let first = inner.firstIndex(where: { !QuickAddLine.isGap($0) }),
            let last = inner.lastIndex(where: { !QuickAddLine.isGap($0) })
        else { return "" }
        return String(decoding: inner[first...last], as: UTF16.self)
    }

    private static let priorities: [String: TaskPriority] = [
        "low": .low, "medium": .medium, "high": .high, "critical": .critical, "4": .low, "3": .medium, "2": .high, "1": .critical,
    ]
    private static let statuses: [String: TaskStatus] = [
        "todo": .pending, "pending": .pending, "doing": .inProgress, "in_progress": .inProgress, "done": .completed,
        "completed": .completed,
    ]
}

/// Letters of ASCII alone: no other letter is made to look like a word of the grammar.
func asciiLowered(_ text: String) -> String {
    String(decoding: text.utf8.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
}
