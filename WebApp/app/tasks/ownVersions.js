// Which versions of a task this page made itself, one right after the other: a change that was begun before its predecessor was answered is
// sent with the newest of them, instead of being refused first.

/** @type {Map<number, { from: number, to: number }>} */
const chains = new Map();

/**
 * The server took a change that was made from one version.
 * @param {number} id
 * @param {number} from
 * @param {number} to
 */
export function noteOwn(id, from, to) {
  const chain = chains.get(id);
  chains.set(id, { from: chain?.to === from ? chain.from : from, to });
}

/** @param {number} id @param {number} version that a change was made from */
export function newestOwn(id, version) {
  const chain = chains.get(id);
  return chain && version >= chain.from && version < chain.to ? chain.to : version;
}
