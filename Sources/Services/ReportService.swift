// Reports: asked for by somebody, and fetched by who may read them.
import BackgroundWork
package import ChangeLedger
package import Model
import Repositories

package struct ReportService: Sendable {
    package init() {}

    /// Queues a report.
    package func request(_ request: ReportRequest, by actor: Actor) -> Change<Job> {
        Change(by: .user(actor)) { entry in
            if request.scope == .all, !actor.isAdmin { throw Failure.forbidden(.adminOnly) }
            let zone = try request.timeZone ?? Users(entry.tx).get(actor.userID).timeZone
            let range = request.range ?? ReportRange(upTo: LocalTime(zone).day(of: entry.now))
            guard
                let id = try ReportJob.queue(
                    request.format, range, timeZone: zone, ofEverybody: request.scope == .all, for: actor.userID, entry),
                let job = try Jobs(entry.tx).find(id)
            else { throw Failure.unavailable(retryAfter: 1) }
            try entry.record(.reportRequested, .job(id))
            return job
        }
    }

    /// What came of a report over everybody's tasks is for who is an admin when it is fetched, with a token that may do that.
    /// - Throws: `Failure.forbidden`.
    static func requireReader(of job: Job, _ actor: Actor) throws {
        guard job.kind == .makeReport, !actor.isAdmin else { return }
        if try ReportJob.isOfEverybody(job) { throw Failure.forbidden(actor.role == .admin ? .scope : .adminOnly) }
    }
}
