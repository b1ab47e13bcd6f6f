// Who may do what: the whole table, every cell of it.
import Model
import Testing

@Suite struct PermissionTests {
    /// What the caller is to the task, and with which right.
    enum Caller: String, CaseIterable {
        case owner, assignee, stranger, admin, adminToken, adminTokenWithoutScope, ownerToken
    }

    private static let verdicts: [Caller: (live: [TaskAction: Verdict], trashed: [TaskAction: Verdict])] = {
        let everything: [TaskAction: Verdict] = [.view: .allowed, .edit: .allowed, .delete: .allowed, .restore: .allowed, .purge: .allowed]
        let hidden = everything.mapValues { _ in Verdict.hidden }
        let owner = everything.merging([.purge: .forbidden]) { $1 }
        let assignee = everything.merging([.purge: .forbidden, .delete: .forbidden, .restore: .forbidden]) { $1 }
        return [
            .owner: (owner, owner), .ownerToken: (owner, owner), .assignee: (assignee, hidden), .stranger: (hidden, hidden),
            .admin: (everything, everything), .adminToken: (everything, everything), .adminTokenWithoutScope: (hidden, hidden),
        ]
    }()

    @Test("Every caller may do with a task what the table says, and nothing else", arguments: Caller.allCases)
    func table(_ caller: Caller) throws {
        let expected = try #require(Self.verdicts[caller])
        for action in [TaskAction.view, .edit, .delete, .restore, .purge] {
            #expect(actor(caller).may(action, sampleTask()) == expected.live[action], "\(action) live")
            #expect(
                actor(caller).may(action, sampleTask { $0.deletedAt = .seconds(5) }) == expected.trashed[action], "\(action) in the trash")
        }
    }

    @Test("Owner and assignee in one may do what an owner may")
    func ownAssignee() {
        let task = sampleTask {
            $0.assigneeID = $0.ownerID
            $0.deletedAt = .seconds(5)
        }
        #expect(actor(.owner).may(.restore, task) == .allowed)
        #expect(actor(.owner).may(.purge, task) == .forbidden)
    }

    @Test("Nobody is the assignee of a task without one")
    func unassigned() {
        let task = sampleTask { $0.assigneeID = nil }
        #expect(actor(.assignee).may(.view, task) == .hidden)
    }

    @Test("An account is managed by its user and by admins, and hidden from others")
    func accounts() {
        #expect(actor(.owner).mayManage(ID(1)) == .allowed)
        #expect(actor(.stranger).mayManage(ID(1)) == .hidden)
        #expect(actor(.admin).mayManage(ID(1)) == .allowed)
        #expect(actor(.adminTokenWithoutScope).mayManage(ID(1)) == .hidden)
    }

    @Test("A hidden thing is answered as one that does not exist")
    func failures() {
        #expect(throws: Never.self) { try Verdict.allowed.require(.task) }
        #expect(throws: Failure.forbidden(.notYours)) { try Verdict.forbidden.require(.task) }
        #expect(throws: Failure.notFound(.session)) { try Verdict.hidden.require(.session) }
    }

    private func actor(_ caller: Caller) -> Actor {
        let session = Actor.Credential.session(ID(1))
        let token = Actor.Credential.token(ID(1))
        let origin = Origin(requestID: "r")
        return switch caller {
        case .owner: Actor(userID: ID(1), role: .user, credential: session, origin: origin)
        case .ownerToken: Actor(userID: ID(1), role: .user, credential: token, scopes: [.admin, .tasksWrite], origin: origin)
        case .assignee: Actor(userID: ID(2), role: .user, credential: session, origin: origin)
        case .stranger: Actor(userID: ID(3), role: .user, credential: session, origin: origin)
        case .admin: Actor(userID: ID(4), role: .admin, credential: session, origin: origin)
        case .adminToken: Actor(userID: ID(4), role: .admin, credential: token, scopes: [.admin], origin: origin)
        case .adminTokenWithoutScope: Actor(userID: ID(4), role: .admin, credential: token, scopes: [.tasksRead], origin: origin)
        }
    }
}

func sampleTask(_ change: (inout TaskItem) -> Void = { _ in }) -> TaskItem {
    var task = TaskItem(
        id: ID(10), title: "Write", description: "a page", status: .pending, priority: .medium, ownerID: ID(1), assigneeID: ID(2),
        labels: ["home"], due: .at(.seconds(1000)), dueEnd: .seconds(1000), archived: false, completedAt: nil, deletedAt: nil,
        createdAt: .seconds(1),
        updatedAt: .seconds(1), version: 3)
    change(&task)
    return task
}
