// Identifiers that cannot be mixed up.

/// The 64-bit identifier of an `Entity`, positive, given by the store.
package struct ID<Entity>: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let value: Int64

    package init(_ value: Int64) { self.value = value }

    package static func < (a: Self, b: Self) -> Bool { a.value < b.value }

    package var description: String { String(value) }
}
