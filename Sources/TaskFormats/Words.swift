// The words that files use for fields, states, priorities and truth values, in English, German, French and Spanish.
import Model

/// Words are compared folded: without case, diacritics and repeated blanks, with `_` and `-` as blanks.
enum Words {
    /// Bytes of the longest text that can be a word.
    static let longest = 100

    static func folded(_ text: String) -> String {
        guard text.utf8.count <= longest else { return "" }
        // Blanks that are none, and apostrophes as typesetters make them.
        let text = text.utf8.allSatisfy { $0 < 0x80 } ? text : searchFolded(text).replacing("\u{a0}", with: " ").replacing("’", with: "'")
        var folded: [UInt8] = []
        folded.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            // A sign, not a blank.
            case UInt8(ascii: "-") where folded.isEmpty: folded.append(byte)
            case 0x20, 0x09, 0x0a, 0x0d, UInt8(ascii: "_"), UInt8(ascii: "-"):
                if folded.last != 0x20, !folded.isEmpty { folded.append(0x20) }
            case 0x41...0x5a: folded.append(byte | 0x20)
            default: folded.append(byte)
            }
        }
        if folded.last == 0x20 { folded.removeLast() }
        return String(decoding: folded, as: UTF8.self)
    }

    /// The field that a name stands for, and its place: of two columns for the same field the one with the lower place is it.
    static func field(_ folded: String) -> (meaning: Meaning, rank: Int)? { fields[folded] }

    /// The names that a sender can use in `columns`.
    static let fieldNames = [
        "title", "description", "status", "priority", "assignee", "labels", "due", "archived", "active", "completed", "percent",
        "completed_at",
        "created_at", "detail", "ignore",
    ]

    /// - Returns: `nil` when there is no such field.
    static func field(named name: String) -> Meaning? {
        switch folded(name) {
        case "ignore": .ignored
        case "detail", "text": .detail
        case "label": .labels
        case let name:
            ["percent": .percent, "active": .active][name]
                ?? fields[name].flatMap { $0.rank == 0 || fieldNames.contains(name) ? $0.meaning : nil }
        }
    }

    static func status(_ folded: String) -> StatusWord? { statuses[folded] }
    static func priority(_ folded: String) -> TaskPriority? { priorities[folded] }
    static func flag(_ folded: String) -> Bool? { flags[folded] }

    /// Our own words, which need no folding.
    static let ownStatuses = Dictionary(uniqueKeysWithValues: TaskStatus.allCases.map { ($0.word, $0) })
    static let ownPriorities = Dictionary(uniqueKeysWithValues: TaskPriority.allCases.map { ($0.word, $0) })

    // MARK: Tables

    private static let fields: [String: (meaning: Meaning, rank: Int)] = {
        // The names of our own files come first, and mean the field whatever else is there.
        let rows: [(meaning: Meaning, names: [String])] = [
            (
                .title,
                [
                    "title", "task name", "task", "subject", "summary", "task title", "name", "titel", "aufgabe", "aufgabenname", "betreff",
                    "bezeichnung", "aufgabentitel", "titre", "tache", "nom de la tache", "intitule", "sujet", "objet", "nom", "titulo",
                    "tarea",
                    "nombre de la tarea", "asunto", "nombre", "to do", "todo", "item", "content", "what", "was", "vorgang", "thema",
                ]
            ),
            (
                .description,
                [
                    "description", "notes", "note", "details", "body", "task description", "beschreibung", "notizen", "notiz",
                    "bemerkung", "bemerkungen", "anmerkung", "anmerkungen", "kommentar", "descriptif", "remarque", "remarques",
                    "commentaire",
                    "commentaires", "descripcion", "notas", "nota", "comentario", "comentarios", "observaciones", "detalles",
                ]
            ),
            (
                .status,
                [
                    "status", "state", "progress", "task status", "zustand", "fortschritt", "bearbeitungsstatus", "stand", "statut", "etat",
                    "avancement", "estado", "situacion", "progreso",
                ]
            ),
            (
                .priority,
                ["priority", "prio", "importance", "prioritat", "wichtigkeit", "dringlichkeit", "priorite", "importancia", "prioridad"]
            ),
            (
                .personName,
                [
                    "assigned user", "assignee", "assigned to", "assignees", "responsible", "assign", "person", "zugewiesen",
                    "zugewiesen an", "zustandig", "zustandige person", "zustandiger", "verantwortlich", "verantwortlicher", "bearbeiter",
                    "bearbeiterin", "wer", "assigne a", "assigne", "attribue a", "responsable", "asignado a", "asignado", "encargado",
                ]
            ),
            (.personAddress, ["assignee email", "assignee e mail", "assigned to email"]),
            (.personUsername, ["assignee username"]),
            (
                .labels,
                [
                    "labels", "label", "tags", "tag", "categories", "category", "keywords", "etiketten", "etikett", "schlagworter",
                    "schlagwort", "schlagworte", "stichworte", "kategorien", "kategorie", "etiquettes", "etiquette", "libelles",
                    "mots cles",
                    "categorie", "etiquetas", "etiqueta", "categorias", "categoria",
                ]
            ),
            (
                .due,
                [
                    "due at", "due on", "due", "due date", "deadline", "due by", "faellig", "faellig am", "fallig", "fallig am",
                    "falligkeit", "falligkeitsdatum", "frist", "termin", "bis", "stichtag", "echeance", "date d'echeance", "date limite",
                    "date echeance", "a faire pour", "vencimiento", "fecha de vencimiento", "fecha limite", "vence", "vence el", "plazo",
                ]
            ),
            (.archived, ["archived", "is archived", "archiviert", "archive", "archivee", "archivado", "archivada"]),
            (.active, ["active", "is active", "aktiv", "actif", "active?", "activo", "activa"]),
            (
                .completed,
                [
                    "completed", "done", "complete", "is completed", "is done", "finished", "closed", "checked", "erledigt", "fertig",
                    "abgeschlossen", "beendet", "termine", "terminee", "fini", "fait", "acheve", "hecho", "hecha", "completado",
                    "completada",
                    "terminado", "terminada",
                ]
            ),
            (
                .percent,
                [
                    "% complete", "percent complete", "% completed", "completion %", "progress %", "% erledigt", "% abgeschlossen",
                    "prozent erledigt", "% acheve", "% termine", "% completado",
                ]
            ),
            (
                .completedAt,
                [
                    "completed at", "completed date", "completed on", "date completed", "completion date", "closed at", "resolved",
                    "finished at", "erledigt am", "abgeschlossen am", "fertig am", "fertiggestellt am", "termine le", "date d'achevement",
                    "date de fin", "completado el", "fecha de finalizacion", "terminado el",
                ]
            ),
            (
                .createdAt,
                [
                    "created at", "created", "created date", "created on", "date created", "creation date", "created time", "erstellt",
                    "erstellt am", "angelegt", "angelegt am", "erstellungsdatum", "cree le", "date de creation", "cree", "creado",
                    "creado el",
                    "fecha de creacion",
                ]
            ),
            (.ignored, ["id", "owner", "updated at", "owner id", "assignee id", "version", "completed by", "deleted at", "position"]),
        ]
        var fields: [String: (meaning: Meaning, rank: Int)] = [:]
        for (meaning, names) in rows {
            for (rank, name) in names.enumerated() { fields[name] = fields[name] ?? (meaning, rank) }
        }
        fields["due on"] = (.due, 0)
        fields["task name"] = (.title, 0)
        return fields
    }()

    private static let statuses: [String: StatusWord] = table([
        (
            .pending,
            """
            pending, open, opened, to do, todo, not started, new, backlog, waiting, waiting on someone else, deferred,
            needs action, needsaction, planned, reopened, inbox, incomplete, offen, zu erledigen, nicht begonnen,
            nicht gestartet, nicht angefangen, neu, geplant, wartet, wartend, warten auf jemand anderen, zuruckgestellt,
            ausstehend, a faire, ouvert, ouverte, non commence, non commencee, pas commence, nouveau, en attente, differe,
            pendiente, abierto, abierta, por hacer, sin empezar, no iniciado, no iniciada, no comenzado, no comenzada,
            nuevo, nueva, en espera, aplazada
            """
        ),
        (
            .inProgress,
            """
            in progress, in_progress, inprogress, in process, doing, started, ongoing, in review, review, working on it,
            in arbeit, in bearbeitung, begonnen, angefangen, gestartet, lauft, en cours, commence, en curso, en progreso,
            en proceso, empezado, iniciado
            """
        ),
        (
            .completed,
            """
            completed, complete, done, closed, finished, resolved, fixed, erledigt, abgeschlossen, fertig, geschlossen,
            beendet, gelost, termine, terminee, fini, finie, ferme, fermee, fait, faite, acheve, achevee, hecho, hecha,
            completado, completada, terminado, terminada, cerrado, cerrada, finalizado, finalizada, resuelto
            """
        ),
        (
            .archived,
            """
            archived, archiviert, archive, archivee, archivado, archivada
            """
        ),
        (
            .cancelled,
            """
            cancelled, canceled, won't do, won't fix, wont do, deleted, abgebrochen, storniert, annule, annulee, cancelado,
            cancelada
            """
        ),
    ])

    private static let priorities: [String: TaskPriority] = table([
        (
            .critical,
            """
            critical, urgent, highest, blocker, immediate, very high, kritisch, dringend, sehr hoch, hochste, critique,
            urgente, tres haute, tres elevee, critico, critica, muy alta
            """
        ),
        (
            .high,
            """
            high, important, major, hoch, wichtig, haute, haut, eleve, elevee, importante, alta, alto
            """
        ),
        (
            .medium,
            """
            medium, normal, none, moderate, average, mittel, keine, moyenne, moyen, normale, aucune, media, medio, ninguna
            """
        ),
        (
            .low,
            """
            low, lowest, minor, trivial, niedrig, gering, niedrigste, basse, bas, faible, baja, bajo
            """
        ),
    ])

    private static let flags: [String: Bool] = table([
        (
            true,
            """
            true, yes, y, 1, x, ✓, ✔, checked, on, wahr, ja, j, vrai, oui, verdadero, si
            """
        ),
        (
            false,
            """
            false, no, n, 0, unchecked, off, falsch, nein, faux, non, falso
            """
        ),
    ])

    private static func table<Value>(_ rows: [(Value, String)]) -> [String: Value] {
        var table: [String: Value] = [:]
        for (value, words) in rows {
            for word in words.split(whereSeparator: { $0 == "," || $0 == "\n" }) where !word.allSatisfy(\.isWhitespace) {
                table[folded(String(word))] = value
            }
        }
        return table
    }
}

/// What a word says of the state of a task.
enum StatusWord: Sendable {
    case pending, inProgress, completed, archived, completedAndArchived
    /// Put away without having been done.
    case cancelled
}
