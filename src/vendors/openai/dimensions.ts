import { VendorError } from '../../errors.ts';
import type { Query } from '../../extract/client.ts';
import { parseObject } from '../../extract/slice/object.ts';
import type { Quirk } from '../../model.ts';

/** How a list travels in an address: the documents repeat its name, the vendor's own clients put brackets after it. */
type ListForm = 'plain' | 'brackets';

export function groupBy(form: ListForm, dimensions: readonly string[]): Query {
  return { [form === 'plain' ? 'group_by' : 'group_by[]']: dimensions };
}

/** A day, and the figures of it. */
export type Bucket = { bytes: Buffer; results: readonly Buffer[] };

/**
 * Whether figures came without being split: of no result any dimension is known. A dimension that was not asked for is null,
 * and so is one that has no value, such as the user of a service account's key; all of all of them cannot be. Pure.
 */
function isUnsplit(buckets: readonly Bucket[], dimensions: readonly string[]): boolean {
  const results = buckets.flatMap((bucket) => bucket.results);
  if (results.length === 0) return false;
  return results.every((result) => {
    const fields = parseObject(result, 'a result');
    return dimensions.every((name) => (fields[name] ?? null) === null);
  });
}

/** Learns once per endpoint in which form it takes the dimensions; a form that it does not know is refused or ignored. */
export class Dimensions {
  readonly #quirk: (quirk: Quirk) => void;
  readonly #endpoint: string;
  readonly names: readonly string[];
  #form: ListForm = 'plain';
  #isSure = false;

  constructor(endpoint: string, names: readonly string[], quirk: (quirk: Quirk) => void) {
    this.#endpoint = endpoint;
    this.names = names;
    this.#quirk = quirk;
  }

  /** @param ask asks with the dimensions as they are to travel */
  async ask<T extends { value: { buckets: readonly Bucket[] } }>(
    ask: (dimensions: Query) => Promise<T>,
  ): Promise<T> {
    const first = await this.#attempt(ask, this.#form);
    if (this.#isSure) return answered(first);
    if (!(first instanceof VendorError) && !isUnsplit(first.value.buckets, this.names)) {
      // Without results it is not seen whether the form was understood.
      this.#isSure = first.value.buckets.some(({ results }) => results.length > 0);
      return first;
    }
    const second = await this.#attempt(ask, 'brackets');
    if (second instanceof VendorError || isUnsplit(second.value.buckets, this.names)) {
      return answered(first);
    }
    this.#form = 'brackets';
    this.#isSure = true;
    const what = `${this.#endpoint} takes lists as \`group_by[]\`, not as \`group_by\``;
    this.#quirk({ code: 'list-form', what });
    return second;
  }

  async #attempt<T>(ask: (dimensions: Query) => Promise<T>, form: ListForm) {
    try {
      return await ask(groupBy(form, this.names));
    } catch (error) {
      if (error instanceof VendorError && error.fault === 'rejected') return error;
      throw error;
    }
  }
}

function answered<T>(answer: T | VendorError): T {
  if (answer instanceof VendorError) throw answer;
  return answer;
}
