// What one wants to be told by mail, and the address behind “No more mails like this one”.
import HTTPTypes
import Model
import Services
import Wire

struct NotificationEndpoints {
    let notifications: NotificationService

    private static let path = "/api/v1/users/me/notifications"
    private static let unsubscribePath = "/api/v1/unsubscribe"

    var get: Endpoint {
        .read(
            .getNotifications, Self.path, "Get your mail settings", tag: .users, for: .session,
            gives: .ok(NotificationSchemas.settings, "The kinds of mails, and whether you get them.")
        ) { try await notifications.muted(by: $0) }
    }

    var update: Endpoint {
        .change(
            .updateNotifications, .patch, Self.path, "Switch mails on and off", tag: .users, for: .session,
            .body(NotificationSchemas.changes), gives: .ok(NotificationSchemas.settings, "The settings after the change.")
        ) { notifications.update($1, by: $0) }
    }

    /// A GET changes nothing: mail programs follow links by themselves to look at what is there.
    var show: Endpoint {
        .read(
            .showUnsubscribe, Self.unsubscribePath, "Open the page that switches mails off", tag: .users, for: .anyone,
            .query(NotificationSchemas.token), gives: .seeOther("A page with a button.")
        ) { _, token in "/unsubscribe#token=\(token)" }
    }

    var unsubscribe: Endpoint {
        .change(
            .unsubscribe, .post, Self.unsubscribePath, "Switch off one kind of mail, without logging in (RFC 8058)", tag: .users,
            for: .anyone, .query(NotificationSchemas.token), gives: .noContent("You no longer get mails of this kind.")
        ) { try notifications.unsubscribe($1, from: $0.origin) }
        .bearingForms
    }
}
