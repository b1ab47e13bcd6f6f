// Partial updates and the record of what they changed.
import Model
import Testing

@Suite struct TaskChangeTests {
    private let now = Instant.seconds(5000)

    @Test("An update without fields changes nothing")
    func nothing() {
        #expect(sampleTask().applying(TaskChanges(), at: now) == sampleTask())
        #expect(sampleTask().differences(from: sampleTask()).isEmpty)
    }

    @Test("Fields that are given are set, the others stay")
    func set() {
        let changes = TaskChanges(
            title: "Read", description: "a book", priority: .critical, assigneeID: ID(9), labels: ["a", "b"], dueAt: .seconds(9),
            archived: true)
        let expected = sampleTask {
            $0.title = "Read"
            $0.description = "a book"
            $0.priority = .critical
            $0.assigneeID = ID(9)
            $0.labels = ["a", "b"]
            ($0.due, $0.dueEnd) = (.at(.seconds(9)), .seconds(9))
            $0.archived = true
        }
        #expect(sampleTask().applying(changes, at: now) == expected)
    }

    @Test("Fields that are cleared are empty afterwards")
    func clear() {
        let changes = TaskChanges(description: .some(nil), assigneeID: .some(nil), labels: [], dueAt: .some(nil))
        let cleared = sampleTask().applying(changes, at: now)
        #expect(cleared.description == nil)
        #expect(cleared.assigneeID == nil)
        #expect(cleared.labels.isEmpty)
        #expect(cleared.dueAt == nil)
        #expect(cleared.title == sampleTask().title)
    }

    @Test("A task is completed when it is set to completed, and only then", arguments: TaskStatus.allCases, TaskStatus.allCases)
    func completion(_ from: TaskStatus, _ to: TaskStatus) {
        let earlier = Instant.seconds(100)
        let task = sampleTask {
            $0.status = from
            $0.completedAt = from == .completed ? earlier : nil
        }
        let changed = task.applying(TaskChanges(status: to), at: now)
        #expect(changed.status == to)
        #expect(changed.completedAt == (to == .completed ? (from == .completed ? earlier : now) : nil))
        #expect(task.applying(TaskChanges(title: "other"), at: now).completedAt == task.completedAt)
    }

    @Test("Labels are kept once each, whatever their case, in the first spelling")
    func labels() {
        #expect(TaskItem.distinct(["Home", "work", "HOME", "Work", "É", "e\u{301}", "home "]) == ["Home", "work", "É", "home "])
        #expect(sampleTask().applying(TaskChanges(labels: ["x", "X"]), at: now).labels == ["x"])
        #expect(TaskItem.distinct([]).isEmpty)
    }

    @Test("The record of a new task holds every field that is not empty")
    func created() {
        let fields = sampleTask().differences(from: nil)
        #expect(
            fields == [
                .init("title", from: .null, to: .text("Write")), .init("description", from: .null, to: .text("a page")),
                .init("status", from: .null, to: .text("pending")), .init("priority", from: .null, to: .text("medium")),
                .init("owner_id", from: .null, to: .int(1)), .init("assignee_id", from: .null, to: .int(2)),
                .init("labels", from: .null, to: .texts(["home"])), .init("due_at", from: .null, to: .text("1970-01-01T00:16:40.000Z")),
                .init("archived", from: .null, to: .bool(false)),
            ])
        let bare = sampleTask {
            $0.description = nil
            $0.assigneeID = nil
            ($0.due, $0.dueEnd) = (nil, nil)
        }
        #expect(bare.differences(from: nil).map(\.field) == ["title", "status", "priority", "owner_id", "labels", "archived"])
    }

    @Test("The record of a change holds old and new of what people set, and nothing else")
    func changed() {
        let new = sampleTask {
            $0.status = .inProgress
            $0.assigneeID = nil
            $0.labels = ["home", "soon"]
            $0.version = 4
            $0.updatedAt = .seconds(2)
            $0.completedAt = .seconds(2)
            $0.deletedAt = .seconds(2)
        }
        #expect(
            new.differences(from: sampleTask()) == [
                .init("status", from: .text("pending"), to: .text("in_progress")), .init("assignee_id", from: .int(2), to: .null),
                .init("labels", from: .texts(["home"]), to: .texts(["home", "soon"])),
            ])
    }

    @Test("Words of the wire are the same for ever")
    func words() {
        #expect(TaskStatus.allCases.map(\.word) == ["pending", "in_progress", "completed"])
        #expect(TaskPriority.allCases.map(\.word) == ["low", "medium", "high", "critical"])
        #expect(TaskSort.all.count == 16)
        #expect(Set(TaskSort.all.map(\.word)).count == 16)
        #expect(TaskSort.newestFirst.word == "-created_at")
    }
}

@Suite struct UserChangeTests {
    @Test("Fields that are given are set, cleared ones are empty, the others stay")
    func applying() {
        let changes = UserChanges(email: "b@c.de", username: .some(nil), name: "B", role: .admin, isActive: false)
        let changed = sampleUser().applying(changes)
        var expected = sampleUser()
        expected.pendingEmail = "b@c.de"
        expected.username = nil
        expected.name = "B"
        expected.role = .admin
        expected.isActive = false
        #expect(changed == expected)
        #expect(changed.differsInAccess(from: sampleUser()))
        expected.email = "b@c.de"
        expected.isEmailVerified = true
        expected.pendingEmail = nil
        #expect(sampleUser().applying(changes, isAddressVouchedFor: true) == expected)
        #expect(sampleUser().applying(.init()) == sampleUser())
        #expect(!sampleUser().applying(.init(name: "B", timeZone: "Asia/Tokyo")).differsInAccess(from: sampleUser()))
        let recapitalised = sampleUser().applying(.init(email: sampleUser().email.uppercased()))
        #expect(recapitalised.email == sampleUser().email.uppercased() && recapitalised.pendingEmail == nil)
        #expect(sampleUser().applying(.init(timeZone: "Asia/Tokyo")).timeZone == "Asia/Tokyo")
    }

    @Test("The record of a change of an account names every field, and keeps no name and no address")
    func differences() {
        var new = sampleUser()
        new.email = "b@c.de"
        new.name = nil
        new.role = .admin
        new.isActive = false
        new.timeZone = "Asia/Tokyo"
        new.version = 2
        new.updatedAt = .seconds(7)
        #expect(
            new.differences(from: sampleUser()) == [
                .init("email", from: .null, to: .null), .init("name", from: .null, to: .null),
                .init("role", from: .text("user"), to: .text("admin")), .init("is_active", from: .bool(true), to: .bool(false)),
                .init("time_zone", from: .text("UTC"), to: .text("Asia/Tokyo")),
            ])
        #expect(sampleUser().differences(from: sampleUser()).isEmpty)
        #expect(
            sampleUser().differences(from: nil).map(\.field) == [
                "email", "email_verified", "username", "name", "role", "is_active", "time_zone",
            ])
    }
}
