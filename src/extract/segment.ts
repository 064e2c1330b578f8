import { VendorError } from '../errors.ts';

/**
 * An id as a segment of a path; ids may contain `|` and `/`.
 *
 * @throws VendorError `absent` for the two ids that would lead to another path however they are escaped
 */
export function segment(id: string): string {
  if (id === '.' || id === '..') {
    throw new VendorError({
      fault: 'absent',
      code: 'id-unusable',
      url: id,
      status: 404,
      what: 'this id cannot be asked about: in an address it leads elsewhere',
      hint: 'nothing else depends on it',
    });
  }
  return encodeURIComponent(id);
}
