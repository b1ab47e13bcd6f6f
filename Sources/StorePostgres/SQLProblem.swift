// What the server says went wrong, in the words of the store. Source: PostgreSQL, appendix “PostgreSQL Error Codes”.
import CPostgres
import StoreCore

struct SQLProblem: CustomStringConvertible {
    enum Kind {
        /// The connection ends.
        case lost
        /// The server takes no changes (any more).
        case misplaced
        case conflict
        case duplicate
        case other
    }

    let code: String
    let description: String
    private let constraint: String?

    init(_ result: OpaquePointer) {
        func field(_ letter: Character) -> String? {
            letter.asciiValue.flatMap { PQresultErrorField(result, Int32($0)) }.map { String(cString: $0) }
        }
        code = field("C") ?? ""
        constraint = field("n")
        description = field("M") ?? String(cString: PQresultErrorMessage(result))
    }

    var kind: Kind {
        switch code {
        case "25006": .misplaced
        case "", "25P03", "57P01", "57P02", "57P03", "57P05": .lost
        case "40001", "40P01", "55P03": .conflict
        case "23505": .duplicate
        default: code.hasPrefix("08") && code != "08P01" ? .lost : .other
        }
    }

    var error: StoreError {
        switch (code, code.prefix(2)) {
        case ("23505", _): .duplicate(constraint ?? description)
        case (_, "23"), ("22001", _), ("22021", _): .constraint("\(constraint ?? code): \(description)")
        // The last two are about what one statement takes: memory, room for temporary files.
        case (_, "40"), ("55P03", _), ("57014", _), ("53200", _), ("53400", _): .busy
        case ("53100", _): .full
        case (_, "53"), (_, "58"), ("25006", _), ("42501", _): .unavailable("PostgreSQL \(code): \(description)")
        case (_, "XX"): .corrupt("PostgreSQL \(code): \(description)")
        default: .statement("PostgreSQL \(code): \(description)")
        }
    }
}
