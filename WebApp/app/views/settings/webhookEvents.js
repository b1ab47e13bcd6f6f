// What webhooks tell of.
export const webhookEvents = [
  "task.created",
  "task.updated",
  "task.deleted",
  "task.restored",
  "task.overdue",
  "task.purged",
  "task.removed",
];
