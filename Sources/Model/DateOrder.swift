// In which order people write the numbers of a date.

/// The order of day (`d`), month (`m`) and year (`y`) in dates such as `01/02/2030`, which the date alone does not tell.
package enum DateOrder: String, CaseIterable, Codable, Sendable {
    case dmy, mdy, ymd
}
