struct TodoLines: Sendable {
    init(_ text: @escaping @Sendable ([UInt8]) -> String?) {}
    static func isLikely(_ text: ArraySlice<UInt8>) -> Bool { false }
    mutating func read(_ bytes: [UInt8], _ take: (TaskRecord) throws -> Void) throws {}
    mutating func finish(_ take: (TaskRecord) throws -> Void) throws {}
}
