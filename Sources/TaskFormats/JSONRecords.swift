struct JSONRecords: Sendable {
    private(set) var columns: [PlannedColumn]
    init(_ plan: TaskFilePlan, _ header: HeaderReader?) { columns = plan.columns }
    mutating func read(_ bytes: [UInt8], _ take: (TaskRecord) throws -> Void) throws {}
    mutating func finish(_ take: (TaskRecord) throws -> Void) throws {}
}
