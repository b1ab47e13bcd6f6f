// The database of this browser: what must outlive a reload and is too large for localStorage. Nothing in it is a secret of the session.

/** `tasks` by [user, id], `facts` by [user, name], `outbox` in the order in which changes were made. */
const version = 1;
/** @type {Promise<IDBDatabase> | null} */
let opening = null;

function open() {
  return opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("taskflow", version);
    request.onupgradeneeded = () => {
      const database = request.result;
      database.createObjectStore("tasks");
      database.createObjectStore("facts");
      database.createObjectStore("outbox", { keyPath: "place", autoIncrement: true });
    };
    request.onsuccess = () => {
      // A newer page in another tab wants another version: it must not wait for this one.
      request.result.onversionchange = () => {
        request.result.close();
        opening = null;
      };
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("Another tab keeps an older database open."));
  });
}

/** Some private windows have none. */
export async function hasDatabase() {
  try {
    await open();
    return true;
  } catch {
    opening = null;
    return false;
  }
}

/**
 * One transaction. It is committed when the promise is fulfilled.
 * @template T
 * @param {("tasks" | "facts" | "outbox")[]} names
 * @param {IDBTransactionMode} mode
 * @param {(...stores: IDBObjectStore[]) => IDBRequest<T> | void} work Requests are made at once or in the answers of others.
 * @returns {Promise<T | undefined>} the result of the request that `work` gave
 */
export async function transact(names, mode, work) {
  const transaction = (await open()).transaction(names, mode);
  return new Promise((resolve, reject) => {
    const request = work(...names.map((name) => transaction.objectStore(name)));
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error("The database of the browser gave up."));
  });
}

/** Every key that begins with the user. @param {number} user */
export const ofUser = (user) => IDBKeyRange.bound([user], [user, []]);
