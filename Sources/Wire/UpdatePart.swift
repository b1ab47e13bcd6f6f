// The body of a PUT or PATCH: what is to change, and, in the hands of a client that sends back what it has read, what only the server sets.

package struct Update<Changes: Sendable, Root: Sendable>: Sendable {
    package let changes: Changes
    package let repetition: Repetition<Root>
}

/// What a request repeats of a thing without being able to change it.
package struct Repetition<Root: Sendable>: Sendable {
    fileprivate let members: [JSON.Member]
    fileprivate let fields: [OutputField<Root>]

    /// The fields that are repeated.
    package var names: Set<String> { Set(members.map(\.name)) }

    /// - Returns: a fault for each field that the request has otherwise than the thing.
    package func faults(against root: Root) -> [Fault] {
        members.compactMap { member in
            let isSame = fields.contains { $0.name == member.name && $0.isRepeated(member.value, root) }
            return isSame
                ? nil
                : Fault(
                    pointerToken(member.name),
                    "cannot be changed here, and its current value is different: read the object again, or leave the field out"
                )
        }
    }
}

package struct UpdatePart<Changes: Sendable, Root: Sendable>: Part {
    private let schema: InputSchema<Changes>
    private let body: UpdateSchema
    private let readOnly: [OutputField<Root>]

    /// - Parameters:
    ///   - changes: what can be changed.
    ///   - thing: what is read; its other fields may be repeated.
    package init(changes: InputSchema<Changes>, thing: OutputSchema<Root>) {
        let known = Set(changes.parameters.map(\.name))
        let readOnly = thing.fields.filter { !known.contains($0.name) }
        schema = changes
        self.readOnly = readOnly
        body = UpdateSchema(
            name: changes.name,
            document: objectDocument(
                changes.parameters + readOnly.map { ($0.name, isRequired: false, document: $0.document.with("readOnly", true)) }),
            components: changes.components + thing.components)
    }

    package func read(_ input: RequestInput, _ faults: inout [Fault]) -> Update<Changes, Root>? {
        guard let json = input.body else {
            faults.append(.init("", "a JSON body is required"))
            return nil
        }
        guard case .object(let members) = json else { return schema.read(json, &faults).map { Update($0, [], readOnly) } }
        let isReadOnly = { (member: JSON.Member) in readOnly.contains { $0.name == member.name } }
        let changes = schema.read(.object(members.filter { !isReadOnly($0) }), &faults)
        return changes.map { Update($0, members.filter(isReadOnly), readOnly) }
    }

    package func describe(into operation: inout Operation) {
        operation.body = body
        operation.bodyIsRequired = true
    }
}

extension Update {
    fileprivate init(_ changes: Changes, _ members: [JSON.Member], _ fields: [OutputField<Root>]) {
        self.changes = changes
        repetition = Repetition(members: members, fields: fields)
    }
}

/// What the document says of such a body.
private struct UpdateSchema: NamedSchema {
    let name: String
    let document: JSON
    let components: [(name: String, document: JSON)]
}
