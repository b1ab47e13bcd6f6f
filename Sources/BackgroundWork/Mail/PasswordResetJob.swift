// The job that mails a link to a new password to whoever asked for one.
package import ChangeLedger
package import Model
import Repositories

package struct PasswordResetJob: Sendable {
    private struct Payload: Codable { let user: Int64 }

    package init() {}

    /// - Parameter user: `nil` when nobody has the address; the job is queued all the same, so that nobody can tell.
    package static func queue(for user: ID<User>?, _ entry: Entry) throws {
        try entry.enqueue(NewJob(.requestReset, about: Payload(user: user?.value ?? 0)))
    }

    package func run(_ run: JobRun) throws -> JobCompletion {
        let user = ID<User>(try run.payload(as: Payload.self).user)
        return JobCompletion { entry in
            // Locked, so that many at once are counted one after the other.
            guard let user = try Users(entry.tx).lock(user), user.isActive else { return }
            try entry.outbox.put(NewMail(.passwordReset, to: user.id, key: "password reset by job \(run.job.id)"))
        }
    }
}
