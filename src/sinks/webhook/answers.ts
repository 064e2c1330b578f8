/** What a receiver's status says. Pure. */

/**
 * - `taken`   the message is there
 * - `later`   may pass by itself
 * - `person`  it takes nothing from this address or key any more
 * - `refused` it does not take this message
 */
type Meaning = 'taken' | 'later' | 'person' | 'refused';

export function meaningOf(method: 'POST' | 'HEAD', status: number): Meaning {
  if (status < 300) return 'taken';
  if (status === 408 || status === 429 || status >= 500) return 'later';
  // Many that take POST refuse HEAD, which says no more than that somebody is there.
  return method === 'POST' && [401, 403, 404, 410].includes(status) ? 'person' : 'refused';
}
