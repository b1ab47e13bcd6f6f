// The files of other programs, each recognised by its shape and read with its meaning.
import Model
import TaskFormats
import Testing

@Suite struct ProductTests {
    @Test("Todoist: sections become labels, notes and subtasks stay as text, 1 is the highest priority, repetitions stay as text")
    func todoist() throws {
        let file = try ReadFile(
            """
            \u{feff}TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE,DURATION,DURATION_UNIT,DEADLINE,DEADLINE_LANG\r
            meta,view_style=list,,,,,,,,,,,,\r
            ,,,,,,,,,,,,,\r
            section,Garden,,,,,,,,,,,,\r
            task,Mow the lawn @outside,both sides,1,1,Ada (1001),Bob (1002),2030-01-31,en,Europe/Berlin,,None,,\r
            task,sharpen the blade,,4,2,Ada (1001),,every monday,en,Europe/Berlin,,None,2030-02-01,en\r
            note,ask the neighbour,,,,Ada (1001),,2030-01-01T10:00:00.000000Z,,,,,,\r
            section,House,,,,,,,,,,,,\r
            task,Call at half past nine,,2,1,Ada (1001),,2030-01-31T09:30:00,en,Europe/Berlin,15,minute,,\r
            """)
        #expect(file.plan.summary.product == "Todoist")
        #expect(file.faults.isEmpty, "\(file.faults)")
        let tasks = file.tasks
        #expect(file.rows.map(\.number) == [5, 6, 9] && file.plan.rowCount == 3 && file.plan.lastRow == 9)
        #expect(tasks.map(\.task.title) == ["Mow the lawn", "sharpen the blade", "Call at half past nine"])
        #expect(tasks.map(\.task.priority) == [.critical, .low, .high])
        #expect(tasks.map { Set($0.task.labels) } == [["Garden", "outside"], ["Garden"], ["House"]])
        #expect(tasks[0].people == ["Bob"] && tasks[0].task.description == "both sides")
        #expect(try tasks[0].task.due == day("2030-01-31") && tasks[1].task.due == nil)
        #expect(try tasks[2].task.due == moment("2030-01-31T08:30:00Z"))
        let text = try #require(tasks[1].task.description)
        for words in ["Part of: Mow the lawn", "DATE: every monday", "ask the neighbour", "DEADLINE: 2030-02-01"] {
            #expect(text.contains(words), "\(words) in \(text)")
        }
        #expect(file.rows[1].notes.contains { $0.column == "DATE" })
        #expect(tasks[2].task.description?.contains("DURATION: 15") == true)
        #expect(file.plan.summary.ignored.contains("AUTHOR"))
    }

