// What each metric says, for the `# HELP` line that monitoring systems show beside a graph. A metric without a line here fails a test.

enum MetricDescriptions {
    static let all: [String: String] = [
        "process_cpu_seconds_total": "Processor time that this process has used.",
        "process_open_fds": "Files and sockets that this process has open.",
        "process_resident_memory_bytes": "Memory of this process that is in RAM.",
        "process_start_time_seconds": "When this process started, in seconds since 1970.",
        "taskflow_build_info": "The version of this program and of its database engine. The value is always 1.",
        "taskflow_disk_free_bytes": "Free space where the data folder is.",
        "taskflow_event_streams": "Open streams of changes.",
        "taskflow_events_oldest_unsealed_seconds": "Age of the oldest event that no stream and no webhook knows yet.",
        "taskflow_http_request_duration_seconds": "Time from the head of a request to the end of its answer, by operation and status.",
        "taskflow_job_duration_seconds": "Time of one run of a job, by kind and outcome.",
        "taskflow_jobs_oldest_wait_seconds": "How long the oldest waiting job has been due.",
        "taskflow_jobs_waiting": "Jobs that are due and wait for a worker.",
        "taskflow_last_backup_timestamp_seconds":
            "When the last backup was made and verified, in seconds since 1970; 0 when there is none.",
        "taskflow_mails_total": "Attempts to send a mail, by outcome.",
        "taskflow_password_hash_seconds": "Time to hash or check one password.",
        "taskflow_password_queue_depth": "Passwords that are being hashed or wait for it.",
        "taskflow_ready": "1 when the server takes requests, 0 when it does not; asked when the metrics are read.",
        "taskflow_replica_lag_bytes": "How far a replica is behind the primary, in bytes of the log, when a read last asked.",
        "taskflow_store_changes_total": "Changes that went through the writer, refused ones included.",
        "taskflow_store_commit_seconds": "Time of one transaction of the writer, with its fsync.",
        "taskflow_store_connections": "Open connections of the pool that changed last.",
        "taskflow_store_queue_depth": "Work that waits for a database connection.",
        "taskflow_store_write_queue_depth": "Changes that wait while a transaction is made.",
        "taskflow_webhook_attempts_total": "Attempts to deliver a change to a webhook, by outcome.",
    ]
}
