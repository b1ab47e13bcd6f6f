// How somebody wants the web interface to look, and how it reads what they write.

package enum Theme: String, CaseIterable, Sendable {
    /// As the browser says.
    case system
    case light, dark
}

/// A language of the web interface.
package enum Language: String, CaseIterable, Sendable {
    case en, de
}

/// The day with which a week begins.
package enum FirstWeekday: String, CaseIterable, Codable, Sendable {
    case monday, saturday, sunday

    package var daysAfterMonday: Int64 {
        switch self {
        case .monday: 0
        case .saturday: 5
        case .sunday: 6
        }
    }
}

/// How the hours of a day are counted: 1 to 12 twice, or 0 to 23.
package enum HourCycle: String, CaseIterable, Sendable {
    case h12, h23
}

/// What is `nil` is as the browser says.
package struct Preferences: Equatable, Sendable {
    package var theme = Theme.system
    package var locale: Language?
    package var firstWeekday: FirstWeekday?
    package var hourCycle: HourCycle?
    /// That of the account.
    package var dateOrder: DateOrder?
    /// Whether single letters are commands (WCAG 2.1.4: they can be switched off).
    package var singleKeys = true
    /// The hints that need not be shown again.
    package var hintsSeen: [String] = []

    package init(dateOrder: DateOrder? = nil) { self.dateOrder = dateOrder }

    package static let hintCount: ClosedRange<Int> = 0...20
    package static let hintLength: ClosedRange<Int> = 1...40

    /// Small letters, digits, underscores and hyphens.
    package static func isHint(_ text: String) -> Bool {
        hintLength.contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || "_-".utf8.contains($0) }
    }

    package static let hintPattern = "^[a-z0-9_-]{1,40}$"
}

/// A partial update: `nil` keeps a field, `.some(nil)` clears one.
package struct PreferencesChanges: Sendable {
    package var theme: Theme?
    package var locale: Language??
    package var firstWeekday: FirstWeekday??
    package var hourCycle: HourCycle??
    package var dateOrder: DateOrder??
    package var singleKeys: Bool?
    package var hintsSeen: [String]?

    package init(
        theme: Theme? = nil, locale: Language?? = nil, firstWeekday: FirstWeekday?? = nil, hourCycle: HourCycle?? = nil,
        dateOrder: DateOrder?? = nil, singleKeys: Bool? = nil, hintsSeen: [String]? = nil
    ) {
        self.theme = theme
        self.locale = locale
        self.firstWeekday = firstWeekday
        self.hourCycle = hourCycle
        self.dateOrder = dateOrder
        self.singleKeys = singleKeys
        self.hintsSeen = hintsSeen
    }
}

extension Preferences {
    package func applying(_ changes: PreferencesChanges) -> Preferences {
        var new = self
        if let theme = changes.theme { new.theme = theme }
        if let locale = changes.locale { new.locale = locale }
        if let firstWeekday = changes.firstWeekday { new.firstWeekday = firstWeekday }
        if let hourCycle = changes.hourCycle { new.hourCycle = hourCycle }
        if let dateOrder = changes.dateOrder { new.dateOrder = dateOrder }
        if let singleKeys = changes.singleKeys { new.singleKeys = singleKeys }
        if let hintsSeen = changes.hintsSeen {
            var seen: Set<String> = []
            new.hintsSeen = hintsSeen.filter { seen.insert($0).inserted }
        }
        return new
    }
}
