// The colours in which somebody sees labels.
package import Model
package import StoreCore

package struct LabelColors {
    let tx: Tx
    private let user: ID<User>

    package init(of user: ID<User>, _ tx: Tx) {
        self.user = user
        self.tx = tx
    }

    static let schema: [SQL] = [
        """
        CREATE TABLE label_colors (
            user_id BIGINT NOT NULL REFERENCES users (id),
            label_key TEXT NOT NULL,
            color TEXT NOT NULL,
            PRIMARY KEY (user_id, label_key)
        )
        """
    ]

    /// By the keys of the labels.
    package func all() throws -> [String: LabelColor] {
        let colors = try tx.rows("SELECT label_key, color FROM label_colors WHERE user_id = \(user)") { row in
            (try row.value(0, as: String.self), try decoded(row.value(1)) as LabelColor)
        }
        return Dictionary(colors, uniquingKeysWith: { first, _ in first })
    }

    package func set(_ color: LabelColor?, of key: String) throws {
        guard let color else {
            try tx.run("DELETE FROM label_colors WHERE user_id = \(user) AND label_key = \(key)")
            return
        }
        try tx.run(
            """
            INSERT INTO label_colors (user_id, label_key, color) VALUES (\(user), \(key), \(color.rawValue))
            ON CONFLICT (user_id, label_key) DO UPDATE SET color = excluded.color
            """)
    }

    /// The colour of a label that goes becomes that of the one in its place, if that has none.
    package func move(from key: String, to other: String) throws {
        guard key != other else { return }
        try tx.run(
            """
            INSERT INTO label_colors (user_id, label_key, color)
            SELECT user_id, \(other), color FROM label_colors WHERE user_id = \(user) AND label_key = \(key)
            ON CONFLICT DO NOTHING
            """)
        try set(nil, of: key)
    }
}
