// Which variables of the environment libpq itself reads.
import CPostgres

extension PostgresStore {
    /// Names such as `PGPASSFILE` and `PGSSLROOTCERT`, as the libpq that is linked knows them.
    package static let environmentNames: Set<String> = {
        // Where to look for services and for the system's settings is read before there are options.
        var names: Set = ["PGSERVICEFILE", "PGSYSCONFDIR"]
        guard let defaults = PQconndefaults() else { return names }
        defer { PQconninfoFree(defaults) }
        var option = defaults
        while option.pointee.keyword != nil {
            if let name = option.pointee.envvar { names.insert(String(cString: name)) }
            option += 1
        }
        return names
    }()
}
