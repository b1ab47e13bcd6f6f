// The programs whose files are recognised, and what their columns mean.
import Model

/// Immutable, and shared by all rows.
final class Product: Sendable {
    enum Name: String, Codable, CaseIterable, Sendable {
        case taskFlow = "TaskFlow"
        case todoist = "Todoist"
        case trello = "Trello"
        case asana = "Asana"
        case tickTick = "TickTick"
        case planner = "Microsoft Planner"
        case outlook = "Microsoft To Do or Outlook"
        case jira = "Jira"
        case gitLab = "GitLab"
        case kanboard = "Kanboard"
        case notion = "Notion"
        case clickUp = "ClickUp"
        case googleTasks = "Google Tasks"
        case taskwarrior = "Taskwarrior"
        case todotxt = "todo.txt"
    }

    let name: Name
    /// Folded names of columns that together no other program has.
    let signature: [String]
    /// Folded names and what they mean. Columns that are not here mean what their name says in general.
    let columns: [String: Meaning]
    /// Where the program has words or numbers of its own.
    let priorities: [String: TaskPriority]
    let statuses: [String: StatusWord]
    /// The order in which the program always writes dates.
    let order: DateOrder?
    let numbers: DateNumbers?
    /// What stands between several persons, and between several labels.
    let personMarks: [UInt8]
    let labelMarks: [UInt8]
    /// Whether a state, priority or date that is not known stays as text: people name them themselves there.
    let keepsUnknown: Bool
    /// Whether labels end with the name of their colour in brackets.
    let hasColouredLabels: Bool

    private init(
        name: Name, signature: [String] = [], columns: [String: Meaning] = [:], priorities: [String: TaskPriority] = [:],
        statuses: [String: StatusWord] = [:], order: DateOrder? = nil, numbers: DateNumbers? = nil, personMarks: [UInt8] = [semicolon],
        labelMarks: [UInt8] = [comma], keepsUnknown: Bool = true, hasColouredLabels: Bool = false
    ) {
        self.name = name
        self.signature = signature
        self.columns = columns
        self.priorities = priorities
        self.statuses = statuses
        self.order = order
        self.numbers = numbers
        self.personMarks = personMarks
        self.labelMarks = labelMarks
        self.keepsUnknown = keepsUnknown
        self.hasColouredLabels = hasColouredLabels
    }

    static func named(_ name: Name?) -> Product? { name.flatMap { byName[$0] } }

    /// The program that writes such a header.
    static func of(header: Set<String>) -> Product? {
        all.first { !$0.signature.isEmpty && $0.signature.allSatisfy(header.contains) }
    }

    private static let byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    private static let comma = UInt8(ascii: ",")
    private static let semicolon = UInt8(ascii: ";")

    private static func meanings(_ rows: [(Meaning, [String])]) -> [String: Meaning] {
        Dictionary(rows.flatMap { row in row.1.map { ($0, row.0) } }, uniquingKeysWith: { first, _ in first })
    }

    private static let numbered: [String: TaskPriority] = ["1": .critical, "2": .high, "3": .medium, "4": .low]

