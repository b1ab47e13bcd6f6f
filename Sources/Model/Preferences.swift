// How somebody wants the web interface to look and to read what is written.

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
