import type { VendorError } from '../errors.ts';
import { printable } from '../platform/printable.ts';
import type { Quirk } from '../model.ts';

/** Says that somebody who is listed was not found: what there is of them is missing from this reading. */
export function gone(path: string, quirk: (quirk: Quirk) => void): (error: VendorError) => void {
  let count = 0;
  return (error) => {
    count += 1;
    if (count > 1) return;
    quirk({
      code: 'listed-but-not-found',
      what: `${path} does not find at least one who is listed: ${printable(error.message, 200)}`,
    });
  };
}
