// How commands read an answer: a member that is missing or of another kind is no value.
package import Wire

extension JSON {
    package var stringValue: String? { if case .string(let text) = self { text } else { nil } }

    package var intValue: Int64? { if case .int(let number) = self { number } else { nil } }

    package var elements: [JSON] { if case .array(let elements) = self { elements } else { [] } }

    /// As a cell of a table: text as it is, numbers and truth values in words, lists with commas, and nothing for what is not there.
    package var cell: String {
        switch self {
        case .null: ""
        case .bool(let value): value ? "yes" : "no"
        case .string(let text): text
        case .array(let elements): elements.map(\.cell).joined(separator: ", ")
        case .int, .double, .object: text
        }
    }

    /// A day as it is, and an instant to the minute.
    package var momentCell: String { cell.count > 16 ? "\(cell.prefix(16))Z" : cell }
}
