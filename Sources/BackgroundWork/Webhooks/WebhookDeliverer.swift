// Sends the changes of the feed to a subscription, one after the other in the order of the commits: the next one goes when the one
// before has arrived.
package import ChangeLedger
package import Credentials
import Foundation
package import Logging
import Metrics
package import Model
package import Outbound
import Payloads
import Repositories
import StoreCore

package struct WebhookDeliverer: Sendable {
    private let post: WebhookPost
    private let secrets: WebhookSecrets
    private let logger: Logger

    package init(post: WebhookPost, secrets: WebhookSecrets, logger: Logger) {
        self.post = post
        self.secrets = secrets
        self.logger = logger
    }

    private struct Subscription: Codable { let webhook: Int64 }
    private struct Replay: Codable {
        let webhook: Int64
        let delivery: Int64
    }

    /// The one job that sends what waits for a subscription.
    package static func job(_ id: ID<Webhook>, of owner: ID<User>?, runAt: Instant? = nil) throws -> NewJob {
        try NewJob(.deliverWebhook, about: Subscription(webhook: id.value), uniqueKey: uniqueKey(id), runAt: runAt, share: owner)
    }

    /// Queues the deliveries of what was sealed.
    /// - Parameter audience: whom the sealed events concern that the feed shows.
    static func queue(for audience: Set<ID<User>>, _ tx: Tx, at now: Instant) throws {
        for (id, owner) in try Webhooks(tx).active(for: audience) { try Jobs(tx).insert(job(id, of: owner), at: now) }
    }

    package static func uniqueKey(_ id: ID<Webhook>) -> String { "webhook \(id)" }

    /// - Returns: the job, or the one that has not ended yet.
    package static func queueReplay(
        of delivery: ID<WebhookDelivery>, of id: ID<Webhook>, for user: ID<User>, _ entry: Entry
    ) throws -> Job {
        let payload = Replay(webhook: id.value, delivery: delivery.value)
        return try queue(NewJob(.replayWebhook, owner: user, about: payload, uniqueKey: "replay \(delivery)"), entry)
    }

    /// - Returns: the job, or the one that has not ended yet.
    package static func queueTest(of id: ID<Webhook>, for user: ID<User>, _ entry: Entry) throws -> Job {
        try queue(NewJob(.testWebhook, owner: user, about: Subscription(webhook: id.value), uniqueKey: "test \(id)"), entry)
    }

    private static func queue(_ job: NewJob, _ entry: Entry) throws -> Job {
        try entry.enqueue(job)
        guard let key = job.uniqueKey, let job = try Jobs(entry.tx).unfinished(key) else { throw Failure.unavailable(retryAfter: 1) }
        return job
    }

    /// Messages of one run, and how long it sends: then others have their turn.
    private static let turn = (messages: 100, time: Duration.seconds(10))

    private struct Message: Sendable {
        let webhook: Webhook
        /// `nil` when nothing of what was read is wanted.
        let change: FeedChange?
        /// The place behind what was read and is not wanted.
        let position: Int64
        let body: String
    }

    package func deliver(_ run: JobRun) async throws -> JobCompletion {
        let id = ID<Webhook>(try run.payload(as: Subscription.self).webhook)
        let end = ContinuousClock.now + Self.turn.time
        var next = try await run.step { entry in (try message(of: id, entry), JobProgress()) }
        for done in 1...Int64(Self.turn.messages) where ContinuousClock.now < end {
            guard let message = next else {
                return JobCompletion { entry in
                    // What was sealed meanwhile met this job, and queued no other.
                    if try Self.isWaiting(id, entry.tx) { throw MoreToDo() }
                    try Self.trim(id, entry)
                }
            }
            var attempt: WebhookAttempt?
            if let change = message.change {
                let messageID = WebhookDelivery.messageID(id, change.cursor)
                let made = await self.attempt(message.body, messageID, message.webhook, run)
                guard made.hasSucceeded else { return try failure(made, message) }
                attempt = made
            }
            // The news of one message and the keeping of the next share a transaction.
            next = try await run.step { [attempt] entry in
                let webhooks = Webhooks(entry.tx)
                if let attempt {
                    try webhooks.note(attempt, .delivered, id, at: message.position, now: entry.now)
                    entry.afterCommit { Outcome.delivered.count() }
                }
                try webhooks.advance(id, to: message.position, failures: attempt == nil ? message.webhook.failures : 0)
                return (try self.message(of: id, entry), JobProgress(done: done))
            }
        }
        let rest = try Self.job(id, of: run.job.share)
        return JobCompletion { entry in
            try entry.enqueue(rest)
            try Self.trim(id, entry)
        }
    }

    /// More than a run adds, so that the log does not grow for ever.
    private static func trim(_ id: ID<Webhook>, _ entry: Entry) throws {
        try Webhooks(entry.tx).trimDeliveries(of: id, limit: Int64(2 * turn.messages))
    }

    /// The message that comes next. It is kept before it is sent: however often it is sent, and whatever becomes of the task meanwhile, its
    /// id stands for the same bytes.
    /// - Returns: `nil` when nothing waits, or nobody is there any more for whom it would.
    private func message(of id: ID<Webhook>, _ entry: Entry) throws -> Message? {
        let tx = entry.tx
        guard let webhook = try Webhooks(tx).find(id), webhook.isActive, let reader = try Self.reader(of: webhook, tx) else { return nil }
        // Without a filter the next one is the one.
        let limit: Int64 = webhook.kinds.isEmpty ? 1 : 50
        let entries = try Feed(tx).list(of: webhook.scope == .all ? nil : webhook.ownerID, after: webhook.position, limit: limit)
        guard let last = entries.last else { return nil }
        let tasks = try Tasks(tx).find(Set(entries.map(\.taskID)))
        for item in entries {
            let change = FeedChange(
                item.action, item.taskID, at: item.cursor, time: item.at, by: item.actorID, task: tasks[item.taskID], for: reader)
            guard webhook.wants(change) else { continue }
            let position = item.cursor.position
            if let kept = try Webhooks(tx).request(id, at: position) {
                return Message(webhook: webhook, change: change, position: position, body: kept)
            }
            // What took the task away has a message of its own: this one would say that it is there, and have nothing to show.
            guard change.isCurrent else { continue }
            let body = WebhookMessage.text(of: change)
            try Webhooks(tx).keep(body, id, change.cursor, change.happened, at: entry.now)
            return Message(webhook: webhook, change: change, position: position, body: body)
        }
        return Message(webhook: webhook, change: nil, position: last.cursor.position, body: "")
    }

    /// The owner as he is now; `nil` when he has lost what the subscription shows.
    private static func reader(of webhook: Webhook, _ tx: Tx) throws -> Actor? {
        guard let user = try Users(tx).find(webhook.ownerID), user.isActive, webhook.scope == .mine || user.role == .admin else {
            return nil
        }
        // No credential stands behind it: it is never asked for one, and never leaves this read.
        return Actor(userID: user.id, role: user.role, credential: .session(ID(0)), origin: Origin(requestID: "webhook-\(webhook.id)"))
    }

    private static func isWaiting(_ id: ID<Webhook>, _ tx: Tx) throws -> Bool {
        guard let webhook = try Webhooks(tx).find(id), webhook.isActive, try reader(of: webhook, tx) != nil else { return false }
        return try !Feed(tx).list(of: webhook.scope == .all ? nil : webhook.ownerID, after: webhook.position, limit: 1).isEmpty
    }

    private func attempt(_ body: String, _ id: String, _ webhook: Webhook, _ run: JobRun) async -> WebhookAttempt {
        let now = run.clock.now()
        guard let signature = secrets.signature(of: body, id: id, at: now, for: webhook) else {
            return WebhookAttempt(error: "The secret was encrypted with a signing key that no longer exists: rotate the secret.")
        }
        guard let url = WebhookURL(webhook.url) else { return WebhookAttempt(error: "The URL cannot be used.") }
        do {
            let answer = try await post.send(
                Array(body.utf8), ["webhook-id": id, "webhook-timestamp": "\(now.seconds)", "webhook-signature": signature], to: url)
            return WebhookAttempt(
                status: Int64(answer.status), answer: answer.body.replacing("\0", with: "\u{fffd}"),
                milliseconds: answer.duration.wholeMicroseconds / 1000)
        } catch let error as TransferError {
            return WebhookAttempt(error: error.reason)
        } catch {
            return WebhookAttempt(error: "The message could not be sent.")
        }
    }

    /// Notes the attempt, and either when to try again or that it is over.
    private func failure(_ attempt: WebhookAttempt, _ message: Message) throws -> JobCompletion {
        let id = message.webhook.id
        return JobCompletion { entry in
            guard var webhook = try Webhooks(entry.tx).lock(id) else { return }
            webhook.failures += 1
            let wait = attempt.isUnwanted ? nil : Webhook.wait(afterFailure: webhook.failures)
            try Webhooks(entry.tx).note(attempt, wait == nil ? .failed : .pending, id, at: message.position, now: entry.now)
            try Self.trim(id, entry)
            guard webhook.isActive else { return }
            let next = wait.map { entry.now + $0 }
            entry.afterCommit { [webhook] in report(attempt, message, failures: webhook.failures, next: next) }
            if let next {
                try Webhooks(entry.tx).advance(id, to: webhook.position, failures: webhook.failures)
                try entry.enqueue(try Self.job(id, of: webhook.ownerID, runAt: next))
            } else {
                webhook.isActive = false
                webhook.disabledReason =
                    attempt.isUnwanted ? "The receiver answered 410 (Gone)." : "A message failed for a day. \(attempt.words)"
                try Webhooks(entry.tx).update(webhook, at: entry.now)
                try entry.record(.webhookDisabled, .webhook(id))
            }
        }
    }

    private enum Outcome: String {
        case delivered, failed
        /// It failed, and nothing more is sent.
        case stopped

        func count() { Counter(label: "taskflow_webhook_attempts_total", dimensions: [("outcome", rawValue)]).increment() }
    }

    /// Without the URL, which may hold a secret of its receiver.
    private func report(_ attempt: WebhookAttempt, _ message: Message, failures: Int64, next: Instant?) {
        let outcome: Outcome = next == nil ? .stopped : .failed
        outcome.count()
        var metadata: Logger.Metadata = [
            "webhook": "\(message.webhook.id)", "owner": "\(message.webhook.ownerID)", "attempt": "\(failures)", "outcome": "\(outcome)",
            "cause": "\(attempt.words)",
        ]
        if let next { metadata["next_attempt_at"] = "\(next)" }
        logger.warning("webhook message not delivered", metadata: metadata)
    }

    package func test(_ run: JobRun) async throws -> JobCompletion {
        let id = ID<Webhook>(try run.payload(as: Subscription.self).webhook)
        let found = try await run.store.read { tx in
            try Webhooks(tx).find(id).flatMap { webhook in try Self.reader(of: webhook, tx).map { _ in webhook } }
        }
        guard let webhook = found else { throw JobFailure("The webhook was deleted, or its owner may no longer see its data.") }
        let messageID = WebhookDelivery.messageID(id, testBy: run.job.id)
        let attempt = await attempt(WebhookMessage.test(of: id, at: run.clock.now()), messageID, webhook, run)
        return JobCompletion(result: try attempt.result)
    }

    package func replay(_ run: JobRun) async throws -> JobCompletion {
        let about = try run.payload(as: Replay.self)
        let found = try await run.store.read { tx -> (Webhook, WebhookDelivery)? in
            guard let webhook = try Webhooks(tx).find(ID(about.webhook)), try Self.reader(of: webhook, tx) != nil,
                let delivery = try Webhooks(tx).delivery(ID(about.delivery), of: webhook.id)
            else { return nil }
            return (webhook, delivery)
        }
        guard let (webhook, delivery) = found else {
            throw JobFailure("The webhook or the delivery was deleted, or its owner may no longer see its data.")
        }
        let attempt = await attempt(delivery.request, delivery.messageID, webhook, run)
        return JobCompletion(result: try attempt.result) { entry in
            // It may have been delivered meanwhile.
            try Webhooks(entry.tx).note(
                attempt, attempt.hasSucceeded ? .delivered : nil, webhook.id, at: delivery.cursor.position, now: entry.now)
        }
    }
}

extension WebhookAttempt {
    private struct Result: Encodable {
        let attempt: WebhookAttempt

        private enum Key: String, CodingKey { case status, error, milliseconds = "duration_ms" }

        /// `null` is told, not left out.
        func encode(to encoder: any Encoder) throws {
            var fields = encoder.container(keyedBy: Key.self)
            try fields.encode(attempt.status, forKey: .status)
            try fields.encode(attempt.error, forKey: .error)
            try fields.encode(attempt.milliseconds, forKey: .milliseconds)
        }
    }

    /// What came of it, for the job that somebody has asked for.
    fileprivate var result: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            return String(decoding: try encoder.encode(Result(attempt: self)), as: UTF8.self)
        }
    }
}
