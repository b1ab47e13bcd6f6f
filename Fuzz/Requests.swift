// The readers of requests: what they take is within the rules, and what they refuse has a reason.
import HTTPTypes
import Model

@testable import API
@testable import Wire

/// Small enough that the numbers of values and the depth are met.
private let limits = JSONLimits(depth: 8, values: 200)

func fuzzJSON(_ input: ArraySlice<UInt8>) {
    guard let value = try? JSON(parsing: input, limits: limits) else { return }
    require((try? JSON(parsing: value.text.utf8, limits: limits)) == value, "\(value) was written as \(value.text)")
}

/// `nil` comes with a fault and a value without one: an endpoint asks for nothing else.
private func requireReason<Value>(_ input: String, _ read: (inout [Fault]) -> Value?) {
    var faults: [Fault] = []
    let value = read(&faults)
    require((value == nil) == !faults.isEmpty, "\(input): \(String(describing: value)), \(faults)")
}

func fuzzBody(_ input: ArraySlice<UInt8>) {
    guard let value = try? JSON(parsing: input) else { return }
    requireReason(value.text) { TaskSchemas.draft.read(value, &$0) }
    requireReason(value.text) { TaskSchemas.changes.read(value, &$0) }
    requireReason(value.text) { TaskSchemas.batch.read(value, &$0) }
    requireReason(value.text) { WebhookSchemas.draft.read(value, &$0) }
}

func fuzzQuery(_ input: ArraySlice<UInt8>) {
    let text = String(decoding: input, as: UTF8.self)
    guard let items = try? parseQuery(text[...]) else { return }
    let query = items.flatMap { item in item.texts.map { "\(percentEncoded(item.name))=\(percentEncoded($0))" } }.joined(separator: "&")
    let again = try? parseQuery(query[...])
    require(again?.map(\.name) == items.map(\.name) && again?.map(\.texts) == items.map(\.texts), "\(text) was written as \(query)")
    requireReason(text) { TaskSchemas.query.readQuery(items, &$0) }
    requireReason(text) { TaskSchemas.order.readQuery(items, &$0) }
    requireReason(text) { TaskSchemas.fields.readQuery(items, &$0) }
    requireReason(text) { PageFields.request.readQuery(items, &$0) }
}

func fuzzCursor(_ input: ArraySlice<UInt8>) {
    let text = String(decoding: input, as: UTF8.self)
    guard let cursor = Cursor(opaque: text) else { return }
    require(Cursor(opaque: cursor.opaque) == cursor, "\(cursor) was written as \(cursor.opaque)")
}

func fuzzIfMatch(_ input: ArraySlice<UInt8>) {
    guard let name = HTTPField.Name("If-Match") else { return }
    let text = String(decoding: input, as: UTF8.self)
    var headers = HTTPFields()
    headers[values: name] = text.split(separator: "\n").map(String.init)
    requireReason(text) { IfMatchPart().read(RequestInput(headers: headers), &$0) }
}
