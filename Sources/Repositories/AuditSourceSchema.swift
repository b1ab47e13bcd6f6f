// Where a recorded change came from: the API, the command line or a job.
import StoreCore

let auditSources: [SQL] = []
