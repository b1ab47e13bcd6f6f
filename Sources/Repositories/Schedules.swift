// Which slot of each schedule was used last: the memory of all instances together.
package import Model
package import StoreCore

package struct Schedules {
    let tx: Tx

    package init(_ tx: Tx) { self.tx = tx }

    /// The slot that was used last, and nobody else changes it until the transaction ends.
    package func lockLastSlot(of schedule: Schedule) throws -> Instant? {
        try tx.lock("schedule \(schedule.rawValue)")
        return try tx.first("SELECT last_slot FROM schedules WHERE name = \(schedule.rawValue)") { try $0.value(0) }
    }

    package func setLastSlot(of schedule: Schedule, _ slot: Instant) throws {
        try tx.run(
            """
            INSERT INTO schedules (name, last_slot) VALUES (\(schedule.rawValue), \(slot))
            ON CONFLICT (name) DO UPDATE SET last_slot = excluded.last_slot
            """)
    }

    package func lastSlots() throws -> [Schedule: Instant] {
        let rows: [(String, Instant)] = try tx.rows("SELECT name, last_slot FROM schedules") { (try $0.value(0), try $0.value(1)) }
        // A schedule that a later version knew stays in the table when it is gone from the program.
        return rows.reduce(into: [:]) { slots, row in if let schedule = Schedule(rawValue: row.0) { slots[schedule] = row.1 } }
    }
}
