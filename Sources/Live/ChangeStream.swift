// One reader who follows the change feed: a place, a bell, and nothing that could grow.
package import Model
import Services

package final class ChangeStream: Sendable {
    private let hub: ChangeHub
    private let id: UInt64
    private let scope: FeedScope
    private let actor: Actor
    private let bell: Bell
    private let clock: WallClock

    init(hub: ChangeHub, id: UInt64, scope: FeedScope, actor: Actor, bell: Bell, clock: WallClock) {
        self.hub = hub
        self.id = id
        self.scope = scope
        self.actor = actor
        self.bell = bell
        self.clock = clock
    }

    /// A stream that was opened and never sent leaves its place, too.
    deinit { hub.close(id, of: actor.userID) }

    /// The reader is gone.
    package func abandon() { bell.ring(.end) }

    /// Hands on every change behind `start`, and nothing when it is time for a sign of life, until the reader's access ends, the reader goes,
    /// or the server stops. `deliver` waits until the reader has room.
    package func follow(after start: FeedCursor, _ deliver: ([FeedChange]) async throws -> Void) async throws {
        defer { hub.close(id, of: actor.userID) }
        var place = start
        var reason = Bell.Reason.look
        while reason != .end {
            if let end = actor.expiresAt, end <= clock.now() { return }
            guard let page = try await page(after: place) else { return }
            if !page.changes.isEmpty || reason == .beat { try await deliver(page.changes) }
            place = page.next
            reason = page.hasMore ? .look : await bell.wait()
        }
    }

    /// `nil` when the reader may read no more.
    private func page(after place: FeedCursor) async throws -> FeedPage? {
        do {
            return try await hub.feed.page(after: place, limit: hub.limits.page, scope, by: actor)
        } catch Failure.unauthenticated, Failure.forbidden {
            return nil
        }
    }
}
