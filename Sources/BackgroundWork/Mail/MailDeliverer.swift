// Sends queued mails, each at most once: it is marked before it goes to the server, and who finds the mark of somebody that is gone lets
// it be.
import ChangeLedger
import Metrics
import Model
package import Outbound
import Repositories
import StoreCore

package struct MailDeliverer: Sendable {
    private let post: MailPost
    private let composer: MailComposer
    private let from: MailAddress
    private let templates: MailTemplates

    package init(post: MailPost, composer: MailComposer, from: MailAddress) throws {
        self.post = post
        self.composer = composer
        self.from = from
        templates = try MailTemplates()
    }

    private enum Beginning: Sendable {
        case send(to: String, MailContents, Mail)
        case over(Mail.State)
    }

    package func deliver(_ run: JobRun) async throws -> JobCompletion {
        let id = ID<Mail>(try run.payload(as: Outbox.Order.self).mail)
        switch try await begin(id, run) {
        case .over(.uncertain):
            throw JobFailure(
                "A worker died while it sent the mail. The mail may have arrived, so it is not sent again.")
        case .over(let state): return Self.completion(state)
        case .send(let address, let contents, let mail):
            guard let message = message(contents, to: address, mail, at: run.clock.now()) else {
                return try await settle(.refused("The address cannot be used.", isFinal: true), id, run)
            }
            return try await settle(await post.send(message), id, run)
        }
    }

    /// Marks the mail as being sent. From here on nobody else sends it, whatever becomes of this worker.
    private func begin(_ id: ID<Mail>, _ run: JobRun) async throws -> Beginning {
        try await run.step { [composer] entry in
            let mails = Mails(entry.tx)
            guard let mail = try mails.lock(id) else { return (.over(.suppressed), JobProgress()) }
            switch mail.state {
            case .sending:
                try mails.move(id, from: [.sending], to: .uncertain, error: "The worker died.", at: entry.now)
                return (.over(.uncertain), JobProgress())
            case .sent, .uncertain, .suppressed: return (.over(mail.state), JobProgress())
            // What the server has refused, an admin may send once more.
            case .queued, .failed: break
            }
            guard let (address, contents) = try composer.compose(mail, entry) else {
                try mails.move(id, from: [mail.state], to: .suppressed, error: nil, at: entry.now)
                return (.over(.suppressed), JobProgress())
            }
            try mails.move(id, from: [mail.state], to: .sending, error: nil, at: entry.now)
            return (.send(to: address, contents, mail), JobProgress(done: 0, total: 1))
        }
    }

    private func message(_ contents: MailContents, to address: String, _ mail: Mail, at now: Instant) -> MailMessage? {
        guard let to = MailAddress(address) else { return nil }
        let (text, html) = templates.render(contents)
        let name = "mail-\(mail.id)-\(String(mail.createdAt.microseconds, radix: 36))"
        return MailMessage(
            from: from, to: to, subject: contents.subject, text: text, html: html, name: name, date: now,
            unsubscribeURL: contents.unsubscribe?.post)
    }

    /// Notes what is known, also when the job was cancelled or lost meanwhile: what was sent was sent.
    private func settle(_ outcome: MailOutcome, _ id: ID<Mail>, _ run: JobRun) async throws -> JobCompletion {
        let isLast = run.job.attempts >= run.job.kind.policy.attempts
        let (state, error): (Mail.State, String?) =
            switch outcome {
            case .sent: (.sent, nil)
            case .refused(let reason, let isFinal): (isFinal || isLast ? .failed : .queued, reason)
            case .uncertain(let reason): (.uncertain, reason)
            }
        Counter(label: "taskflow_mails_total", dimensions: [("outcome", state.word)]).increment()
        let (store, clock) = (run.store, run.clock)
        let end = ContinuousClock.now + run.job.kind.policy.timeLimit
        // In a task of its own, which nobody cancels. Nobody else will ever know: a database that is away is waited for.
        try await Task {
            while true {
                do {
                    return try await store.write { tx in
                        // Somebody who took the job over knew less.
                        let from: [Mail.State] = state == .sent ? [.sending, .uncertain] : [.sending]
                        try Mails(tx).move(id, from: from, to: state, error: error, at: clock.now())
                    }
                } catch let error as StoreError where (error.isTransient || error == .busy) && ContinuousClock.now < end {
                    try await Task.sleep(for: .seconds(1))
                }
            }
        }.value
        switch (state, error) {
        case (.queued, let error): throw JobSetback(error ?? "")
        case (_, let error?): throw JobFailure(error)
        default: return Self.completion(state)
        }
    }

    private static func completion(_ state: Mail.State) -> JobCompletion { JobCompletion(result: #"{"mail":"\#(state.word)"}"#) }
}
