// A database: transactions that are asynchronous outside and synchronous inside.

package protocol Store: Sendable {
    var engine: Engine { get }

    /// Runs `body` on a consistent snapshot that includes every write acknowledged before the call.
    /// - Throws: what `body` throws, or `StoreError`.
    func read<Value: Sendable>(_ body: @escaping @Sendable (Tx) throws -> Value) async throws -> Value

    /// Runs `body` in a transaction and returns after it is on disk; what `body` throws undoes all it did.
    /// - Throws: what `body` throws, or `StoreError`.
    func write<Value: Sendable>(_ body: @escaping @Sendable (Tx) throws -> Value) async throws -> Value

    /// Copies the database as of now into a new file, while readers and writers go on.
    func backup(to path: String) async throws

    /// Everything an operator should know: name and value, healthy or not.
    func diagnose() async throws -> [Diagnosis]

    /// Ends all connections; nothing may be called after.
    func close() async throws
}

package struct Diagnosis: Sendable, Codable {
    package var check: String
    package var finding: String
    package var isHealthy: Bool

    package init(_ check: String, _ finding: String, isHealthy: Bool = true) {
        self.check = check
        self.finding = finding
        self.isHealthy = isHealthy
    }
}
