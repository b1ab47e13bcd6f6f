// What guards an account: when its password was entered last, an address that waits to be confirmed, known devices.
import StoreCore

let accountSecurity: [SQL] = []
