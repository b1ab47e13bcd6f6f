// Lists and event changes as JSON texts in a column, the same on every engine.
import Model
import StoreCore
import Wire

func jsonText(_ texts: [String]) -> String {
    if texts.isEmpty { return "[]" }
    var writer = JSONWriter(capacity: 64)
    writer.array(texts) { $1.string($0) }
    return writer.text
}

func texts(fromJSON text: String) throws(StoreError) -> [String] {
    if text == "[]" { return [] }
    guard let json = try? JSON(parsing: text.utf8, limits: .stored), case .array(let elements) = json else { throw .corrupt("a list column") }
    return elements.compactMap(plainText)
}

/// `[{"field": …, "from": …, "to": …}]`.
func jsonText(_ changes: [FieldChange]) -> String {
    if changes.isEmpty { return "[]" }
    var writer = JSONWriter(capacity: 512)
    writer.array(changes) { change, writer in
        writer.json(["field": .string(change.field), "from": JSON(change.from), "to": JSON(change.to)])
    }
    return writer.text
}

func changes(fromJSON text: String) throws(StoreError) -> [FieldChange] {
    if text == "[]" { return [] }
    guard let json = try? JSON(parsing: text.utf8, limits: .stored), case .array(let changes) = json else { throw .corrupt("the changes of an event") }
    return changes.map { FieldChange($0["field"].flatMap(plainText) ?? "", from: .init($0["from"]), to: .init($0["to"])) }
}

private func plainText(_ json: JSON) -> String? {
    if case .string(let text) = json { text } else { nil }
}

extension JSON {
    fileprivate init(_ value: FieldChange.Value) {
        switch value {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .text(let value): self = .string(value)
        case .texts(let values): self = .array(values.map { .string($0) })
        }
    }
}

extension FieldChange.Value {
    fileprivate init(_ json: JSON?) {
        switch json {
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .string(let value): self = .text(value)
        case .array(let elements): self = .texts(elements.compactMap(plainText))
        default: self = .null
        }
    }
}
