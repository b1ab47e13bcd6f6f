struct CalendarRecords: Sendable {
    private(set) var notes: [String] = []
    init(_ plan: TaskFilePlan, _ text: @escaping @Sendable ([UInt8]) -> String?) {}
    mutating func read(_ bytes: [UInt8], _ take: (TaskRecord) throws -> Void) throws {}
    mutating func finish(_ take: (TaskRecord) throws -> Void) throws {}
}
