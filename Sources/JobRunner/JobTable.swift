// The table of contents of background work: every kind of job and who does it, one line each.
package import BackgroundWork
import Model

package struct JobTable: Sendable {
    private let webhooks: WebhookDeliverer
    private let mails: MailDeliverer
    private let notifier = Notifier()
    private let taskLogJob = TaskLogJob()
    private let housekeeping = Housekeeping()
    private let reportJob = ReportJob()
    private let passwordResetJob = PasswordResetJob()
    private let importJob = ImportJob()
    private let undoImportJob = UndoImportJob()
    private let unassignTasksJob = UnassignTasksJob()
    private let moveDueDaysJob = MoveDueDaysJob()

    package init(webhooks: WebhookDeliverer, mails: MailDeliverer) {
        self.webhooks = webhooks
        self.mails = mails
    }

    package func run(_ run: JobRun) async throws -> JobCompletion {
        switch run.job.kind {
        case .writeTaskLog: try await taskLogJob.run(run)
        case .announceOverdue: try await housekeeping.announceOverdue(run)
        case .emptyTrash: try await housekeeping.emptyTrash(run)
        case .cleanUp: try await housekeeping.cleanUp(run)
        case .deliverWebhook: try await webhooks.deliver(run)
        case .replayWebhook: try await webhooks.replay(run)
        case .testWebhook: try await webhooks.test(run)
        case .deliverMail: try await mails.deliver(run)
        case .requestReset: try passwordResetJob.run(run)
        case .announceDue: try await notifier.announceDue(run)
        case .writeDigests: try await notifier.writeDigests(run)
        case .importTasks: try await importJob.run(run)
        case .undoImport: try await undoImportJob.run(run)
        case .makeReport: try await reportJob.run(run)
        case .unassignTasks: try await unassignTasksJob.run(run)
        case .moveDueDays: try await moveDueDaysJob.run(run)
        case .doNothing: JobCompletion()
        }
    }
}
