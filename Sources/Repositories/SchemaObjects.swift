// What a database is made of, as the engine describes it: to tell whether it is the one that the migrations make.
package import StoreCore

/// A table, column, constraint, index, trigger or view.
package struct SchemaObject: Hashable, Sendable {
    package let kind: String
    package let name: String
    package let definition: String

    fileprivate static func read(_ row: Row) throws -> SchemaObject {
        let definition: String = try row.value(2)
        return SchemaObject(
            kind: try row.value(0), name: try row.value(1),
            definition: definition.split { $0.isWhitespace || $0.isNewline }.joined(separator: " "))
    }

    /// Everything in the schema that statements without a schema's name mean.
    package static func all(_ tx: Tx) throws -> Set<SchemaObject> {
        switch tx.engine {
        case .sqlite: Set(try tx.rows(inSQLite.unkept, read))
        case .postgres: Set(try tx.rows(inPostgres.unkept, read))
        }
    }

    /// Makes the first steps of the schema in this transaction, apart from what is there, and says what they make. The caller gives a database
    /// that is empty on SQLite, and undoes the transaction.
    package static func made(bySteps count: Int64, _ tx: Tx) throws -> Set<SchemaObject> {
        if tx.engine == .postgres { try tx.run("SET LOCAL search_path TO pg_temp") }
        try migrator.makeSteps(upTo: count, tx)
        return try all(tx)
    }

    /// The tables in which the search index keeps itself are SQLite's to describe. A name that begins like one of SQLite's own hides nothing.
    private static let inSQLite: SQL = """
        SELECT type, name, CASE WHEN name LIKE 'task!_search!_%' ESCAPE '!' THEN '' ELSE coalesce(sql, '') END
        FROM sqlite_master
        WHERE NOT (type = 'index' AND sql IS NULL AND name LIKE 'sqlite!_autoindex!_%' ESCAPE '!')
            AND NOT (type = 'table' AND name IN ('sqlite_sequence', 'sqlite_stat1', 'sqlite_stat4'))
        """

    /// A definition with the name of the schema, as PostgreSQL writes it, without that name: it is not the same for what is and for what should be.
    private static func unnamed(_ definition: SQL) -> SQL {
        "replace(replace(\(definition), (SELECT prefix FROM here), ''), 'pg_temp.', '')"
    }

    private static let inPostgres: SQL = """
        WITH here AS (SELECT oid, nspname || '.' AS prefix FROM pg_namespace WHERE nspname = current_schema()),
        relations AS (
            SELECT c.oid, c.relname, c.relkind, c.relrowsecurity, c.relforcerowsecurity FROM pg_class c JOIN here ON c.relnamespace = here.oid)
        SELECT 'table', relname::text,
            concat_ws(' ', CASE WHEN relrowsecurity THEN 'row security' END, CASE WHEN relforcerowsecurity THEN 'forced' END)
        FROM relations WHERE relkind IN ('r', 'p', 'f')
        UNION ALL
        SELECT 'policy', r.relname || '.' || p.polname, '' FROM relations r JOIN pg_policy p ON p.polrelid = r.oid
        UNION ALL
        SELECT 'view', relname::text, \(unnamed("pg_get_viewdef(oid)")) FROM relations WHERE relkind IN ('v', 'm')
        UNION ALL
        SELECT 'column', r.relname || '.' || a.attname,
            concat_ws(' ', format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'NOT NULL' END,
                CASE WHEN a.attcollation <> t.typcollation THEN (SELECT collname FROM pg_collation WHERE oid = a.attcollation)::text END,
                nullif(a.attidentity::text, ''), nullif(a.attgenerated::text, ''), pg_get_expr(d.adbin, d.adrelid))
        FROM relations r JOIN pg_attribute a ON a.attrelid = r.oid JOIN pg_type t ON t.oid = a.atttypid
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE r.relkind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL
        SELECT 'constraint', r.relname || '.' || c.conname, \(unnamed("pg_get_constraintdef(c.oid)"))
        FROM relations r JOIN pg_constraint c ON c.conrelid = r.oid
        UNION ALL
        SELECT 'index', i.relname::text, \(unnamed("pg_get_indexdef(x.indexrelid)"))
            || CASE WHEN x.indisvalid THEN '' ELSE ' (not valid)' END
        FROM relations r JOIN pg_index x ON x.indrelid = r.oid JOIN relations i ON i.oid = x.indexrelid
        UNION ALL
        SELECT 'trigger', r.relname || '.' || g.tgname, \(unnamed("pg_get_triggerdef(g.oid)")) || ' ' || g.tgenabled::text
        FROM relations r JOIN pg_trigger g ON g.tgrelid = r.oid WHERE NOT g.tgisinternal
        UNION ALL
        SELECT 'rule', r.relname || '.' || w.rulename, \(unnamed("pg_get_ruledef(w.oid)"))
        FROM relations r JOIN pg_rewrite w ON w.ev_class = r.oid WHERE r.relkind IN ('r', 'p', 'f')
        """
}
