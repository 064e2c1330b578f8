import type { Quirk } from '../../model.ts';
import type { Row } from '../record.ts';
import type { CursorPage } from './cursor.ts';

/** Which parameter the id of a page's last record travels in. */
export type Direction = 'after' | 'before';

/** What is known of a listing when its next page comes. */
export type Former = { seen: ReadonlySet<string>; first: Row | undefined; last: Row | undefined };

/**
 * What a page is to the listing that it should go on with: it brings new records in the order of those before, or new ones
 * but from the other side, or nothing new, or it is empty and the last.
 */
export type Fit = 'on' | 'back' | 'nothing' | 'end';

/** Pure. */
export function fitOf(former: Former, { rows, more }: CursorPage): Fit {
  if (rows.length === 0) return more === true ? 'on' : 'end';
  if (rows.every(({ id }) => id !== null && former.seen.has(id))) return 'nothing';
  const begun = former.first?.time ?? null;
  const reached = former.last?.time ?? null;
  const next = rows[0]?.time ?? null;
  if (begun === null || reached === null || next === null) return 'on';
  // Records of one instant do not say which way a list goes.
  if (begun === reached) return 'on';
  return begun > reached === next > reached ? 'back' : 'on';
}

/** From best to worst. What turns back may be a list with another order; what brings nothing new cannot be the next page. */
const RANK: readonly Fit[] = ['on', 'back', 'end', 'nothing'];

/**
 * The cursor of a list that is said to go on both ways, of which the documents and the vendor's own clients disagree which is
 * which. The second page shows it: if it does not go on where the first ended, the other way is tried, once.
 */
export class TwoWayCursor {
  readonly #subject: string;
  readonly #quirk: (quirk: Quirk) => void;
  #by: Direction = 'after';
  #isSure = false;

  constructor(subject: string, quirk: (quirk: Quirk) => void) {
    this.#subject = subject;
    this.#quirk = quirk;
  }

  /** The next page of a listing, by whichever way leads on. */
  async next(former: Former, ask: (by: Direction) => Promise<CursorPage>): Promise<CursorPage> {
    const page = await ask(this.#by);
    const fit = fitOf(former, page);
    if (this.#isSure) return page;
    if (fit === 'on') {
      this.#isSure = page.rows.length > 0;
      return page;
    }
    const by = this.#by === 'after' ? 'before' : 'after';
    const other = await ask(by);
    if (RANK.indexOf(fitOf(former, other)) >= RANK.indexOf(fit)) return page;
    this.#quirk({
      code: 'cursor-direction',
      what: `${this.#subject} goes on with \`${by}\`, not with \`${this.#by}\``,
    });
    this.#by = by;
    this.#isSure = other.rows.length > 0;
    return other;
  }
}