    private static let all: [Product] = [
        Product(
            name: .taskFlow, signature: ["title", "assigned user", "completed at", "created at", "updated at", "archived"],
            personMarks: [], keepsUnknown: false),
        Product(
            name: .todoist, signature: ["type", "content", "indent"],
            columns: meanings([
                (.rowKind, ["type"]), (.title, ["content"]), (.description, ["description"]), (.priority, ["priority"]),
                (.indent, ["indent"]),
                (.personName, ["responsible"]), (.due, ["date"]), (.zone, ["timezone"]), (.detail, ["deadline"]),
                (.count, ["duration", "duration unit"]),
                (.ignored, ["author", "date lang", "deadline lang", "meta"]),
            ]),
            priorities: numbered),
        Product(
            name: .trello, signature: ["card name", "list name", "board name"],
            columns: meanings([
                (.title, ["card name"]), (.description, ["card description"]), (.labels, ["labels"]), (.personUsername, ["members"]),
                (.due, ["due date"]), (.label, ["list name"]), (.archived, ["archived"]), (.completed, ["due complete"]),
                (.detail, ["card url", "attachment links", "board name", "start date"]),
                (.ignored, ["card id", "list id", "board id"]),
                (
                    .count,
                    ["attachment count", "vote count", "comment count", "checklist item total count", "checklist item completed count"]
                ),
            ]),
            personMarks: [comma], hasColouredLabels: true),
        Product(
            name: .asana, signature: ["task id", "section/column", "last modified"],
            columns: meanings([
                (.ignored, ["task id"]), (.title, ["name"]), (.createdAt, ["created at"]), (.completedAt, ["completed at"]),
                (.label, ["section/column"]),
                (.personName, ["assignee"]), (.personAddress, ["assignee email"]), (.due, ["due date"]), (.labels, ["tags"]),
                (.description, ["notes"]), (.parent, ["parent task"]),
                (.detail, ["start date", "projects", "blocked by (dependencies)", "blocking (dependencies)"]),
                (.ignored, ["last modified"]),
            ])),
        Product(
            name: .tickTick, signature: ["list name", "title", "is all day", "timezone"],
            columns: meanings([
                (.label, ["list name", "column name"]), (.title, ["title"]), (.labels, ["tags"]), (.description, ["content"]),
                (.due, ["due date"]), (.priority, ["priority"]), (.status, ["status"]), (.createdAt, ["created time"]),
                (.completedAt, ["completed time"]), (.zone, ["timezone"]), (.allDay, ["is all day"]), (.key, ["taskid"]),
                (.parentKey, ["parentid"]), (.detail, ["folder name", "start date", "reminder", "repeat"]),
                (.ignored, ["kind", "is check list", "order", "is floating", "column order", "view mode"]),
            ]),
            priorities: ["0": .medium, "1": .low, "3": .medium, "5": .high],
            statuses: ["0": .pending, "1": .completed, "2": .completedAndArchived, "-1": .cancelled]),
        Product(
            name: .planner, signature: ["task name", "bucket name", "progress"],
            columns: meanings([
                (.title, ["task name"]), (.label, ["bucket name"]), (.status, ["progress"]), (.priority, ["priority"]),
                (.personName, ["assigned to"]), (.createdAt, ["created date"]), (.due, ["due date"]), (.completedAt, ["completed date"]),
                (.labels, ["labels"]), (.description, ["description"]),
                (.detail, ["start date", "checklist items", "completed checklist items", "completed by"]), (.count, ["is recurring"]),
                (.ignored, ["task id", "created by", "late"]),
            ]),
            order: .mdy, personMarks: [semicolon], labelMarks: [semicolon]),
        Product(
            name: .outlook, signature: ["subject", "due date", "reminder on/off"], columns: outlook, statuses: ["0": .pending],
            personMarks: [], labelMarks: [semicolon, comma]),
        Product(
            name: .outlook, signature: ["betreff", "fallig am", "erinnerung ein/aus"], columns: outlook, personMarks: [],
            labelMarks: [semicolon, comma]),
        Product(
            name: .jira, signature: ["summary", "issue key", "status"],
            columns: meanings([
                (.title, ["summary"]), (.status, ["status", "status category"]), (.priority, ["priority"]), (.personName, ["assignee"]),
                (.createdAt, ["created"]), (.completedAt, ["resolved"]), (.due, ["due date"]), (.labels, ["labels"]),
                (.description, ["description"]), (.label, ["sprint", "component/s", "components"]), (.parent, ["parent summary"]),
                (
                    .detail,
                    ["issue key", "comment", "attachment", "resolution", "project name", "fix version/s", "fix versions", "parent key"]
                ),
                (
                    .ignored,
                    [
                        "issue id", "assignee id", "reporter id", "creator", "creator id", "updated", "last viewed", "parent", "parent id",
                        "status category changed",
                    ]
                ),
            ]), personMarks: []),
        Product(
            name: .gitLab, signature: ["title", "issue id", "state", "confidential"],
            columns: meanings([
                (.title, ["title"]), (.description, ["description"]), (.status, ["state"]), (.personName, ["assignee"]),
                (.personUsername, ["assignee username"]), (.due, ["due date"]), (.createdAt, ["created at (utc)"]),
                (.completedAt, ["closed at (utc)"]), (.labels, ["labels"]), (.label, ["milestone"]), (.detail, ["url", "epic title"]),
                (.count, ["weight", "time estimate", "time spent"]),
                (.ignored, ["issue id", "author", "author username", "confidential", "locked", "updated at (utc)", "epic id"]),
            ]), personMarks: [comma]),
        Product(
            name: .kanboard, signature: ["swimlane", "column", "title", "assignee username"],
            columns: meanings([
                (.title, ["title"]), (.status, ["status"]), (.label, ["category", "column", "swimlane"]), (.due, ["due date"]),
                (.personUsername, ["assignee username"]), (.personName, ["assignee name"]), (.createdAt, ["creation date"]),
                (.completedAt, ["completion date"]), (.priority, ["priority"]), (.labels, ["tags"]), (.description, ["description"]),
                (.detail, ["reference", "start date", "link"]), (.count, ["complexity", "time estimated", "time spent"]),
                (.ignored, ["task id", "project", "position", "color", "creator", "creator name", "modification date"]),
            ]),
            priorities: ["0": .low, "1": .medium, "2": .high, "3": .critical]),
        Product(
            name: .notion, signature: ["name", "assign"],
            columns: meanings([(.title, ["name"]), (.personName, ["assign"]), (.detail, ["parent task", "sub tasks", "url"])]),
            personMarks: [comma]),
        Product(
            name: .notion, signature: ["name", "due", "tags", "status"],
            columns: meanings([(.title, ["name"]), (.detail, ["parent task", "sub tasks", "url"])]), personMarks: [comma]),
        Product(
            name: .clickUp, signature: ["task id", "task content", "list name"],
            columns: meanings([
                (.key, ["task id"]), (.title, ["task name"]), (.description, ["task content"]), (.status, ["status"]),
                (.createdAt, ["date created"]), (.due, ["due date"]), (.parentKey, ["parent id"]), (.personName, ["assignees"]),
                (.labels, ["tags"]), (.priority, ["priority"]), (.label, ["list name"]),
                (.completedAt, ["date done", "date closed"]),
                (
                    .detail,
                    [
                        "attachments", "folder name/path", "folder name", "space name", "checklists", "comments", "assigned comments",
                        "start date text",
                    ]
                ),
                (.count, ["time estimated", "time spent"]),
                (.ignored, ["task custom id", "task type", "date created text", "due date text", "start date", "project name"]),
            ]),
            priorities: numbered, numbers: .milliseconds, personMarks: [comma]),
        Product(name: .googleTasks),
        Product(
            name: .taskwarrior, signature: ["description", "entry", "status", "uuid"],
            columns: meanings([
                (.title, ["description"]), (.createdAt, ["entry"]), (.completedAt, ["end"]), (.due, ["due"]), (.labels, ["tags"]),
                (.label, ["project"]), (.priority, ["priority"]), (.status, ["status"]), (.comment, ["annotations"]), (.key, ["uuid"]),
                (.detail, ["depends", "recur", "until", "wait", "scheduled", "start"]),
                (.ignored, ["id", "modified", "urgency", "mask", "imask", "parent", "rtype"]),
            ]),
            priorities: ["h": .high, "m": .medium, "l": .low], statuses: ["recurring": .pending]),
        Product(name: .todotxt),
    ]

    private static let outlook = meanings([
        (.title, ["subject", "betreff"]), (.due, ["due date", "fallig am"]), (.completedAt, ["date completed", "erledigt am"]),
        (.percent, ["% complete", "% erledigt"]), (.labels, ["categories", "kategorien"]), (.description, ["notes", "notizen"]),
        (.priority, ["priority", "prioritat"]), (.status, ["status"]), (.detail, ["contacts", "kontakte", "companies", "firmen"]),
        (.count, ["total work", "actual work", "gesamtaufwand", "ist aufwand", "mileage"]),
        (.detail, ["start date", "beginnt am", "reminder date", "erinnerung am", "billing information"]),
        (
            .ignored,
            [
                "reminder on/off", "erinnerung ein/aus", "reminder time", "erinnerungszeit", "private", "privat", "role", "rolle",
                "schedule+ priority", "schedule+ prioritat", "sensitivity", "vertraulichkeit",
            ]
        ),
    ])
}
