// Who may do what: every operation, called by everybody, on a thing of theirs, of others, and on none (P45).
// The switch has no default: an operation without a row does not compile.
import API
import Composition
import HTTPTypes
import Model
import Repositories
import StoreCore
import TestKit
import Testing
import Wire

private enum Caller: CaseIterable {
    case anonymous, deactivated, other, assignee, owner, admin
}

/// The statuses that callers get, in the order in which `Caller` names them.
private struct Row {
    var request: (Scene) -> (path: String, json: JSON?)
    var statuses: [Int]

    init(_ path: @escaping (Scene) -> String, json: ((Scene) -> JSON)? = nil, _ statuses: Int...) {
        request = { (path($0), json?($0)) }
        self.statuses = statuses
    }
}

/// A task of `owner`, given to `assignee`; `other` has nothing to do with it.
private struct Scene {
    var owner: Person
    var assignee: Person
    var other: Person
    var admin: Person
    var deactivated: Person
    var task: Int64
    /// The `X-Request-Id` with which `owner` made the task.
    var change: String
    var ownerSession: Int64
    var ownerToken: Int64
    /// Of `owner`, queued.
    var job: Int64
    /// The same, given up.
    var failedJob: Int64
    /// Of the task.
    var taskLog: Int64
    /// Of `owner`.
    var webhook: Int64
    var delivery: Int64
    /// Of `owner`.
    var view: Int64

    func person(_ caller: Caller) -> Person? {
        switch caller {
        case .anonymous: nil
        case .deactivated: deactivated
        case .other: other
        case .assignee: assignee
        case .owner: owner
        case .admin: admin
        }
    }
}

private let password = JSON.string(Person.password)

