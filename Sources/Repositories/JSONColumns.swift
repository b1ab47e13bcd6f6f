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
    if let texts = plainTexts(text) { return texts }
    guard let json = try? JSON(parsing: text.utf8, limits: .stored), case .array(let elements) = json else {
        throw .corrupt("a list column")
    }
    return elements.compactMap(plainText)
}

/// The texts of a list as `jsonText` writes it, where none has an escaped character: every second part between quotation marks.
private func plainTexts(_ text: String) -> [String]? {
    let parts = text.utf8.split(separator: UInt8(ascii: "\""), omittingEmptySubsequences: false)
    guard parts.count % 2 == 1, parts.count > 1, parts.first?.elementsEqual("[".utf8) == true, parts.last?.elementsEqual("]".utf8) == true,
        !text.utf8.contains(UInt8(ascii: "\\"))
    else { return nil }
    var texts: [String] = []
    for index in parts.indices.dropFirst().dropLast() {
        if index % 2 == 1 { texts.append(String(Substring(parts[index]))) } else if !parts[index].elementsEqual(",".utf8) { return nil }
    }
    return texts
}

/// - Parameter longValue: finds a value that is kept elsewhere, by its hash.
func changes(fromJSON text: String, longValue: ([UInt8]) -> FieldChange.Value?) throws(StoreError) -> [FieldChange] {
    if text == "[]" { return [] }
    guard let json = try? JSON(parsing: text.utf8, limits: .stored), case .array(let changes) = json else {
        throw .corrupt("the changes of an event")
    }
    func value(_ json: JSON?) -> FieldChange.Value {
        FieldChange.Value.reference(json).map { longValue($0) ?? .null } ?? FieldChange.Value(json)
    }
    return changes.map { FieldChange($0["field"].flatMap(plainText) ?? "", from: value($0["from"]), to: value($0["to"])) }
}

private func plainText(_ json: JSON) -> String? {
    if case .string(let text) = json { text } else { nil }
}

extension JSON {
    init(_ value: FieldChange.Value) {
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
    init(_ json: JSON?) {
        switch json {
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .string(let value): self = .text(value)
        case .array(let elements): self = .texts(elements.compactMap(plainText))
        default: self = .null
        }
    }
}
