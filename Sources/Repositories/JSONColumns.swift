// Lists and event changes as JSON texts in a column, the same on every engine.
import Foundation
import Model
import StoreCore

func jsonText(_ texts: [String]) throws -> String {
    if texts.isEmpty { return "[]" }
    return String(decoding: try JSONEncoder().encode(texts), as: UTF8.self)
}

func texts(fromJSON text: String) throws -> [String] {
    if text == "[]" { return [] }
    do { return try JSONDecoder().decode([String].self, from: Data(text.utf8)) } catch { throw StoreError.corrupt("a list column") }
}

/// `[{"field": …, "from": …, "to": …}]`.
func jsonText(_ changes: [FieldChange]) throws -> String {
    if changes.isEmpty { return "[]" }
    let stored = changes.map { StoredChange(field: $0.field, from: .init($0.from), to: .init($0.to)) }
    return String(decoding: try JSONEncoder().encode(stored), as: UTF8.self)
}

func changes(fromJSON text: String) throws -> [FieldChange] {
    if text == "[]" { return [] }
    do {
        return try JSONDecoder().decode([StoredChange].self, from: Data(text.utf8)).map {
            FieldChange($0.field, from: $0.from.value, to: $0.to.value)
        }
    } catch {
        throw StoreError.corrupt("the changes of an event")
    }
}

private struct StoredChange: Codable {
    var field: String
    var from: StoredValue
    var to: StoredValue
}

private struct StoredValue: Codable {
    let value: FieldChange.Value

    init(_ value: FieldChange.Value) { self.value = value }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            value = .null
        } else if let bool = try? container.decode(Bool.self) {
            value = .bool(bool)
        } else if let int = try? container.decode(Int64.self) {
            value = .int(int)
        } else if let texts = try? container.decode([String].self) {
            value = .texts(texts)
        } else {
            value = .text(try container.decode(String.self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch value {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .int(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .texts(let value): try container.encode(value)
        }
    }
}