private func row(for id: OperationID) -> Row {
    let tasks = "/api/v1/tasks"
    switch id {
    // Open to everybody; the credentials are in the body.
    case .register:
        return Row(
            { _ in "/api/v1/auth/register" }, json: { ["email": .string("new\($0.task)@example.com"), "password": password] }, 201, 201,
            201, 201, 201, 201)
    case .login:
        return Row(
            { _ in "/api/v1/auth/login" }, json: { ["email": .string($0.owner.email), "password": password] }, 200, 200, 200, 200, 200, 200)
    case .refresh:
        return Row(
            { _ in "/api/v1/auth/refresh" }, json: { ["refresh_token": .string($0.owner.refreshToken)] }, 200, 200, 200, 200, 200, 200)
    case .setUp:
        return Row(
            { _ in "/api/v1/setup" }, json: { _ in ["token": "guess", "email": "x@example.com", "password": password] }, 409, 409, 409, 409,
            409, 409)
    case .requestPasswordReset:
        return Row({ _ in "/api/v1/auth/password-reset" }, json: { ["email": .string($0.owner.email)] }, 202, 202, 202, 202, 202, 202)
    case .resetPassword:
        return Row(
            { _ in "/api/v1/auth/password-reset/confirm" }, json: { _ in ["token": "guess", "new_password": password] }, 400, 400, 400, 400,
            400, 400)
    case .verifyEmail:
        return Row({ _ in "/api/v1/auth/verify-email" }, json: { _ in ["token": "guess"] }, 400, 400, 400, 400, 400, 400)
    case .revertEmail: return Row({ _ in "/api/v1/auth/revert-email" }, json: { _ in ["token": "guess"] }, 400, 400, 400, 400, 400, 400)
    case .showUnsubscribe: return Row({ _ in "/api/v1/unsubscribe?token=1.overdue.x" }, 303, 303, 303, 303, 303, 303)
    case .unsubscribe: return Row({ _ in "/api/v1/unsubscribe?token=1.overdue.x" }, 400, 400, 400, 400, 400, 400)
    case .getKeys: return Row({ _ in "/.well-known/jwks.json" }, 200, 200, 200, 200, 200, 200)
    case .getHealth: return Row({ _ in "/healthz" }, 200, 200, 200, 200, 200, 200)
    case .getReadiness: return Row({ _ in "/readyz" }, 200, 200, 200, 200, 200, 200)
    case .getMetrics: return Row({ _ in "/metrics" }, 200, 200, 200, 200, 200, 200)
    case .getInstance: return Row({ _ in "/api/v1/instance" }, 200, 200, 200, 200, 200, 200)
    case .getOpenAPI: return Row({ _ in "/api/v1/openapi.json" }, 200, 200, 200, 200, 200, 200)

    // One's own session and credentials. Who is logged out already is not refused.
    case .logout: return Row({ _ in "/api/v1/auth/logout" }, 401, 204, 204, 204, 204, 204)
    case .listSessions: return Row({ _ in "/api/v1/auth/sessions" }, 401, 401, 200, 200, 200, 200)
    case .endSession: return Row({ "/api/v1/auth/sessions/\($0.ownerSession)" }, 401, 401, 404, 404, 204, 404)
    case .changePassword:
        return Row(
            { _ in "/api/v1/auth/password" }, json: { _ in ["current_password": password, "new_password": "another long one"] }, 401, 401,
            204, 204, 204, 204)
    case .reauthenticate:
        return Row({ _ in "/api/v1/auth/reauthenticate" }, json: { _ in ["password": password] }, 401, 401, 204, 204, 204, 204)
    case .listTokens: return Row({ _ in "/api/v1/auth/tokens" }, 401, 401, 200, 200, 200, 200)
    case .createToken:
        return Row({ _ in "/api/v1/auth/tokens" }, json: { _ in ["name": "x", "scopes": ["tasks:read"]] }, 401, 401, 201, 201, 201, 201)
    case .revokeToken: return Row({ "/api/v1/auth/tokens/\($0.ownerToken)" }, 401, 401, 404, 404, 204, 404)

    case .resendVerification: return Row({ _ in "/api/v1/auth/verify-email/resend" }, 401, 401, 202, 202, 202, 202)
    case .getNotifications: return Row({ _ in "/api/v1/users/me/notifications" }, 401, 401, 200, 200, 200, 200)
    case .updateNotifications:
        return Row({ _ in "/api/v1/users/me/notifications" }, json: { _ in ["overdue": false] }, 401, 401, 200, 200, 200, 200)

    // Accounts: one's own, or any for an admin.
    case .getMyUsage: return Row({ _ in "/api/v1/users/me/usage" }, 401, 401, 200, 200, 200, 200)
    case .getMe: return Row({ _ in "/api/v1/users/me" }, 401, 401, 200, 200, 200, 200)
    case .updateMe: return Row({ _ in "/api/v1/users/me" }, json: { _ in ["name": "New"] }, 401, 401, 200, 200, 200, 200)
    case .searchUsers: return Row({ _ in "/api/v1/users/search?q=owner" }, 401, 401, 200, 200, 200, 200)
    case .lookUpUsers: return Row({ "/api/v1/users/lookup?ids=\($0.owner.id)" }, 401, 401, 200, 200, 200, 200)
    case .getPreferences: return Row({ _ in "/api/v1/users/me/preferences" }, 401, 401, 200, 200, 200, 200)
    case .updatePreferences:
        return Row({ _ in "/api/v1/users/me/preferences" }, json: { _ in ["theme": "dark"] }, 401, 401, 200, 200, 200, 200)
    case .listViews: return Row({ _ in "/api/v1/views" }, 401, 401, 200, 200, 200, 200)
    case .createView: return Row({ _ in "/api/v1/views" }, json: { _ in ["name": "A"] }, 401, 401, 201, 201, 201, 201)
    case .getView: return Row({ "/api/v1/views/\($0.view)" }, 401, 401, 404, 404, 200, 404)
    case .updateView: return Row({ "/api/v1/views/\($0.view)" }, json: { _ in ["name": "B"] }, 401, 401, 404, 404, 200, 404)
    case .deleteView: return Row({ "/api/v1/views/\($0.view)" }, 401, 401, 404, 404, 204, 404)
    case .listUsers: return Row({ _ in "/api/v1/users" }, 401, 401, 403, 403, 403, 200)
    case .createUser:
        return Row(
            { _ in "/api/v1/users" }, json: { ["email": .string("made\($0.task)@example.com"), "password": password] }, 401, 401, 403, 403,
            403, 201)
    case .getUser: return Row({ "/api/v1/users/\($0.owner.id)" }, 401, 401, 404, 404, 200, 200)
    case .updateUser, .replaceUser:
        return Row({ "/api/v1/users/\($0.owner.id)" }, json: { _ in ["name": "New"] }, 401, 401, 404, 404, 200, 200)
    case .deleteUser: return Row({ "/api/v1/users/\($0.owner.id)" }, 401, 401, 404, 404, 204, 204)

    // Tasks: owner, assignee, admin; deleting is the owner's and the admin's.
    case .listTasks: return Row({ _ in tasks }, 401, 401, 200, 200, 200, 200)
    case .createTask: return Row({ _ in tasks }, json: { _ in ["title": "A"] }, 401, 401, 201, 201, 201, 201)
    case .getTask: return Row({ "\(tasks)/\($0.task)" }, 401, 401, 404, 200, 200, 200)
    case .updateTask, .replaceTask: return Row({ "\(tasks)/\($0.task)" }, json: { _ in ["title": "B"] }, 401, 401, 404, 200, 200, 200)
    case .deleteTask: return Row({ "\(tasks)/\($0.task)" }, 401, 401, 404, 403, 204, 204)
    case .restoreTask: return Row({ "\(tasks)/\($0.task)/restore" }, 401, 401, 404, 403, 200, 200)
    case .listTrash: return Row({ _ in "\(tasks)/trash" }, 401, 401, 200, 200, 200, 200)
    case .batchTasks:
        return Row(
            { _ in "\(tasks)/batch" }, json: { ["action": "delete", "ids": [.int($0.task)], "atomic": true] }, 401, 401, 409, 409, 200, 200)
    case .moveTask: return Row({ "\(tasks)/\($0.task)/move" }, json: { _ in ["status": "in_progress"] }, 401, 401, 404, 200, 200, 200)
    // Nobody but who has made the change.
    case .undoChange: return Row({ "/api/v1/changes/\($0.change)/undo" }, 401, 401, 404, 404, 200, 404)
    case .countTasks: return Row({ _ in "\(tasks)/counts?group_by=status" }, 401, 401, 200, 200, 200, 200)
    // Labels are those of one's own tasks, for admins, too.
    case .listLabels: return Row({ _ in "/api/v1/labels" }, 401, 401, 200, 200, 200, 200)
    case .updateLabel: return Row({ _ in "/api/v1/labels/ops" }, json: { _ in ["name": "dev"] }, 401, 401, 404, 200, 200, 404)
    case .mergeLabel: return Row({ _ in "/api/v1/labels/ops/merge" }, json: { _ in ["into": "home"] }, 401, 401, 404, 200, 200, 404)
    case .deleteLabel: return Row({ _ in "/api/v1/labels/ops" }, 401, 401, 404, 200, 200, 404)
    case .getTaskStats: return Row({ _ in "\(tasks)/stats" }, 401, 401, 200, 200, 200, 200)
    case .listChanges: return Row({ _ in "/api/v1/changes?scope=all" }, 401, 401, 403, 403, 403, 200)
    case .streamChanges: return Row({ _ in "/api/v1/events" }, 401, 401, 200, 200, 200, 200)
    case .exportTasks: return Row({ _ in "\(tasks)/export" }, 401, 401, 200, 200, 200, 200)
    case .parseTask: return Row({ _ in "\(tasks)/parse" }, json: { _ in ["text": "A friday"] }, 401, 401, 200, 200, 200, 200)
    case .createDownload:
        return Row({ _ in "/api/v1/downloads" }, json: { ["path": .string("/api/v1/jobs/\($0.job)/result")] }, 401, 401, 404, 404, 201, 201)
    case .useDownload:
        return Row({ _ in "/api/v1/downloads/\(String(repeating: "A", count: 43))" }, 404, 404, 404, 404, 404, 404)
    // Who may send a file is asked before what kind of file it is.
    case .importTasks: return Row({ _ in "\(tasks)/import" }, 401, 401, 415, 415, 415, 415)
    case .makeReport:
        return Row({ _ in "/api/v1/reports" }, json: { _ in ["format": "csv", "scope": "all"] }, 401, 401, 403, 403, 403, 202)
    case .undoImport: return Row({ "/api/v1/imports/\($0.failedJob)/undo" }, 401, 401, 404, 404, 202, 404)
    case .getTaskHistory: return Row({ "\(tasks)/\($0.task)/history" }, 401, 401, 404, 200, 200, 200)
    case .shareTaskHistory, .unshareTaskHistory: return Row({ "\(tasks)/\($0.task)/history/shared" }, 401, 401, 404, 403, 204, 204)
    case .listTaskLogs: return Row({ _ in "/api/v1/task-logs" }, 401, 401, 200, 200, 200, 200)
    case .getTaskLog: return Row({ "/api/v1/task-logs/\($0.taskLog)" }, 401, 401, 404, 200, 200, 200)

    // Jobs: whose they are, and admins.
    case .listJobs: return Row({ _ in "/api/v1/jobs" }, 401, 401, 200, 200, 200, 200)
    case .getJob: return Row({ "/api/v1/jobs/\($0.job)" }, 401, 401, 404, 404, 200, 200)
    case .getJobResult: return Row({ "/api/v1/jobs/\($0.job)/result" }, 401, 401, 404, 404, 200, 200)
    case .cancelJob: return Row({ "/api/v1/jobs/\($0.job)/cancel" }, 401, 401, 404, 404, 200, 200)

    // Webhooks: nobody but whose they are; what they send is that person's view.
    case .listWebhooks: return Row({ _ in "/api/v1/webhooks" }, 401, 401, 200, 200, 200, 200)
    case .createWebhook:
        return Row({ _ in "/api/v1/webhooks" }, json: { _ in ["url": "https://example.com/"] }, 401, 401, 201, 201, 201, 201)
    case .getWebhook: return Row({ "/api/v1/webhooks/\($0.webhook)" }, 401, 401, 404, 404, 200, 404)
    case .updateWebhook:
        return Row({ "/api/v1/webhooks/\($0.webhook)" }, json: { _ in ["is_active": false] }, 401, 401, 404, 404, 200, 404)
    case .deleteWebhook: return Row({ "/api/v1/webhooks/\($0.webhook)" }, 401, 401, 404, 404, 204, 404)
    case .rotateWebhookSecret: return Row({ "/api/v1/webhooks/\($0.webhook)/rotate-secret" }, 401, 401, 404, 404, 200, 404)
    case .testWebhook: return Row({ "/api/v1/webhooks/\($0.webhook)/test" }, 401, 401, 404, 404, 202, 404)
    case .listDeliveries: return Row({ "/api/v1/webhooks/\($0.webhook)/deliveries" }, 401, 401, 404, 404, 200, 404)
    case .replayDelivery:
        return Row({ "/api/v1/webhooks/\($0.webhook)/deliveries/\($0.delivery)/replay" }, 401, 401, 404, 404, 202, 404)

    // Administration.
    case .listAllUsers: return Row({ _ in "/api/v1/admin/users" }, 401, 401, 403, 403, 403, 200)
    case .listAllTasks: return Row({ _ in "/api/v1/admin/tasks" }, 401, 401, 403, 403, 403, 200)
    case .listAllWebhooks: return Row({ _ in "/api/v1/admin/webhooks" }, 401, 401, 403, 403, 403, 200)
    case .deleteAnyTask: return Row({ "/api/v1/admin/tasks/\($0.task)" }, 401, 401, 403, 403, 403, 204)
    case .getInstanceStats: return Row({ _ in "/api/v1/admin/stats" }, 401, 401, 403, 403, 403, 200)
    case .verifyAudit: return Row({ _ in "/api/v1/admin/audit/verify" }, 401, 401, 403, 403, 403, 200)
    case .listAudit: return Row({ _ in "/api/v1/admin/audit" }, 401, 401, 403, 403, 403, 200)
    case .listAllJobs: return Row({ _ in "/api/v1/admin/jobs" }, 401, 401, 403, 403, 403, 200)
    case .retryJob: return Row({ "/api/v1/admin/jobs/\($0.failedJob)/retry" }, 401, 401, 403, 403, 403, 202)
    case .listSchedules: return Row({ _ in "/api/v1/admin/schedules" }, 401, 401, 403, 403, 403, 200)
    case .runSchedule: return Row({ _ in "/api/v1/admin/schedules/daily-log/run" }, 401, 401, 403, 403, 403, 202)
    }
}