    @Test("Trello: the list is a label, colours of labels go, Archived and Due Complete are kept")
    func trello() throws {
        let file = try ReadFile(
            """
            Card ID,Card Name,Card URL,Card Description,Labels,Members,Due Date,Attachment Count,Attachment Links,Checklist Item Total Count,Checklist Item Completed Count,Vote Count,Comment Count,Last Activity Date,List ID,List Name,Board ID,Board Name,Archived,Start Date,Due Complete
            65f1,Oil the gate,https://trello.com/c/a/1,"twice, slowly","urgent (red),home (green)","ada,bob",2030-01-31T09:00:00.000Z,0,,2,1,0,0,2029-12-01T10:00:00.000Z,65f0,Doing,65f1,House,false,,false
            65f2,Buy oil,https://trello.com/c/b/2,,,,,0,,0,0,0,0,2029-12-01T10:00:00.000Z,65f0,Done,65f1,House,true,,true
            """)
        #expect(file.plan.summary.product == "Trello" && file.faults.isEmpty, "\(file.faults)")
        let (first, second) = (file.tasks[0], file.tasks[1])
        #expect(first.task.labels == ["urgent", "home", "Doing"])
        #expect(try first.task.due == moment("2030-01-31T09:00:00Z"))
        #expect(first.people == ["ada"] && first.task.description?.contains("Also assigned to: bob") == true)
        #expect(
            first.task.description?.hasPrefix("twice, slowly") == true
                && first.task.description?.contains("https://trello.com/c/a/1") == true)
        #expect((first.task.status, first.task.archived) == (.pending, false))
        #expect((second.task.status, second.task.archived) == (.completed, true))
        #expect(file.rows[0].notes.contains { $0.detail.contains("only the first of 2 persons") })
    }

    @Test("Asana: a task with a time of completion is completed, fields have line ends, persons have addresses")
    func asana() throws {
        let file = try ReadFile(
            """
            Task ID,Created At,Completed At,Last Modified,Name,Section/Column,Assignee,Assignee Email,Start Date,Due Date,Tags,Notes,Projects,Parent task,Blocked By (Dependencies),Blocking (Dependencies)
            1207001,2029-11-02,,2029-11-20,Write the flyer,To do,Ada Example,ada@example.com,,2030-01-31,"print,spring","two pages
            A4",Spring fair,Prepare,Draw the picture,
            1207002,2029-11-02,2029-11-05,2029-11-20,Book the room,Done,,,,,,,Spring fair,,,
            """)
        #expect(file.plan.summary.product == "Asana" && file.faults.isEmpty, "\(file.faults)")
        let (first, second) = (file.tasks[0], file.tasks[1])
        #expect(file.rows.map(\.number) == [2, 3])
        #expect(first.people == ["ada@example.com", "Ada Example"] && first.task.labels == ["To do", "print", "spring"])
        #expect(try first.task.due == day("2030-01-31"))
        #expect(first.task.status == .pending && first.completedAt == nil)
        #expect(
            first.task.description
                == "two pages\nA4\n\nProjects: Spring fair\nPart of: Prepare\nBlocked By (Dependencies): Draw the picture")
        #expect(second.task.status == .completed)
        #expect(second.completedAt == Instant("2029-11-05T00:00:00Z"))
    }

    @Test("TickTick: lines above the header are borne, all-day dates are days in their zone, states are its own numbers")
    func tickTick() throws {
        let file = try ReadFile(
            """
            "Date: 2029-11-20+0000"
            "Version: 7.1"
            "Status: 
            0 Normal
            1 Completed
            2 Archived"
            "Folder Name","List Name","Title","Kind","Tags","Content","Is Check list","Start Date","Due Date","Reminder","Repeat","Priority","Status","Created Time","Completed Time","Order","Timezone","Is All Day","Is Floating","Column Name","Column Order","View Mode","taskId","parentId"
            "","Home","Sweep","TEXT","spring, dust","with care","N","","2030-01-30T23:00:00+0000","","FREQ=WEEKLY;INTERVAL=1","5","0","2029-11-20T09:30:00+0000","","-1","Europe/Berlin","true","false","","0","list","1",""
            "","Home","Mop","TEXT","","","N","","2030-01-31T08:30:00+0000","","","1","2","2029-11-20T09:30:00+0000","2029-11-21T09:30:00+0000","-1","Europe/Berlin","false","false","","0","list","2","1"
            """)
        #expect(file.plan.summary.product == "TickTick" && file.faults.isEmpty, "\(file.faults)")
        #expect(file.rows.map(\.number) == [5, 6])
        let (first, second) = (file.tasks[0], file.tasks[1])
        #expect(try first.task.due == day("2030-01-31") && second.task.due == moment("2030-01-31T08:30:00Z"))
        #expect((first.task.priority, second.task.priority) == (.high, .low))
        #expect(first.task.labels == ["Home", "spring", "dust"])
        #expect(first.task.description == "with care\n\nRepeat: FREQ=WEEKLY;INTERVAL=1")
        #expect(second.task.status == .completed && second.task.archived && second.completedAt == Instant("2029-11-21T09:30:00Z"))
        #expect(second.task.description == "Part of: Sweep")
        #expect(file.plan.summary.notes.contains { $0.contains("row 4") })
    }

    @Test("Microsoft Planner: month first, buckets and labels, Important and Urgent")
    func planner() throws {
        let file = try ReadFile(
            """
            Task ID,Task Name,Bucket Name,Progress,Priority,Assigned To,Created By,Created Date,Start date,Due date,Is Recurring,Late,Completed Date,Completed By,Completed Checklist Items,Checklist Items,Labels,Description\r
            A1,Order tables,Office,In progress,Important,Ada Example;Bob Example,Bob Example,11/20/2029,,01/31/2030,true,false,,,0/2,"legs;seats",Blue;Red,for the hall\r
            A2,Return tables,Office,Completed,Urgent,,Bob Example,11/20/2029,,,false,false,12/01/2029,Ada Example,,,,\r
            """)
        #expect(file.plan.summary.product == "Microsoft Planner" && file.faults.isEmpty, "\(file.faults)")
        let (first, second) = (file.tasks[0], file.tasks[1])
        #expect(first.task.status == .inProgress && first.task.priority == .high && second.task.priority == .critical)
        #expect(first.task.labels == ["Office", "Blue", "Red"] && first.people == ["Ada Example"])
        #expect(try first.task.due == day("2030-01-31"))
        #expect(first.createdAt?.start == Instant("2029-11-20T00:00:00Z") && first.createdAt?.isDay == true)
        #expect(second.completedAt == Instant("2029-12-01T00:00:00Z"))
        let text = try #require(first.task.description)
        for words in ["for the hall", "Checklist Items: legs;seats", "Is Recurring: true", "Also assigned to: Bob Example"] {
            #expect(text.contains(words), "\(words) in \(text)")
        }
    }

    @Test("Microsoft To Do and Outlook, in English and German", arguments: [true, false])
    func outlook(isEnglish: Bool) throws {
        let file = try ReadFile(
            isEnglish
                ? """
                "Subject","Start Date","Due Date","Reminder On/Off","Reminder Date","Reminder Time","Date Completed","% Complete","Categories","Notes","Priority","Private","Sensitivity","Status"
                "Send the bill",,"1/31/2030","False",,,,"0.5","money;spring","by post","High","False","Normal","In Progress"
                """
                : """
                "Betreff";"Beginnt am";"Fällig am";"Erinnerung Ein/Aus";"Erledigt am";"% erledigt";"Kategorien";"Notizen";"Priorität";"Status"
                "Send the bill";;"31.1.2030";"Aus";;"50";"money;spring";"by post";"Hoch";"In Bearbeitung"
                """)
        #expect(file.plan.summary.product == "Microsoft To Do or Outlook" && file.faults.isEmpty, "\(file.faults)")
        let task = try #require(file.tasks.first).task
        #expect((task.title, task.description, task.status, task.priority) == ("Send the bill", "by post", .inProgress, .high))
        #expect(task.labels == ["money", "spring"])
        #expect(try task.due == day("2030-01-31"))
    }

    @Test("Jira: repeated columns are a list, there are more than 64, and its dates have names of months")
    func jira() throws {
        let many = (0..<80).map { "Custom field (Field \($0))" }
        let header = [
            "Summary", "Issue key", "Issue id", "Status", "Priority", "Assignee", "Created", "Resolved", "Due date", "Labels", "Labels",
            "Description", "Comment", "Comment", "Status Category",
        ]
        let row = [
            "Mend the bridge", "BR-7", "10007", "Waiting for stones", "Highest", "ada", "20/Nov/29 9:30 AM", "", "31/Jan/30 12:00 AM",
            "river", "stone", "it creaks",
            "21/Nov/29 8:00 AM;ada;saw it", "22/Nov/29 8:00 AM;bob;heard it", "In Progress",
        ]
        let text = [header + many, row + many.map { _ in "" }].map { $0.joined(separator: ",") }.joined(separator: "\n")
        let file = try ReadFile(text)
        #expect(file.plan.summary.product == "Jira" && file.faults.isEmpty, "\(file.faults)")
        let draft = try #require(file.tasks.first)
        #expect(draft.task.labels == ["river", "stone"] && draft.task.priority == .critical && draft.task.status == .inProgress)
        #expect(draft.createdAt == TimeText(start: try #require(Instant("2029-11-20T09:30:00Z")), isDay: false))
        #expect(try draft.task.due == day("2030-01-31"))
        let description = try #require(draft.task.description)
        for words in ["it creaks", "saw it", "heard it", "Status: Waiting for stones", "Issue key: BR-7"] {
            #expect(description.contains(words), "\(description)")
        }
        #expect(file.plan.summary.ignored.contains("Custom field (Field 3)"))
    }

    @Test("GitLab: closed issues are completed, and its times are in UTC whatever the account's zone")
    func gitLab() throws {
        let file = try ReadFile(
            """
            Title,Description,Issue ID,URL,State,Author,Author Username,Assignee,Assignee Username,Confidential,Locked,Due Date,Created At (UTC),Updated At (UTC),Closed At (UTC),Milestone,Weight,Labels,Time Estimate,Time Spent,Epic ID,Epic Title
            Mend it,text,1,https://gitlab.example.com/x/1,Open,Ada,ada,Bob,bob,No,No,2030-01-31,2029-11-20 09:30:00,2029-11-20 09:30:00,,Spring,,"bug,ui",0,3600,,
            Leave it,,2,https://gitlab.example.com/x/2,Closed,Ada,ada,,,No,No,,2029-11-20 09:30:00,2029-11-20 09:30:00,2029-11-21 10:00:00,,,,0,0,,
            """, ImportHints(timeZone: "Europe/Berlin"))
        #expect(file.plan.summary.product == "GitLab" && file.faults.isEmpty, "\(file.faults)")
        let (first, second) = (file.tasks[0], file.tasks[1])
        #expect(first.people == ["bob", "Bob"] && Set(first.task.labels) == ["bug", "ui", "Spring"])
        #expect(first.createdAt?.start == Instant("2029-11-20T09:30:00Z"))
        #expect(second.task.status == .completed && second.completedAt == Instant("2029-11-21T10:00:00Z"))
        #expect(first.task.description == "text\n\nURL: https://gitlab.example.com/x/1\nTime Spent: 3600")
        #expect(file.plan.summary.ignored.contains("Confidential") && file.plan.summary.ignored.contains("Locked"))
    }

    @Test("Kanboard: columns and swimlanes are labels, 3 is the highest priority")
    func kanboard() throws {
        let file = try ReadFile(
            """
            "Task Id",Reference,Project,Status,Category,Swimlane,Column,Position,Color,"Due date",Creator,"Creator Name","Assignee Username","Assignee Name",Complexity,Title,"Creation date","Modification date","Completion date","Start date","Time estimated","Time spent",Priority,Tags
            12,,Bridge,Closed,stone,"Default swimlane",Done,1,yellow,"01/31/2030 09:30",ada,Ada,bob,"Bob Example",0,"Lay the stones","11/20/2029 09:30","11/20/2029 09:30","11/21/2029 09:30",,0,0,3,"river, hard"
            """)
        #expect(file.plan.summary.product == "Kanboard" && file.faults.isEmpty, "\(file.faults)")
        let draft = try #require(file.tasks.first)
        #expect(draft.task.title == "Lay the stones" && draft.task.status == .completed && draft.task.priority == .critical)
        #expect(draft.completedAt == Instant("2029-11-21T09:30:00Z") && draft.people == ["bob", "Bob Example"])
        #expect(try draft.task.due == moment("2030-01-31T09:30:00Z"))
        #expect(Set(draft.task.labels) == ["stone", "Default swimlane", "Done", "river", "hard"])
    }

    @Test("Notion: dates in words with and without a time, states of one's own stay as text")
    func notion() throws {
        let file = try ReadFile(
            """
            \u{feff}Name,Assign,Status,Due,Tags,Budget
            Plan the tour,"Ada Example, Bob Example",In progress,"January 31, 2030","travel, summer",100
            Pack,,Waiting for Bob,"January 31, 2030 9:30 AM (GMT+1)",,
            """)
        #expect(file.plan.summary.product == "Notion" && file.faults.isEmpty, "\(file.faults)")
        #expect(try file.tasks.map(\.task.due) == [day("2030-01-31"), moment("2030-01-31T08:30:00Z")])
        #expect(file.tasks[0].people == ["Ada Example"] && file.tasks[0].task.labels == ["travel", "summer"])
        #expect(file.tasks[1].task.description == "Status: Waiting for Bob")
        #expect(file.plan.summary.ignored == ["Budget"])
    }

    @Test("ClickUp: times are milliseconds, lists stand in brackets, 1 is urgent")
    func clickUp() throws {
        let file = try ReadFile(
            """
            Task Type,Task ID,Task Custom ID,Task Name,Task Content,Status,Date Created,Date Created Text,Due Date,Due Date Text,Parent ID,Attachments,Assignees,Tags,Priority,List Name,Folder Name/Path,Space Name,Checklists,Comments
            Task,86a1,,Count the sheep,before dawn,to do,1889861400000,11/20/2029,1896082200000,1/31/2030,,,"[Ada Example,Bob]","[wool,hill]",1,Farm,Fields,Valley,"[gate, dog]",
            Task,86a2,,Feed the dog,,complete,1889861400000,11/20/2029,,,86a1,,[],[],4,Farm,,Valley,,
            """)
        #expect(file.plan.summary.product == "ClickUp" && file.faults.isEmpty, "\(file.faults)")
        let (first, second) = (file.tasks[0], file.tasks[1])
        #expect(first.task.due == .at(Instant(microseconds: 1_896_082_200_000_000)))
        #expect(first.people == ["Ada Example"] && Set(first.task.labels) == ["wool", "hill", "Farm"])
        #expect((first.task.priority, second.task.priority, second.task.status) == (.critical, .low, .completed))
        #expect(second.task.labels == ["Farm"] && second.task.description?.contains("Part of: Count the sheep") == true)
    }

    @Test("Google Tasks: lists are labels, days are days, completed tasks have their time")
    func googleTasks() throws {
        let file = try ReadFile(
            """
            {"kind":"tasks#taskLists","items":[{"kind":"tasks#tasks","id":"x1","title":"Balcony","updated":"2029-11-20T09:30:00Z","items":[
            {"kind":"tasks#task","id":"t1","title":"Repot the fig","notes":"bigger pot","task_type":"PERSONAL_TASK","status":"needsAction","created":"2029-11-20T09:30:00Z","due":"2030-01-31T00:00:00Z"},
            {"kind":"tasks#task","id":"t2","title":"Buy soil","parent":"t1","status":"completed","created":"2029-11-20T09:30:00Z","completed":"2029-11-21T09:30:00.000Z"}]}]}
            """, ImportHints(timeZone: "America/New_York"))
        #expect(file.plan.summary.product == "Google Tasks" && file.plan.summary.format == .json && file.faults.isEmpty, "\(file.faults)")
        let (first, second) = (file.tasks[0], file.tasks[1])
        #expect(try first.task.due == day("2030-01-31") && first.task.labels == ["Balcony"] && first.task.description == "bigger pot")
        #expect(second.task.status == .completed && second.completedAt == Instant("2029-11-21T09:30:00Z"))
        #expect(second.task.description == "Part of: Repot the fig")
        #expect(file.rows.map(\.number) == [1, 2])
    }

    @Test("Taskwarrior: as an array and as lines", arguments: [true, false])
    func taskwarrior(isArray: Bool) throws {
        let tasks = [
            #"{"id":1,"description":"Tar the roof","due":"20300131T093000Z","entry":"20291120T093000Z","modified":"20291120T093000Z","priority":"H","project":"Home","status":"pending","tags":["dry","high"],"uuid":"6b0a","recur":"yearly","annotations":[{"entry":"20291121T093000Z","description":"rain"}],"urgency":9.2}"#,
            #"{"id":0,"description":"Buy tar","entry":"20291120T093000Z","end":"20291122T093000Z","status":"completed","uuid":"6b0b"}"#,
            #"{"id":0,"description":"Buy felt","entry":"20291120T093000Z","end":"20291122T093000Z","status":"deleted","uuid":"6b0c"}"#,
        ]
        let file = try ReadFile(isArray ? "[\n\(tasks.joined(separator: ",\n"))\n]\n" : tasks.joined(separator: "\n"))
        #expect(file.plan.summary.product == "Taskwarrior" && file.faults.isEmpty, "\(file.faults)")
        let (first, second, third) = (file.tasks[0], file.tasks[1], file.tasks[2])
        #expect(first.task.title == "Tar the roof" && first.task.priority == .high && Set(first.task.labels) == ["dry", "high", "Home"])
        #expect(try first.task.due == moment("2030-01-31T09:30:00Z"))
        let text = try #require(first.task.description)
        #expect(text.contains("recur: yearly") && text.contains("rain"))
        #expect(second.task.status == .completed && second.completedAt == Instant("2029-11-22T09:30:00Z"))
        #expect(third.task.archived && third.task.status == .pending)
    }

    @Test("todo.txt is recognised by its signs")
    func todotxt() throws {
        let file = try ReadFile(
            """
            (A) 2029-11-20 Ring the bell +church @town due:2030-01-31 rec:1w

            x 2029-11-22 2029-11-20 Oil the bell +church pri:B
            look at https://example.com/bell
            """)
        #expect(file.plan.summary.format == .todotxt && file.faults.isEmpty, "\(file.faults)")
        #expect(file.rows.compactMap { $0.draft == nil ? nil : $0.number } == [1, 3, 4])
        let tasks = file.tasks
        #expect(tasks.map(\.task.title) == ["Ring the bell", "Oil the bell", "look at https://example.com/bell"])
        #expect(tasks.map(\.task.priority) == [.critical, .high, .medium])
        #expect(tasks[0].task.labels == ["church", "town"] && tasks[0].task.description == "rec: 1w")
        #expect(try tasks[0].task.due == day("2030-01-31"))
        #expect(tasks[1].task.status == .completed && tasks[1].completedAt == Instant("2029-11-22T00:00:00Z"))
        #expect(tasks[1].createdAt?.start == Instant("2029-11-20T00:00:00Z"))
    }
}
