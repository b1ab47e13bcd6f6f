// Reminds people, when it is morning where they live: what is due tomorrow, and on Mondays what the week has.
import ChangeLedger
import Model
import Repositories
import StoreCore

package struct Notifier: Sendable {
    /// Nobody is told before.
    private static let morning = 8
    /// What one transaction does at most: others wait for no longer than that.
    private static let portion: Int64 = 200

    package init() {}

    /// Tells everybody once of each task of theirs that is due on their tomorrow.
    package func announceDue(_ run: JobRun) async throws -> JobCompletion {
        try await forEachZone(run) { zone, time, entry in
            let tomorrow = time.day(of: time.day(1, after: entry.now))
            let found = try Reminders(entry.tx).due(on: tomorrow, zone: zone, limit: Self.portion)
            let byUser = Dictionary(grouping: found, by: \.user).sorted { $0.key < $1.key }
            return try byUser.reduce(into: 0) { count, group in
                let (user, due) = group
                let key = "due tomorrow \(due[0].task) \(due[0].due.key) to \(user)"
                let mail = NewMail(.dueTomorrow, to: user, key: key, tasks: due.map { ($0.task, $0.due) })
                if try entry.outbox.put(mail) { count += 1 }
            }
        }
    }

    /// Sends everybody who has open tasks one digest a week.
    package func writeDigests(_ run: JobRun) async throws -> JobCompletion {
        try await forEachZone(run) { zone, time, entry in
            guard time.weekday(entry.now) == 0 else { return 0 }
            let users = try Reminders(entry.tx).withoutDigest(since: time.day(0, after: entry.now), zone: zone, limit: Self.portion)
            return try users.reduce(into: 0) { count, user in
                if try entry.outbox.put(NewMail(.weeklyDigest, to: user, key: "digest \(time.week(entry.now)) to \(user)")) { count += 1 }
            }
        }
    }

    /// - Parameter portion: queues some mails and says how many; 0 when nothing is left.
    private func forEachZone(
        _ run: JobRun, _ portion: @escaping @Sendable (String, LocalTime, Entry) throws -> Int64
    ) async throws -> JobCompletion {
        var done: Int64 = 0
        for zone in try await run.store.read({ try Reminders($0).timeZones() }) {
            let time = LocalTime(zone)
            guard time.hour(run.clock.now()) >= Self.morning else { continue }
            while true {
                let before = done
                let count = try await run.step { entry in
                    let count = try portion(zone, time, entry)
                    return (count, JobProgress(done: before + count, message: "\(before + count) mails queued"))
                }
                if count == 0 { break }
                done += count
            }
        }
        return JobCompletion(result: #"{"done":\#(done)}"#)
    }
}

extension Due {
    /// Tells one due date from another in the key of a mail.
    fileprivate var key: String {
        switch self {
        case .at(let instant): "\(instant.microseconds)"
        case .on(let day): "\(day)"
        }
    }
}
