// How somebody wants the web interface, over HTTP.
import ChangeLedger
import HTTPTypes
import Model
import Payloads
import Services
import Wire

struct PreferencesEndpoints {
    let preferences: PreferencesService

    private static let path = "/api/v1/users/me/preferences"

    var get: Endpoint {
        .read(
            .getPreferences, Self.path, "Get your preferences for the web interface", tag: .users, for: .session,
            gives: .ok(PreferencesSchemas.preferences, "Every preference.")
        ) { try await preferences.get(by: $0) }
    }

    var update: Endpoint {
        .change(
            .updatePreferences, .patch, Self.path, "Change your preferences for the web interface", tag: .users, for: .session,
            .body(PreferencesSchemas.changes), gives: .ok(PreferencesSchemas.preferences, "The preferences after the change.")
        ) { preferences.update($1, by: $0) }
    }
}

enum PreferencesSchemas {
    private static let theme = Shape<Theme>.word(Theme.allCases.map { ($0.rawValue, $0) })
    private static let locale = Shape<Language>.word(Language.allCases.map { ($0.rawValue, $0) })
    private static let firstWeekday = Shape<FirstWeekday>.word(FirstWeekday.allCases.map { ($0.rawValue, $0) })
    private static let hourCycle = Shape<HourCycle>.word(HourCycle.allCases.map { ($0.rawValue, $0) })
    private static let hint = Shape<String>.text(
        Preferences.hintLength, pattern: Preferences.hintPattern, fault: "must be lower-case letters, digits, underscores and hyphens",
        where: Preferences.isHint)
    private static let hints = Shape<[String]>.list(hint, Preferences.hintCount)

    static let preferences = OutputSchema<Preferences>("Preferences") {
        field("theme", theme, "system: the browser decides.", example: "dark") { $0.theme }
        nullable("locale", locale, "The language; null: the browser decides.", example: "en") { $0.locale }
        nullable("first_weekday", firstWeekday, "The first day of the week; null: the browser decides.", example: "monday") {
            $0.firstWeekday
        }
        nullable("hour_cycle", hourCycle, "h12: 12 hours; h23: 24 hours; null: the browser decides.", example: "h23") { $0.hourCycle }
        nullable(
            "date_order", .dateOrder,
            "The date order of your account: how dates such as 01/02/2030 are read.", example: "dmy"
        ) { $0.dateOrder }
        field("single_keys", .flag, "Whether single letters are keyboard commands.", example: true) { $0.singleKeys }
        field("hints_seen", hints, "Hints that are not shown again.", example: ["quick_add"]) { $0.hintsSeen }
    }

    static let changes = InputSchema<PreferencesChanges>(
        "PreferencesChanges",
        PreferencesChanges.init(theme:locale:firstWeekday:hourCycle:dateOrder:singleKeys:hintsSeen:)
    ) {
        filter("theme", theme, example: "dark")
        clearable("locale", locale)
        clearable("first_weekday", firstWeekday)
        clearable("hour_cycle", hourCycle)
        clearable("date_order", .dateOrder, "The date order of your account.")
        filter("single_keys", .flag)
        filter("hints_seen", hints, "Replaces the list.", example: ["quick_add"])
    }
}
