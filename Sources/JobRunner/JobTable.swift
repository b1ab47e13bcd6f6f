// The table of contents of background work: every kind of job and who does it, one line each.
import Model
package import Services

package struct JobTable: Sendable {
    private let taskLogs: TaskLogService
    private let housekeeping: Housekeeping
    private let reports: ReportService
    private let webhooks: WebhookDeliverer
    private let mails: MailDeliverer
    private let notifier: Notifier
    private let recovery: AccountRecovery
    private let importJob = ImportJob()
    private let undoImportJob = UndoImportJob()
    private let unassignTasksJob = UnassignTasksJob()
    private let moveDueDaysJob = MoveDueDaysJob()

    package init(
        taskLogs: TaskLogService, housekeeping: Housekeeping, reports: ReportService, webhooks: WebhookDeliverer, mails: MailDeliverer,
        notifier: Notifier, recovery: AccountRecovery
    ) {
        self.webhooks = webhooks
        self.mails = mails
        self.notifier = notifier
        self.recovery = recovery
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
        case .testWebhook: try await webhooks.test(run)
        case .deliverMail: try await mails.deliver(run)
        case .requestReset: try recovery.queueReset(run)
        case .announceDue: try await notifier.announceDue(run)
        case .writeDigests: try await notifier.writeDigests(run)
        case .importTasks: try await importJob.run(run)
        case .undoImport: try await undoImportJob.run(run)
        case .makeReport: try await reports.make(run)
        case .unassignTasks: try await unassignTasksJob.run(run)
        case .moveDueDays: try await moveDueDaysJob.run(run)
        case .doNothing: JobCompletion()
        }
    }
}
