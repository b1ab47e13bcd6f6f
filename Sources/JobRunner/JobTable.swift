// The table of contents of background work: every kind of job and who does it, one line each.
import Model
package import Services

package struct JobTable: Sendable {
    private let taskLogs: TaskLogService
    private let housekeeping: Housekeeping
    private let reports: ReportService
    private let webhooks: WebhookDeliverer
    private let importJob = ImportJob()
    private let undoImportJob = UndoImportJob()

    package init(taskLogs: TaskLogService, housekeeping: Housekeeping, reports: ReportService, webhooks: WebhookDeliverer) {
        self.webhooks = webhooks
        self.taskLogs = taskLogs
        self.housekeeping = housekeeping
        self.reports = reports
    }

    package func run(_ run: JobRun) async throws -> JobCompletion {
        switch run.job.kind {
        case .writeTaskLog: try await taskLogs.write(run)
        case .announceOverdue: try await housekeeping.announceOverdue(run)
        case .emptyTrash: try await housekeeping.emptyTrash(run)
        case .cleanUp: try await housekeeping.cleanUp(run)
        case .deliverWebhook: try await webhooks.deliver(run)
        case .replayWebhook: try await webhooks.replay(run)
        case .importTasks: try await importJob.run(run)
        case .undoImport: try await undoImportJob.run(run)
        case .makeReport: try await reports.make(run)
        case .doNothing: JobCompletion()
        }
    }
}
