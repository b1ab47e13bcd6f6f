// Titles in the order of the Unicode collation, and the words of every script.
import StoreCore

let words: [SQL] = []
