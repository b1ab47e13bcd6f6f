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
        case .jobs: "Background work: its progress and its results."
        case .webhooks: "Messages about changes to a URL: signed, in order, retried for a day."
        case .administration: "For admins only: all tasks, all accounts, statistics, audit."
        case .service: "Health, metrics and the API description."
        }
    }
}
