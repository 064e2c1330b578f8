/** What a source or a sink may be called. */
export const NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/;

export const NAME_HINT =
  'use 1 to 63 of a-z 0-9 . _ - that begin with a letter or digit, and not "ledger"';

/** A source's name becomes a folder of the archive, next to `ledger`. */
export function isName(name: string): boolean {
  return NAME.test(name) && name !== 'ledger';
}
