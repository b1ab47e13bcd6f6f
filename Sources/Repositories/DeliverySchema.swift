// What owners see of the deliveries of their webhooks.
import StoreCore

let deliveries: [SQL] = []
