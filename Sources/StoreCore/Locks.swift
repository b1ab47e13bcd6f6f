// Locks with a name, for rules that span rows. With one writer in one process every transaction holds them all.

extension Tx {
    /// Waits until no other transaction holds the lock, on any instance, and keeps it to the end of this one.
    package func lock(_ name: String) throws {
        guard engine == .postgres else { return }
        try run("SELECT pg_advisory_xact_lock(\(lockNumber(name)))")
    }

    /// Takes the lock to the end of this transaction.
    /// - Returns: `false` at once when another transaction holds it.
    package func tryLock(_ name: String) throws -> Bool {
        guard engine == .postgres else { return true }
        return try value("SELECT pg_try_advisory_xact_lock(\(lockNumber(name)))")
    }
}

/// FNV-1a, the same in every process. Two names that meet wait for each other without need, and that is all.
/// Source: draft-eastlake-fnv.
private func lockNumber(_ name: String) -> Int64 {
    Int64(bitPattern: name.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 })
}
