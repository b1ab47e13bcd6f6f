// What the API document says of each operation, in plain words. The compiler asks for the words of a new one.

extension OperationID {
    /// What it does, for whom, and what to know before one calls it. Markdown.
    package var description: String {
        switch self {
        // MARK: Authentication
        case .register:
            "Makes an account with the role user and logs it in. The answer has an access token for the header `Authorization: Bearer …` and a "
                + "refresh token. A mail asks the owner to confirm the address. The password must not be one of those that people choose most often."
        case .login:
            "Begins a session. Name the account by `email`, `username`, or `identifier` for either. The access token is short-lived: fetch the "
                + "next one with `POST /api/v1/auth/refresh`."
        case .refresh:
            "Gives a new access token and a new refresh token for a refresh token. Each refresh token works once: whoever uses one again ends the "
                + "session. Without a body the token is taken from the cookie."
        case .logout: "Ends the session of the access token, or of the cookie. With `all=true` every other access to the account ends, too."
        case .listSessions: "Lists the places where you are logged in, with the program and the address of each."
        case .endSession: "Ends one of your sessions. Its tokens stop working at once."
        case .changePassword:
            "Replaces your password. Every other session ends, and so does every other access to the account. The session that asks stays."
        case .reauthenticate:
            "Enters your password again in this session. For the next minutes the session may do what guards the account, such as making tokens."
        case .requestPasswordReset:
            "Mails a link that lets the owner choose a new password. The answer is the same whether or not there is such an account."
        case .resetPassword: "Sets a new password with the token of the mailed link. Every session of the account ends."
        case .verifyEmail: "Confirms an e-mail address with the token of the mailed link. A new address counts from then on."
        case .resendVerification: "Mails the link again that confirms your address. Nothing is sent when the address is confirmed already."
        case .revertEmail:
            "Takes the account back to its former e-mail address, with the token that was mailed there. Every access to the account ends."
        case .listTokens: "Lists your personal access tokens. The tokens themselves are not shown again."
        case .createToken:
            "Makes a token for a program of yours. It may do what its `scopes` say and is shown only in this answer: keep it. Send it as "
                + "`Authorization: Bearer tfp_…`."
        case .revokeToken: "Ends a personal access token. Requests with it are refused at once."
        case .getKeys: "Gives the public keys (RFC 7517) with which other services can check access tokens (JWT, EdDSA)."
        case .setUp:
            "Makes the first admin of an empty installation and logs them in. The token is printed when the server starts for the first time."

        // MARK: Users
        case .getMe: "Gives the account that the token belongs to."
        case .getMyUsage: "Gives, for each quota, how much you use and how much you may use."
        case .updateMe: "Changes the fields that you send; the others stay. A new e-mail address counts once it is confirmed by mail."
        case .searchUsers: "Finds up to ten active accounts with `q` in the name or username, to assign a task to one of them."
        case .listUsers:
            "Lists accounts, the oldest first. Filter by role, by activity, or by a part of name, username or address. For admins."
        case .createUser: "Makes an account for somebody else. For admins."
        case .getUser: "Gives an account: your own, or any for an admin."
        case .updateUser, .replaceUser:
            "Changes the fields that you send; the others stay. Admins may change every account, its `role` and `is_active` included."
        case .deleteUser: "Deletes an account for good. Its tasks stay. What was personal in it is erased."
        case .getNotifications: "Tells which mails you get."
        case .updateNotifications: "Switches kinds of mails on and off. Kinds that you do not send stay as they are."
        case .showUnsubscribe:
            "Leads from the link in a mail to the page with the button that switches such mails off. It changes nothing by itself."
        case .unsubscribe:
            "Switches off the kind of mail that the token names. Mail programs send this request for their button “unsubscribe”."

        // MARK: Tasks
        case .listTasks:
            "Lists the tasks that you own or are to do. All filters must match; of a filter that may be given more than once, one value is "
                + "enough. For example, `?status=pending&status=in_progress&sort=due_at&limit=50` gives open tasks by their due time. Read on with "
                + "`cursor`, or by pages with `page` and `per_page`."
        case .createTask: "Makes a task that belongs to you. Only `title` is required."
        case .getTask: "Gives a task that you own or are to do. Its `ETag` is the version to send as `If-Match` with a change."
        case .updateTask, .replaceTask:
            "Changes the fields that you send; the others stay. `null` clears a field that may be empty. For example, "
                + "`{\"status\": \"completed\"}` completes the task. With `If-Match` the change is made only to the version that you have read."
        case .deleteTask: "Moves a task to the trash, where it stays for 30 days. Admins may delete it for good with `permanent=true`."
        case .restoreTask: "Takes a task out of the trash, as it was."
        case .listTrash: "Lists your deleted tasks that can still be restored, the last deleted first."
        case .batchTasks:
            "Does the same to up to 1,000 tasks: complete, update, delete and so on. Each task has a result of its own, unless `atomic` asks for all "
                + "or nothing."
        case .getTaskStats:
            "Counts your tasks by status and priority, those that are overdue, and those completed on each of the last 30 days."
        case .countTasks:
            "Counts the tasks that match the filters of `GET /api/v1/tasks`, by status, priority, assignee, label or the day on which they are due. "
                + "For example, `?group_by=status&label=ops` gives the heads of a board."
        case .listLabels: "Lists the labels of the tasks that you own or are to do, without those in the trash."
        case .updateLabel:
            "Renames a label on all tasks that you own or are to do, or gives it a colour for you. Each task has the change in its history. Many tasks "
                + "are changed in steps: after 503 `batch_unfinished` merge the rest into the new name."
        case .mergeLabel:
            "Puts the label `into` in the place of a label, on all tasks that you own or are to do. For example to make `ops` of `operations` and "
                + "`ops`. Many tasks are changed in steps, as by a batch."
        case .deleteLabel:
            "Takes a label off all tasks that you own or are to do. The tasks stay. Many tasks are changed in steps: after 503 `batch_unfinished` "
                + "send the request again."
        case .getTaskHistory:
            "Lists what was changed of a task, when and by whom, the last change first. Each change names the field with its values before and after."
        case .shareTaskHistory: "Lets the assignee see the whole history of the task, also what was before the assignment. For the owner."
        case .unshareTaskHistory: "Lets the assignee see the history since the assignment only. For the owner."
        case .exportTasks:
            "Gives all tasks that match the filters as one file: a CSV table, a JSON array, or a calendar with to-dos. It is made while it is sent. "
                + "For example, `?format=csv&status=completed` gives the completed tasks as a table."
        case .importTasks:
            "Makes tasks of a file, in a job: CSV, JSON, iCalendar or todo.txt, of TaskFlow or of another program. Send it as the field `file` of a "
                + "form, or as the body itself with a media type such as `text/csv`. The file shows what it is; parameters overrule that. With "
                + "`dry_run=true` nothing is made, and the result says what would be. For example, `?dry_run=true&date_order=dmy`. Follow the job "
                + "with `GET /api/v1/jobs/{id}`: its `result` has the counts, the rows that failed (`errors`), were taken with a note (`notes`) or "
                + "were there already (`skipped_rows`), and what the file was taken for (`file`)."
        case .undoImport: "Moves the tasks that an import has made to the trash, in a job. Tasks that were changed since stay."
        case .makeReport:
            "Has a report about tasks made, in a job. When the job is completed, `GET /api/v1/jobs/{id}/result` gives the file: a PDF to print, or "
                + "a CSV table."
        case .listTaskLogs: "Lists what tasks were like on each day, the newest day first. Filter by `date` or by task."
        case .getTaskLog: "Gives one row of the daily log: what a task was like on a day."
        case .listChanges:
            "Gives every change of tasks that you may see, in order, since a place in the feed. Keep `meta.next_cursor` and send it as `since` the "
                + "next time. `since=now` gives the place to begin with."
        case .streamChanges:
            "Sends each change as a server-sent event as soon as it is made. A client that was cut off goes on with `Last-Event-ID`. The connection "
                + "stays open; use a client that reads while it receives."

        // MARK: Jobs
        case .listJobs: "Lists your imports, reports and other work that goes on behind, the newest first."
        case .getJob: "Tells how far a job is. Ask again until `state` is completed, failed or cancelled."
        case .cancelJob: "Cancels a job that waits, and asks one that runs to stop."
        case .getJobResult:
            "Gives the file that a job has made: the report, or of an import what there is to say of its rows. The bytes of the "
                + "body are the file; `Content-Type` says whether it is PDF or CSV. Files are kept for 7 days."

        // MARK: Webhooks
        case .listWebhooks: "Lists the URLs to which changes are sent for you."
        case .createWebhook:
            "Has changes sent to a URL of yours. Keep the `secret` of the answer: it is shown once, and each message is signed with it."
        case .getWebhook: "Gives a webhook, and the reason if the server has stopped it."
        case .updateWebhook: "Changes the URL or the events, stops the webhook, or starts it again where it stopped."
        case .deleteWebhook: "Deletes a webhook with its deliveries. Nothing is sent any more."
        case .rotateWebhookSecret:
            "Makes a new secret. For a day each message has two signatures, so that the receiver has time to change over."
        case .testWebhook:
            "Sends a message of the type `webhook.test` to the URL, in a job. For example to see whether the receiver checks the signature: the `result` of the "
                + "job says how the receiver answered. It is not one of the deliveries."
        case .listDeliveries: "Lists what was sent to the URL in the last 30 days, and how each message was answered, the newest first."
        case .replayDelivery: "Sends a message once more, with the same `webhook-id`, in a job."

        // MARK: Administration
        case .listAllJobs: "Lists the jobs of everybody and of the server itself, the newest first. For admins."
        case .retryJob: "Queues a job again that has failed or was cancelled. For admins."
        case .listSchedules: "Lists what the server does by itself, how often, and when it is next. For admins."
        case .runSchedule: "Queues the work of a schedule now, without waiting for its time. For admins."
        case .listAllUsers: "Lists all accounts, the oldest first. For admins."
        case .listAllTasks: "Lists everybody's tasks, with the filters of `GET /api/v1/tasks`. For admins."
        case .listAllWebhooks: "Lists everybody's webhooks and how the last message of each fared, the newest first. For admins."
        case .deleteAnyTask: "Moves anybody's task to the trash, or deletes it for good with `permanent=true`. For admins."
        case .getInstanceStats: "Counts accounts, tasks and events of the whole installation. For admins."
        case .listAudit:
            "Lists everything that was recorded, the last event first. Filter by who did it, what it was, and when. For admins."
        case .verifyAudit:
            "Checks that the events are those that were recorded: that none was changed, removed or put in. It reads the whole log. For admins."

        // MARK: Service
        case .getHealth: "Answers as long as the process can answer at all. For whoever restarts it."
        case .getReadiness: "Answers 200 when the server can serve requests, else 503 with the reason. For load balancers."
        case .getMetrics: "Gives the figures of the process in the text format of Prometheus."
        case .getOpenAPI: "Gives this document. Clients can be generated from it."
        }
    }
}
