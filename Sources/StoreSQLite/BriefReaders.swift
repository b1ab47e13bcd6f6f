// Connections for reads that are over before a thread could be handed them: they run where they are asked for.
import StoreCore
import Synchronization

final class BriefReaders: Sendable {
    private final class Place: Sendable {
        /// `nil` when it is closed.
        let reader: Mutex<BriefReader?>

        init(path: String) throws(StoreError) { reader = Mutex(try BriefReader(path: path)) }
    }

    private let places: [Place]
    /// Whether a reader may keep its snapshot for the next read.
    private let mayKeepSnapshots = Atomic(true)

    /// - Throws: `StoreError`.
    init(path: String, count: Int) throws(StoreError) {
        var places: [Place] = []
        for _ in 0..<count { places.append(try Place(path: path)) }
        self.places = places
    }

    /// - Returns: `nil` when every connection is in use, when SQLite wants to wait, or when the rows have more than `atOnceBytes` of text.
    /// - Throws: what reading a row throws, or `StoreError`.
    func rows<Element>(_ query: Query<Element>) throws -> [Element]? {
        do {
            for place in places {
                // The first one that is free, so that few of them fill their caches with the same pages.
                let rows = try place.reader.withLockIfAvailable { reader in
                    try reader?.rows(query, keepsSnapshot: mayKeepSnapshots.load(ordering: .sequentiallyConsistent))
                }
                if let rows, let rows { return rows }
            }
            return nil
        } catch StoreError.busy {
            return nil
        } catch is TooLong {
            return nil
        }
    }

    /// Runs the commit of the writer. Nobody keeps a snapshot from before it: it would show the past, and keep the log from being emptied.
    func during<Value>(_ commit: () throws -> Value) rethrows -> Value {
        mayKeepSnapshots.store(false, ordering: .sequentiallyConsistent)
        defer { mayKeepSnapshots.store(true, ordering: .sequentiallyConsistent) }
        for place in places { place.reader.withLock { $0?.releaseSnapshot() } }
        return try commit()
    }

    /// Nothing may be read after.
    func close() { for place in places { place.reader.withLock { $0 = nil } } }
}
