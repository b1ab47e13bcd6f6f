// What an import knows of its file beside the bytes.
import StoreCore

let importPlans: [SQL] = []
