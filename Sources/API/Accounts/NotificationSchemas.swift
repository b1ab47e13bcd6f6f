// How the switches for mails look on the wire.
import Model
import Payloads
import Wire

enum NotificationSchemas {
    /// Of what somebody does not want.
    static let settings = OutputSchema<Set<NotificationKind>>("NotificationSettings") {
        field("assignment", .flag, "Somebody gave you a task.") { !$0.contains(.assignment) }
        field("due_tomorrow", .flag, "The day before something is due.") { !$0.contains(.dueTomorrow) }
        field("overdue", .flag, "When a due date has passed.") { !$0.contains(.overdue) }
        field("weekly_digest", .flag, "On Mondays, what the week has.") { !$0.contains(.weeklyDigest) }
        field("new_device", .flag, "A device that was not used before has logged in.") { !$0.contains(.newDevice) }
    }

    static let changes = InputSchema<NotificationChanges>(
        "NotificationChanges", NotificationChanges.init(assignment:dueTomorrow:overdue:weeklyDigest:newDevice:)
    ) {
        filter("assignment", .flag, example: false)
        filter("due_tomorrow", .flag)
        filter("overdue", .flag)
        filter("weekly_digest", .flag, example: false)
        filter("new_device", .flag, "To switch it off, the password must have been entered in this session within the last 10 minutes.")
    }

    /// Letters that may stand in the fragment of an address.
    static let token = InputSchema<String>("UnsubscribeToken", { $0 }) {
        required(
            "token",
            .text(
                1...200, pattern: "^[A-Za-z0-9._-]+$", fault: "is not one of ours",
                where: { text in
                    text.utf8.allSatisfy { $0.isASCIIAlphanumeric || "._-".utf8.contains($0) }
                }), "From the header List-Unsubscribe of the mail.", example: "MS4x.c2lnbmF0dXJl")
    }
}
