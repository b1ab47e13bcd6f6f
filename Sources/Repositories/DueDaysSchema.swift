// Days on which tasks are due, beside the instants at which they are.
import StoreCore

let dueDays: [SQL] = []
