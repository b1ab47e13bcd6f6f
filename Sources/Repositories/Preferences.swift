// How people want the web interface. Who has changed nothing has no row.
package import Model
import StoreCore

extension Users {
    static let preferencesSchema: [SQL] = [
        """
        CREATE TABLE preferences (
            user_id BIGINT PRIMARY KEY REFERENCES users (id),
            theme TEXT NOT NULL,
            locale TEXT,
            first_weekday TEXT,
            hour_cycle TEXT,
            single_keys BOOLEAN NOT NULL,
            hints_seen TEXT NOT NULL
        )
        """
    ]

    package func preferences(of id: ID<User>) throws -> Preferences {
        var preferences =
            try tx.first(
                "SELECT theme, locale, first_weekday, hour_cycle, single_keys, hints_seen FROM preferences WHERE user_id = \(id)",
                Self.readPreferences) ?? Preferences()
        preferences.dateOrder = try get(id).dateOrder
        return preferences
    }

    @Sendable private static func readPreferences(_ row: Row) throws -> Preferences {
        var preferences = Preferences()
        preferences.theme = try decoded(row.value(0))
        preferences.locale = try row.value(1, as: String?.self).map(decoded)
        preferences.firstWeekday = try row.value(2, as: String?.self).map(decoded)
        preferences.hourCycle = try row.value(3, as: String?.self).map(decoded)
        preferences.singleKeys = try row.value(4)
        preferences.hintsSeen = try row.value(5, as: String.self).split(separator: " ").map(String.init)
        return preferences
    }

    /// Writes everything but the order of dates, which the account has.
    package func setPreferences(_ new: Preferences, of id: ID<User>) throws {
        try tx.run(
            """
            INSERT INTO preferences (user_id, theme, locale, first_weekday, hour_cycle, single_keys, hints_seen)
            VALUES (\(id), \(new.theme.rawValue), \(new.locale?.rawValue), \(new.firstWeekday?.rawValue), \(new.hourCycle?.rawValue),
                \(new.singleKeys), \(new.hintsSeen.joined(separator: " ")))
            ON CONFLICT (user_id) DO UPDATE SET theme = excluded.theme, locale = excluded.locale, first_weekday = excluded.first_weekday,
                hour_cycle = excluded.hour_cycle, single_keys = excluded.single_keys, hints_seen = excluded.hints_seen
            """)
    }

    package func deletePreferences(of id: ID<User>) throws { try tx.run("DELETE FROM preferences WHERE user_id = \(id)") }
}
