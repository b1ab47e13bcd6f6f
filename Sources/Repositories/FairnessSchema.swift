// What keeps one account from taking the place of all others: shares of the queue.
import StoreCore

let fairness: [SQL] = []
