// Reads every example of quick add with the grammar of the server, and bounds its cost.
import Foundation
import Model
import Testing

@Suite struct QuickAddTests {
    @Test func everyExample() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Examples/quick-add.json").standardized
        let examples = try JSONDecoder().decode(Examples.self, from: Data(contentsOf: file))
        #expect(examples.groups.map(\.examples.count).reduce(0, +) > 300)
        for group in examples.groups {
            let settings = examples.settings.replaced(by: group.settings)
            for example in group.examples {
                let got = Example(try settings.read(example.input), example.input, me: settings.me)
                var expected = example
                // An example shows the chips where they matter.
                if example.chips == nil { expected.chips = got.chips }
                #expect(got == expected, "\(group.about): \(example.input)")
            }
        }
    }

    @Test func rangesAreSlicesOfTheText() {
        let text = "🎉 Party \"🥛 a\" tomorrow #fun 5pm @grace !1 /done // cake\nand tea"
        let units = Array(text.utf16)
        let ranges = read(text).ranges
        #expect(ranges.map(\.kind) == [.quoted, .due, .label, .due, .assignee, .priority, .status, .description])
        for range in ranges { #expect(range.text == String(decoding: units[range.start..<range.end], as: UTF16.self)) }
    }

    @Test func namesAreLookedForTenTimesAtMost() {
        var asked = 0
        let text = (0..<50).map { "@user\($0)" }.joined(separator: " ")
        let reading = QuickAdd(text, settings) { _ in
            asked += 1
            return 0
        }
        #expect(asked == QuickAdd.mentionLimit)
        #expect(reading.title == text)
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["#\"a ", "\" ", "@x ", "monday to ", "\\a ", "// ", "#a", "25 dec ", "\u{301}", "@\"a\" "])
    func longLineIsRead(piece: String) {
        let text = String(repeating: piece, count: 60_000 / piece.utf16.count)
        #expect(read(text).ranges.allSatisfy { $0.end <= text.utf16.count })
    }

    private let settings = QuickAdd.Settings(
        now: .seconds(1_795_770_000), timeZone: "Europe/Berlin", dateOrder: .dmy, firstWeekday: .monday)

    private func read(_ text: String) -> QuickAdd { QuickAdd(text, settings) { _ in 1 } }
}

private struct Examples: Decodable {
    var settings: Settings
    var groups: [Group]

    struct Group: Decodable {
        var about: String
        var settings: Changes?
        var examples: [Example]
    }

    struct Settings: Decodable {
        var now: String
        var time_zone: String
        var date_order: DateOrder?
        var first_weekday: FirstWeekday
        var me: String
        var people: [String: Int]

        func replaced(by changes: Changes?) -> Settings {
            var settings = self
            guard let changes else { return settings }
            if let now = changes.now { settings.now = now }
            if let zone = changes.time_zone { settings.time_zone = zone }
            if let order = changes.date_order { settings.date_order = order }
            if let weekday = changes.first_weekday { settings.first_weekday = weekday }
            return settings
        }

        func read(_ text: String) throws -> QuickAdd {
            let now = try #require(Instant(now))
            return QuickAdd(text, .init(now: now, timeZone: time_zone, dateOrder: date_order, firstWeekday: first_weekday)) { mention in
                switch mention {
                case .me: 1
                case .username(let name), .fullName(let name): people[name] ?? 0
                }
            }
        }
    }

    /// What is null in a group is unset, what is missing stays.
    struct Changes: Decodable {
        var now: String?
        var time_zone: String?
        var date_order: DateOrder??
        var first_weekday: FirstWeekday?

        enum CodingKeys: CodingKey { case now, time_zone, date_order, first_weekday }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            now = try values.decodeIfPresent(String.self, forKey: .now)
            time_zone = try values.decodeIfPresent(String.self, forKey: .time_zone)
            date_order = values.contains(.date_order) ? .some(try values.decodeIfPresent(DateOrder.self, forKey: .date_order)) : nil
            first_weekday = try values.decodeIfPresent(FirstWeekday.self, forKey: .first_weekday)
        }
    }
}

private struct Example: Decodable, Equatable {
    struct Offered: Decodable, Equatable {
        var start: Int
        var end: Int
        var due_on: String?
        var due_at: Instant?

        enum CodingKeys: CodingKey { case start, end, due_on, due_at }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            start = try values.decode(Int.self, forKey: .start)
            end = try values.decode(Int.self, forKey: .end)
            due_on = try values.decodeIfPresent(String.self, forKey: .due_on)
            due_at = try values.decodeIfPresent(String.self, forKey: .due_at).flatMap(Instant.init)
        }

        init(_ offer: QuickAdd.Offer) {
            (start, end) = (offer.start, offer.end)
            (due_on, due_at) = (offer.due.day.map(String.init), offer.due.instant)
        }
    }

    struct Chip: Decodable, Equatable {
        var kind: String
        var start: Int
        var end: Int

        init(from decoder: any Decoder) throws {
            var values = try decoder.unkeyedContainer()
            kind = try values.decode(String.self)
            start = try values.decode(Int.self)
            end = try values.decode(Int.self)
        }

        init(_ range: QuickAdd.Range) { (kind, start, end) = (range.kind.rawValue, range.start, range.end) }
    }

    var input: String
    var title: String
    var description: String?
    var status: String?
    var priority: String?
    var labels: [String]
    var assignee: String?
    var due_on: String?
    var due_at: Instant?
    var hints: [String]
    var chips: [Chip]?
    var offered: Offered?

    enum CodingKeys: CodingKey { case input, title, description, status, priority, labels, assignee, due_on, due_at, hints, chips, offered }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func text(_ key: CodingKeys) throws -> String? { try values.decodeIfPresent(String.self, forKey: key) }
        input = try values.decode(String.self, forKey: .input)
        title = try values.decode(String.self, forKey: .title)
        (description, status, priority) = (try text(.description), try text(.status), try text(.priority))
        (assignee, due_on, due_at) = (try text(.assignee), try text(.due_on), try text(.due_at).flatMap(Instant.init))
        labels = try values.decodeIfPresent([String].self, forKey: .labels) ?? []
        hints = try values.decodeIfPresent([String].self, forKey: .hints) ?? []
        chips = try values.decodeIfPresent([Chip].self, forKey: .chips)
        offered = try values.decodeIfPresent(Offered.self, forKey: .offered)
    }

    init(_ reading: QuickAdd, _ input: String, me: String) {
        self.input = input
        title = reading.title
        description = reading.description
        status = reading.status?.word
        priority = reading.priority?.word
        labels = reading.labels
        assignee =
            switch reading.assignee {
            case nil: nil
            case .me: me
            case .username(let name), .fullName(let name): name
            }
        due_on = reading.due?.day.map(String.init)
        due_at = reading.due?.instant
        hints = reading.hints
        chips = reading.ranges.map(Chip.init)
        offered = reading.offered.map(Offered.init)
    }
}
