// What the API document says of each operation, in plain words. The compiler asks for the words of a new one.
import Services

extension OperationID {
    /// What it does, for whom, and what to know before one calls it. Markdown.
    package var description: String {
        switch self {
        // MARK: Authentication
        case .register:
            "Creates an account with the role user and logs it in. The answer has an access token for the header `Authorization: Bearer …` and a "
                + "refresh token. A mail asks the owner to confirm the address. Very common passwords are refused."
        case .login:
            "Starts a session. Name the account by `email`, by `username`, or by `identifier`, which accepts both. The access token expires soon: "
                + "get the next one with `POST /api/v1/auth/refresh`."
        case .refresh:
            "Returns a new access token and a new refresh token for a refresh token. Each refresh token works once: a second use ends the session. "
                + "Without a body the server reads the token from the cookie."
        case .logout:
            "Ends the session of the access token, or of the cookie. With `all=true` it also ends all other access to the account."
        case .listSessions: "Lists your sessions, with the program and the network address of each."
        case .endSession: "Ends one of your sessions. Its tokens stop working at once."
        case .changePassword:
            "Replaces your password. All other sessions and all other access to the account end. Your current session stays."
        case .reauthenticate:
            "Enters your password again in this session. For the next minutes the session may use operations that protect the account, such as "
                + "creating tokens."
        case .requestPasswordReset:
            "Sends a mail with a link that lets the owner choose a new password. The answer is the same if there is no such account."
        case .resetPassword: "Sets a new password with the token of the mailed link. All sessions of the account end."
        case .verifyEmail:
            "Confirms an e-mail address with the token of the mailed link. After that, a new address is the address of the account."
        case .resendVerification: "Sends the mail that confirms your address again. Nothing is sent if the address is already confirmed."
        case .revertEmail:
            "Restores the former e-mail address of the account, with the token that was mailed there. All access to the account ends."
        case .listTokens: "Lists your personal access tokens. The tokens themselves are not shown again."
        case .createToken:
            "Creates a token for one of your programs. Its `scopes` limit its use. The token is shown only in this answer: store it. Send it as "
                + "`Authorization: Bearer tfp_…`."
        case .revokeToken: "Revokes a personal access token. Requests with it are refused at once."
        case .getKeys: "Returns the public keys (RFC 7517) with which other services can check access tokens (JWT, EdDSA)."
        case .setUp:
            "Creates the first admin of an empty installation and logs them in. The server prints the token when it starts for the first time."

        // MARK: Users
        case .getMe: "Returns your account."
        case .getMyUsage: "Returns your usage and your limit for each quota."
        case .updateMe:
            "Changes the fields that you send; the others stay. You must confirm a new e-mail address by mail before it takes effect."
        case .searchUsers: "Finds up to ten active accounts with `q` in the name or username, so that you can assign a task to one of them."
        case .lookUpUsers:
            "Returns the names of up to 100 accounts by their ids: your own, those of owners and assignees of tasks that you see, and those of users "
                + "who recently changed such a task. Other ids are left out. Admins see all accounts."
        case .listUsers:
            "Lists accounts, the oldest first. You can filter by role, by activity, or by a part of name, username or address. For admins."
        case .createUser: "Creates an account for somebody else. For admins."
        case .getUser: "Returns your own account. Admins can get every account."
        case .updateUser, .replaceUser:
            "Changes the fields that you send; the others stay. Admins may change every account, its `role` and `is_active` included."
        case .deleteUser: "Deletes an account permanently. Its tasks stay. Its personal data is erased."
        case .getNotifications: "Returns the kinds of mails that you get."
        case .updateNotifications: "Switches kinds of mails on and off. Kinds that you do not send stay unchanged."
        case .getPreferences: "Returns your preferences for the web interface: how it looks, and how it shows and reads dates and times."
        case .updatePreferences: "Changes the preferences that you send; the others stay. `null` lets the browser decide."
        case .listViews: "Lists the views that you have saved, in your order. Nobody else sees them."
        case .createView:
            "Saves a view: a name, a layout, and the query of the page that shows it. The server stores the query unchanged. The quota `views` "
                + "limits the number of your views."
        case .getView: "Returns one of your saved views."
        case .updateView:
            "Changes the fields that you send; the others stay. A new `position` moves the view, and the positions of other views change."
        case .deleteView: "Deletes one of your saved views. The tasks that it showed stay."
        case .showUnsubscribe:
            "Redirects the link in a mail to the page with the button that switches such mails off. It changes nothing by itself."
        case .unsubscribe:
            "Switches off the kind of mail that the token names. Mail programs send this request when you press their button “unsubscribe”."

        // MARK: Tasks
        case .listTasks:
            "Lists the tasks that you own or are assigned. All filters must match; if a filter has several values, one of them must match. For "
                + "example, `?status=pending&status=in_progress&sort=due_at&limit=50` returns open tasks by their due time. Get further tasks with "
                + "`cursor`, or by pages with `page` and `per_page`."
        case .createTask: "Creates a task that belongs to you. Only `title` is required."
        case .getTask: "Returns a task that you own or are assigned. Its `ETag` is its version. Send it as `If-Match` with a change."
        case .updateTask, .replaceTask:
            "Changes the fields that you send; the others stay. `null` clears an optional field. For example, `{\"status\": \"completed\"}` "
                + "completes the task. With `If-Match` the change is made only to the version that you have read."
        case .deleteTask: "Moves a task to the trash, where it stays for 30 days. Admins may delete it permanently with `permanent=true`."
        case .restoreTask: "Restores a task from the trash, unchanged."
        case .listTrash: "Lists your deleted tasks that can still be restored, the most recently deleted first."
        case .batchTasks:
            "Applies one action to many tasks: complete, update, delete and so on. Name up to 1,000 tasks by `ids`, or select up to "
                + "\(Batch.selectionLimit) with a `filter`. With a filter you must send the expected number, and the request is refused if the "
                + "filter finds another number. Each task has its own result, unless `atomic` asks for all or nothing. For example, `{\"action\": "
                + "\"update\", \"filter\": {\"label\": [\"ops\"], \"overdue\": true}, \"expected\": 12, \"changes\": {\"shift_due\": 7, "
                + "\"add_labels\": [\"late\"]}}`."
        case .moveTask:
            "Moves a task in the manual order (`sort=position`), and changes its status if you send one. Send the task that comes before it "
                + "(`after`), the task that comes after it (`before`), or both; without either it goes to the top of its status. The order is the "
                + "same for everybody who sees the tasks. If two people move tasks at once, both moves take effect. For example, `{\"status\": "
                + "\"in_progress\", \"after\": 42}`."
        case .undoChange:
            "Undoes the changes that one of your requests made to tasks: fields get their previous values, new tasks go to the trash, deleted tasks "
                + "are restored. `request_id` is the `X-Request-Id` of its answer, or `request_id` in the history of a task. A field that somebody "
                + "has changed since is refused, and the rest is undone. An undo is a normal change: you can undo it with its own `X-Request-Id`. A "
                + "large change is undone in steps, like a batch."
        case .getTaskStats:
            "Counts your tasks by status and priority, the overdue tasks, and the tasks completed on each of the last 30 days."
        case .countTasks:
            "Counts the tasks that match the filters of `GET /api/v1/tasks`, by status, priority, assignee, label or due day. For example, "
                + "`?group_by=status&label=ops` returns the counts for the columns of a board."
        case .listLabels: "Lists the labels of the tasks that you own or are assigned. Tasks in the trash do not count."
        case .updateLabel:
            "Renames a label on all tasks that you own or are assigned, or sets the colour in which you see it. The history of each task records the "
                + "change. Many tasks are changed in steps: after 503 `batch_unfinished` merge the rest into the new name."
        case .mergeLabel:
            "Replaces a label with the label `into`, on all tasks that you own or are assigned. For example, merge `operations` into `ops`. Many "
                + "tasks are changed in steps, like a batch."
        case .deleteLabel:
            "Removes a label from all tasks that you own or are assigned. The tasks stay. Many tasks are changed in steps: after 503 "
                + "`batch_unfinished` send the request again."
        case .getTaskHistory:
            "Lists the changes of a task, with time and author, the newest first. Each change names the field with its values before and after."
        case .shareTaskHistory:
            "Lets the assignee see the whole history of the task, including the time before the assignment. For the owner."
        case .unshareTaskHistory: "Lets the assignee see only the history since the assignment. For the owner."
        case .exportTasks:
            "Returns all tasks that match the filters as one file: a CSV table, a JSON array, or a calendar with to-dos. The server writes the file "
                + "while it sends it. For example, `?format=csv&status=completed` returns the completed tasks as a table."
        case .parseTask:
            "Reads a task from a line such as `Pay rent friday 5pm !high #home @grace // by transfer`, with your time zone, date order and first "
                + "weekday. It does not create the task: send the fields to `POST /api/v1/tasks`. `hints` lists the parts that were not used, and "
                + "`offered` is a date in the middle of the title that you may want to use."
        case .createDownload:
            "Creates a link to an export or to the result of a job. The link works once within a minute, without credentials, so that a browser can "
                + "save the file. It returns the file that you would get, as long as the session or token that created the link is valid."
        case .useDownload:
            "Returns the file of a link from `POST /api/v1/downloads`. The link works only once."
        case .importTasks:
            "Creates tasks from a file, in a job: CSV, JSON, iCalendar or todo.txt, from TaskFlow or another program. Send it as the field `file` of "
                + "a form, or as the body itself with a media type such as `text/csv`. The server detects the format of the file; parameters "
                + "override that. With `dry_run=true` nothing is created, and the result shows what would be created. For example, "
                + "`?dry_run=true&date_order=dmy`. Follow the job with `GET /api/v1/jobs/{id}`: its `result` has the counts, the rows that failed "
                + "(`errors`), the rows with a note (`notes`), the rows that you already have as tasks (`skipped_rows`), and the detected format "
                + "(`file`)."
        case .undoImport: "Moves the tasks of an import to the trash, in a job. Tasks that were changed since stay."
        case .makeReport:
            "Creates a report about tasks, in a job. When the job is completed, `GET /api/v1/jobs/{id}/result` returns the file: a PDF to print, or "
                + "a CSV table."
        case .listTaskLogs: "Lists the state of tasks on each day, the newest day first. You can filter by `date` or by task."
        case .getTaskLog: "Returns one row of the daily log: the state of a task on one day."
        case .listChanges:
            "Returns every change of tasks that you may see, in order, since a position in the feed. Store `meta.next_cursor` and send it as `since` "
                + "the next time. `since=now` returns the position to start with."
        case .streamChanges:
            "Sends each change as a server-sent event as soon as it is made. A client that was disconnected continues with `Last-Event-ID`. The "
                + "connection stays open; use a client that can read a stream."

        // MARK: Jobs
        case .listJobs: "Lists your imports, reports and other background jobs, the newest first."
        case .getJob: "Returns a job with its progress. Ask again until `state` is completed, failed or cancelled."
        case .cancelJob: "Cancels a queued job, and asks a running job to stop."
        case .getJobResult:
            "Returns the file of a job: a report, or the errors and notes of an import. The body is the file; `Content-Type` is PDF or CSV. Files "
                + "are kept for 7 days."

        // MARK: Webhooks
        case .listWebhooks: "Lists your webhooks: the URLs to which the server sends changes for you."
        case .createWebhook:
            "Creates a webhook that sends changes to your URL. Store the `secret` of the answer: it is shown once, and each message is signed with "
                + "it."
        case .getWebhook: "Returns a webhook, and the reason if the server has stopped it."
        case .updateWebhook: "Changes the URL or the events, stops the webhook, or starts it again at the position where it stopped."
        case .deleteWebhook: "Deletes a webhook with its deliveries. No further messages are sent."
        case .rotateWebhookSecret:
            "Creates a new secret. For a day each message has two signatures, so that you have time to update the receiver."
        case .testWebhook:
            "Sends a message of the type `webhook.test` to the URL, in a job. Use it, for example, to test the signature check of the receiver: the "
                + "`result` of the job has the receiver's answer. The message is not listed as a delivery."
        case .listDeliveries: "Lists the messages to the URL in the last 30 days, with the answer to each, the newest first."
        case .replayDelivery: "Sends a message again, with the same `webhook-id`, in a job."

        // MARK: Administration
        case .listAllJobs: "Lists the jobs of all users and of the server itself, the newest first. For admins."
        case .retryJob: "Queues a failed or cancelled job again. For admins."
        case .listSchedules: "Lists the schedules of the server: what it does, how often, and when it runs next. For admins."
        case .runSchedule: "Queues the job of a schedule now. For admins."
        case .listAllUsers: "Lists all accounts, the oldest first. For admins."
        case .listAllTasks: "Lists everybody's tasks, with the filters of `GET /api/v1/tasks`. For admins."
        case .listAllWebhooks: "Lists everybody's webhooks with the state of the last message, the newest first. For admins."
        case .deleteAnyTask: "Moves anybody's task to the trash, or deletes it permanently with `permanent=true`. For admins."
        case .getInstanceStats: "Counts accounts, tasks and events of the whole installation. For admins."
        case .listAudit:
            "Lists all recorded events, the newest first. You can filter by user, action and time. For admins."
        case .verifyAudit:
            "Checks that no event was changed, removed or added after it was recorded. It reads the whole log. For admins."

        // MARK: Service
        case .getHealth: "Answers while the process is alive. For supervisors that restart the process."
        case .getReadiness: "Answers 200 when the server is ready for requests, otherwise 503 with the reason. For load balancers."
        case .getMetrics: "Returns the metrics of the process in the text format of Prometheus."
        case .getInstance:
            "Returns information about the installation for clients before a login: whether there is an admin, which features are available, and the "
                + "limits."
        case .getOpenAPI: "Returns this document. You can generate clients from it."
        }
    }
}
