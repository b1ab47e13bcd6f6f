// Reads a line of quick add: the title of a task and what its words say of it.
// WebApp/app/quickAdd/grammar.js reads the same grammar; Tests/Examples/quick-add.json holds the examples of both.

/// What was understood of a text such as `Pay rent friday !high #home`. The cost grows with its length alone.
package struct QuickAdd: Equatable, Sendable {
    /// What words mean to the one who writes them.
    package struct Settings: Sendable {
        package var now: Instant
        /// An IANA name.
        package var timeZone: String
        /// How `1/2` is meant; without it only dates are read that can be one day.
        package var dateOrder: DateOrder?
        package var firstWeekday: FirstWeekday

        package init(now: Instant, timeZone: String, dateOrder: DateOrder?, firstWeekday: FirstWeekday) {
            self.now = now
            self.timeZone = timeZone
            self.dateOrder = dateOrder
            self.firstWeekday = firstWeekday
        }
    }

    /// Whom a text names.
    package enum Mention: Hashable, Sendable {
        case me
        case username(String)
        case fullName(String)
    }

    package enum Kind: String, CaseIterable, Sendable {
        case due, label, assignee, priority, status, description, quoted
    }

    /// A part of the text that was understood. Offsets count UTF-16 units, as texts do in browsers.
    package struct Range: Equatable, Sendable {
        package var start: Int
        package var end: Int
        package var kind: Kind
        package var text: String
    }

    /// A date in the middle of the title, which is taken only when somebody says so.
    package struct Offer: Equatable, Sendable {
        package var start: Int
        package var end: Int
        package var due: Due
    }

    /// Empty when nothing but chips was written.
    package var title: String
    package var description: String?
    package var status: TaskStatus?
    package var priority: TaskPriority?
    package var labels: [String]
    package var assignee: Mention?
    package var due: Due?
    package var hints: [String]
    package var ranges: [Range]
    package var offered: Offer?

    /// So many names of a text are looked for; what comes after them is text.
    package static let mentionLimit = 10

    /// - Parameter count: how many active people have that name. It is asked `mentionLimit` times at most.
    package init(_ text: String, _ settings: Settings, count: (Mention) throws -> Int) rethrows {
        let line = QuickAddLine(text)
        let chips = try QuickAddChips(line, count)
        let search = QuickAddDates(chips.words.map { $0.isLiteral ? "" : $0.text }, QuickAddClock(settings))
        let found = search.result()

        let taken = found.due?.words ?? 0..<0
        var title = ""
        for (index, word) in chips.words.enumerated() where !taken.contains(index) {
            if !title.isEmpty { title += line.gap(before: word) }
            title += word.text
        }
        self.title = line.quotedTitle ?? title
        description = line.description
        (status, priority, labels, assignee) = (chips.status, chips.priority, chips.labels, chips.assignee)
        due = found.due?.value
        let missing = self.title.isEmpty ? ["the title is missing"] : []
        var seen: Set<String> = []
        hints = (chips.hints + found.hints + missing).filter { seen.insert($0).inserted }
        let dates = line.ranges(of: .due, Set(chips.words[taken].map(\.start)))
        ranges = (line.ranges + chips.ranges + dates).sorted { $0.start < $1.start }
        offered = found.offered.flatMap { reading in
            reading.value.map {
                Offer(start: chips.words[reading.words.lowerBound].start, end: chips.words[reading.words.upperBound - 1].end, due: $0)
            }
        }
    }
}