@Suite struct AuthorizationMatrixTests {
    @Test("every operation answers every caller as its row says")
    func matrix() async throws {
        try await World.run { world in
            let scenes = try await Scenes(world)
            for endpoint in world.server.endpoints {
                let (id, method) = (endpoint.id, endpoint.operation.method)
                let row = row(for: id)
                for (index, caller) in Caller.allCases.enumerated() {
                    let scene = try await scenes.current()
                    let (path, json) = row.request(scene)
                    // A stream has no end to wait for; its head says the same.
                    let reply = try await world.send(id == .streamChanges ? .head : method, path, as: scene.person(caller), json: json)
                    #expect(reply.status == row.statuses[index], "\(id) as \(caller): \(reply.text.prefix(200))")
                    if reply.status < 400, method != .get { scenes.isUsed = true }
                }
            }
        }
    }

    @Test("somebody else's thing and no thing at all cannot be told apart")
    func indistinguishable() async throws {
        try await World.run { world in
            let scenes = try await Scenes(world)
            for endpoint in world.server.endpoints where endpoint.operation.path.contains("{id}") {
                let scene = try await scenes.current()
                let (foreign, json) = row(for: endpoint.id).request(scene)
                var segments = foreign.split(separator: "/").map(String.init)
                let place = try #require(endpoint.operation.path.split(separator: "/").firstIndex(of: "{id}"))
                segments[place] = "999999999"
                let missing = "/" + segments.joined(separator: "/")
                let strip = { (reply: Reply) in reply.json.with("instance", "") }
                let other = try await world.send(endpoint.operation.method, foreign, as: scene.other, json: json)
                let none = try await world.send(endpoint.operation.method, missing, as: scene.other, json: json)
                #expect(other.status == none.status, "\(endpoint.id)")
                #expect(strip(other) == strip(none), "\(endpoint.id)")
                #expect(other.headers.map(\.name) == none.headers.map(\.name), "\(endpoint.id)")
                if other.status < 400 { scenes.isUsed = true }
            }
        }
    }

