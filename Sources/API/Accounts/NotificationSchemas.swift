// How the switches for mails look on the wire.
import Model
import Payloads
import Wire

enum NotificationSchemas {
    /// Of what somebody does not want.
    static let settings = OutputSchema<Set<NotificationKind>>("NotificationSettings") {
        field("assignment", .flag, "Mails about tasks that are assigned to you.") { !$0.contains(.assignment) }
        field("due_tomorrow", .flag, "Mails on the day before a task is due.") { !$0.contains(.dueTomorrow) }
        field("overdue", .flag, "Mails when a due date has passed.") { !$0.contains(.overdue) }
        field("weekly_digest", .flag, "Mails on Mondays with the tasks of the week.") { !$0.contains(.weeklyDigest) }
        field("new_device", .flag, "Mails about a login from a new device.") { !$0.contains(.newDevice) }
    }

    static let changes = InputSchema<NotificationChanges>(
        "NotificationChanges", NotificationChanges.init(assignment:dueTomorrow:overdue:weeklyDigest:newDevice:)
    ) {
        filter("assignment", .flag, example: false)
        filter("due_tomorrow", .flag)
        filter("overdue", .flag)
        filter("weekly_digest", .flag, example: false)
        filter("new_device", .flag, "To switch it off, you must have entered your password in this session within the last 10 minutes.")
    }

    /// Letters that may stand in the fragment of an address.
    static let token = InputSchema<String>("UnsubscribeToken", { $0 }) {
        required(
            "token",
            .text(
                1...200, pattern: "^[A-Za-z0-9._-]+$", fault: "is not a token of this server",
                where: { text in
                    text.utf8.allSatisfy { $0.isASCIIAlphanumeric || "._-".utf8.contains($0) }
                }), "The token from the header List-Unsubscribe of the mail.", example: "MS4x.c2lnbmF0dXJl")
    }
}
