// What keeps one account from taking the place of all others: long texts that are stored once, and shares of the queue.
import StoreCore

let fairness: [SQL] = EventValues.schema + Jobs.schema + Usage.schema + Webhooks.deletionSchema
