// What happens at fixed times.

package enum Schedule: String, CaseIterable, Sendable {
    case dailyLog = "daily-log"
    case overdueScan = "overdue-scan"
    case trashPurge = "trash-purge"
    case cleanUp = "clean-up"
    case dueSoon = "due-soon"
    case weeklyDigest = "weekly-digest"

    package var jobKind: JobKind {
        switch self {
        case .dailyLog: .writeTaskLog
        case .overdueScan: .announceOverdue
        case .trashPurge: .emptyTrash
        case .cleanUp: .cleanUp
        case .dueSoon: .announceDue
        case .weeklyDigest: .writeDigests
        }
    }

    /// From one slot to the next. Slots are counted from 1970 in UTC, so that no time zone moves or repeats one; a day's first one is at
    /// 00:00 UTC.
    package var interval: Duration {
        switch self {
        // At midnight the day begins; the other slots add what came or came back later that day.
        // Somewhere it is eight in the morning: mails come when people get up.
        case .dailyLog, .overdueScan, .cleanUp, .dueSoon, .weeklyDigest: .seconds(3600)
        case .trashPurge: .seconds(86_400)
        }
    }

    /// Whether the slot in which a new installation starts is used.
    package var runsAtOnce: Bool { self == .dailyLog }

    /// When the slot began that `instant` lies in.
    package func slot(of instant: Instant) -> Instant {
        let length = interval.wholeMicroseconds
        return Instant(microseconds: instant.microseconds.flooredDivision(by: length) * length)
    }
}