    @Test(
        "an id that is no number, or too large for one, is 400 or 404 and nothing worse",
        arguments: ["abc", "0", "-1", "9223372036854775808", "1e3", "%00", "1%2F2", "🔑"])
    func hostileIDs(text: String) async throws {
        try await World.run { world in
            let root = try await world.person("root", role: .admin)
            for endpoint in world.server.endpoints where endpoint.operation.path.contains("{id}") {
                let path = endpoint.operation.path.replacing(
                    /\{[a-z_]*id\}/, with: text.unicodeScalars.allSatisfy(\.isASCII) ? text : "%F0%9F%94%91")
                let json: JSON? = endpoint.operation.body == nil ? nil : [:]
                let reply = try await world.send(endpoint.operation.method, path, as: root, json: json)
                #expect(reply.status == 400 || reply.status == 404, "\(endpoint.id) \(text)")
            }
        }
    }
}

/// Makes the things of a scene: new ones after a request that changed something. A refused request must change nothing.
private final class Scenes {
    private let world: World
    private let root: Person
    private var scene: Scene?
    private var count = 0
    var isUsed = false

    init(_ world: World) async throws {
        self.world = world
        root = try await world.person("root", role: .admin)
    }

    func current() async throws -> Scene {
        if let scene, !isUsed { return scene }
        count += 1
        let made = try await make(count)
        (scene, isUsed) = (made, false)
        return made
    }

