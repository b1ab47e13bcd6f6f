// Mails that follow from what happened: queued in the transaction that seals the events, so that they slow down no change.
import Model
import Repositories

struct NewsMails {
    /// What happened longer ago is told to nobody: after an upgrade, or when nobody sealed for long.
    private static let newsLifetime: Duration = .seconds(86_400)

    let outbox: Outbox

    /// What one request did to somebody is one mail: a batch of a hundred tasks is not a hundred mails.
    private struct Bundle: Hashable {
        let kind: NotificationKind
        let user: ID<User>
        let requestID: String
    }

    private typealias News = [(event: Int64, task: ID<TaskItem>)]

    func queue(after events: [SealableEvent]) throws {
        var bundles: [Bundle: News] = [:]
        for event in events where event.at > (outbox.now - Self.newsLifetime).microseconds {
            switch Action(rawValue: event.action) {
            case .taskCreated, .taskUpdated:
                guard let assignee = try assignee(event) else { continue }
                bundles[Bundle(kind: .assignment, user: assignee, requestID: event.requestID), default: []].append(
                    (event.id, ID(event.subjectID)))
            case .taskOverdue:
                for user in event.audience.map(EventChain.users) ?? [] {
                    bundles[Bundle(kind: .overdue, user: user, requestID: event.requestID), default: []].append(
                        (event.id, ID(event.subjectID)))
                }
            case .webhookDisabled: try mailOwner(ofWebhook: ID(event.subjectID), event)
            default: continue
            }
        }
        for kind in [NotificationKind.assignment, .overdue] { try put(bundles.filter { $0.key.kind == kind }, kind) }
    }

    private func put(_ bundles: [Bundle: News], _ kind: NotificationKind) throws {
        let recipients = Set(try Mails(outbox.tx).recipients(of: kind, among: Set(bundles.keys.map(\.user))))
        let ordered = bundles.filter { recipients.contains($0.key.user) }.sorted {
            ($0.value[0].event, $0.key.user) < ($1.value[0].event, $1.key.user)
        }
        for (bundle, news) in ordered {
            let key = "\(kind.rawValue) event \(news[0].event) to \(bundle.user)"
            try outbox.put(
                NewMail(kind == .assignment ? .assignment : .overdue, to: bundle.user, key: key, tasks: news.map { ($0.task, nil) }))
        }
    }

    /// Who got the task by the event, from somebody else.
    private func assignee(_ event: SealableEvent) throws -> ID<User>? {
        guard case .int(let id)? = try event.newValue(of: "assignee_id"), id != event.actorID else { return nil }
        return ID(id)
    }

    private func mailOwner(ofWebhook id: ID<Webhook>, _ event: SealableEvent) throws {
        guard let webhook = try Webhooks(outbox.tx).find(id) else { return }
        try outbox.put(NewMail(.webhookDisabled, to: webhook.ownerID, key: "webhook event \(event.id)", about: .webhook(id)))
    }
}
