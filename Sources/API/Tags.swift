// The groups of operations in the document.

package enum Tag: String, CaseIterable, Sendable {
    case authentication = "Authentication"
    case users = "Users"
    case tasks = "Tasks"
    case jobs = "Jobs"
    case webhooks = "Webhooks"
    case administration = "Administration"
    case service = "Service"

    package var description: String {
        switch self {
        case .authentication: "Accounts, sessions, passwords and personal access tokens."
        case .users: "Profiles, and the administration of accounts."
        case .tasks: "Tasks, search, batch, trash and history."
        case .jobs: "Work that goes on behind: how far it is, and what came of it."
        case .webhooks: "Changes sent to a URL: signed, retried for a day, in order."
        case .administration: "What only admins see: all tasks, all accounts, figures, audit."
        case .service: "Health, metrics and the API description."
        }
    }
}