    private func make(_ index: Int) async throws -> Scene {
        let owner = try await world.person("owner\(index)")
        let assignee = try await world.person("assignee\(index)")
        let deactivated = try await world.person("dan\(index)")
        try await world.send(.patch, "/api/v1/users/\(deactivated.id)", as: root, json: ["is_active": false])
        let token = try await world.send(.post, "/api/v1/auth/tokens", as: owner, json: ["name": "x", "scopes": ["tasks:read"]])
        let sessions = try await world.send(.get, "/api/v1/auth/sessions", as: owner)
        let made = try await world.send(
            .post, "/api/v1/tasks", as: owner, json: ["title": "A", "assignee_id": .int(assignee.id), "labels": ["ops", "home"]])
        let (task, change) = (try #require(made.int("id")), try #require(made["X-Request-Id"]))
        let (job, failedJob) = try await jobs(of: owner)
        let today = ["UTC": world.clock.now.day]
        try await world.installation.store.write { _ = try TaskLogs($0).write(today, of: task...task) }
        let logs = try await world.send(.get, "/api/v1/task-logs?task_id=\(task)", as: owner)
        let webhook = try await world.send(.post, "/api/v1/webhooks", as: owner, json: ["url": "https://example.com/"])
        let webhookID = try #require(webhook.int("id"))
        let view = try await world.send(.post, "/api/v1/views", as: owner, json: ["name": "A"])
        return Scene(
            owner: owner, assignee: assignee, other: try await world.person("other\(index)"),
            admin: try await world.person("admin\(index)", role: .admin), deactivated: deactivated,
            task: task, change: change, ownerSession: try #require(sessions.int("data", "0", "id")),
            ownerToken: try #require(token.int("id")),
            job: job, failedJob: failedJob, taskLog: try #require(logs.int("data", "0", "id")),
            webhook: webhookID, delivery: try await delivery(of: webhookID), view: try #require(view.int("id")))
    }

    private func delivery(of webhook: Int64) async throws -> Int64 {
        let now = world.clock.now
        return try await world.installation.store.write { tx in
            try Webhooks(tx).keep("{}", ID(webhook), .start, .created, at: now)
            return try Webhooks(tx).deliveries(of: ID(webhook), before: nil, offset: 0, limit: 1).first?.id.value ?? 0
        }
    }

    private func jobs(of owner: Person) async throws -> (queued: Int64, failed: Int64) {
        let now = world.clock.now
        return try await world.installation.store.write { tx in
            let failed = try Jobs(tx).insert(NewJob(.doNothing, owner: ID(owner.id)), at: now)
            for job in try Jobs(tx).claim(.init(.normal, limit: 100), by: "test", at: now) {
                _ = try Jobs(tx).end(JobClaim(id: job.id, attempt: 1, worker: "test"), as: .failed, error: "No luck.", at: now)
            }
            let queued = try Jobs(tx).insert(NewJob(.doNothing, owner: ID(owner.id), runAt: now + .seconds(3600)), at: now)
            let file = try Files(tx).insert("result.csv", "text/csv; charset=utf-8", of: ID(owner.id), at: now, expires: now + .seconds(60))
            if let queued { try Jobs(tx).attach(file, to: queued) }
            if let failed {
                let done = TaskImport(
                    id: failed, ownerID: ID(owner.id), fileID: file, options: .init(), plan: nil, phase: .finished, rows: 0, done: 0,
                    counts: .init(),
                    lastTaskBefore: nil, remarksFileID: nil, undoJobID: nil)
                try Imports(tx).insert(done, at: now)
            }
            return (queued?.value ?? 0, failed?.value ?? 0)
        }
    }
}
