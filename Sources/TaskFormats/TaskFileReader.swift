// The second pass over a file of tasks: its records, one after another.

package struct TaskFileReader: Sendable {
    private var source: RecordSource

    package init(_ plan: TaskFilePlan) { source = RecordSource(plan, text: plan.charset.text) }

    /// Takes the next bytes, cut anywhere, and hands on the records that end in them.
    /// - Throws: `TaskFileFault`, and what `take` throws; nothing may be read after that.
    package mutating func read(_ bytes: [UInt8], _ take: (TaskRecord) throws -> Void) throws { try source.read(bytes, take) }

    /// Hands on what is left, when everything was read.
    /// - Throws: as `read`.
    package mutating func finish(_ take: (TaskRecord) throws -> Void) throws { try source.finish(take) }
}
