import { askedPeriods } from '../../extract/asked-periods.ts';
import type { Query } from '../../extract/client.ts';
import { completePart } from '../../extract/complete-part.ts';
import { UTC_DAYS } from '../../extract/periods.ts';
import { type LongestRange, rangeCap, splitRange } from '../../extract/split-range.ts';
import type { Millis, Page, PageNote } from '../../model.ts';
import { wholeSecond } from './client.ts';
import type { Scope } from './options.ts';
import type { Session } from './session.ts';
import { type Bucket, parseBuckets } from './usage-answer.ts';
import { type Granularity, keyed, type Member, type Part } from './usage-parts.ts';
import { DAY } from '../../platform/time.ts';

/** Endpoints of one design, one per scope. */
export type Family = {
  name: string;
  brings: string;
  path: (scope: Scope) => string;
  since: string;
  granularity: Granularity;
};

type Range = { from: Millis; to: Millis };
type Piece = { range: Range; buckets: Bucket[]; note: PageNote };

/** Asks one usage endpoint. Bounds are whole seconds in UTC, `from` inclusive, `to` exclusive. */
export class UsageReader {
  readonly #session: Session;
  readonly #family: Family;
  readonly #scope: Scope;
  readonly path: string;
  readonly #longest: LongestRange = { ms: Number.POSITIVE_INFINITY };

  constructor(session: Session, family: Family, scope: Scope) {
    this.#session = session;
    this.#family = family;
    this.#scope = scope;
    this.path = family.path(scope);
  }

  get granularity(): Granularity {
    return this.#family.granularity;
  }

  /** The figures of one part, ready for the archive. */
  async read({ name, member, from, to }: Part): Promise<Page[]> {
    const { granularity } = this.#family;
    const pages: Page[] = [];
    for await (const { range, buckets, note } of this.#pieces(member, { from, to }, granularity)) {
      const isAll = granularity === 'all';
      const bounds = { from: wholeSecond(range.from), to: wholeSecond(range.to) };
      const context = {
        scope: this.#scope,
        scope_id: member.name,
        granularity,
        // The bucket of `all` may have wrong bounds: those of the request are kept with it.
        ...(isAll ? bounds : {}),
      };
      const dated = isAll
        ? buckets.map((bucket) => ({ ...bucket, time: range.from }))
        : this.#inside(buckets, range);
      const records = keyed(dated, name, granularity, range);
      pages.push({ note: { ...note, context }, records, place: null });
    }
    return completePart(pages, name);
  }

  /** Asks for the window's last day, to see whether the endpoint answers at all. */
  async probe(member: Member, { to }: Range): Promise<void> {
    await this.#ask(member, { from: to - DAY, to }, 'daily');
  }

  /**
   * From the first to the last day on which there is anything. By month first: the empty years of a frozen series
   * would take as long as the full ones. Then by day: the days after its end are no days without activity.
   */
  async extent(member: Member, window: Range): Promise<Range | null> {
    const months = await this.#active(member, window, 'monthly');
    return months === null ? null : await this.#active(member, months, 'daily');
  }

  async #active(
    member: Member,
    window: Range,
    granularity: 'daily' | 'monthly',
  ): Promise<Range | null> {
    let from = Number.POSITIVE_INFINITY;
    let to = Number.NEGATIVE_INFINITY;
    for await (const { buckets } of this.#pieces(member, window, granularity)) {
      for (const { time, end, isActive } of buckets) {
        if (!isActive) continue;
        // Something was used, and it is not said when: nothing can be left out.
        if (time === null) return window;
        from = Math.min(from, UTC_DAYS.floor(time));
        to = Math.max(to, granularity === 'daily' ? UTC_DAYS.floor(time) + DAY : end);
      }
    }
    const range = { from: Math.max(from, window.from), to: Math.min(to, window.to) };
    return range.from < range.to ? range : null;
  }

  async *#pieces(
    member: Member,
    range: Range,
    granularity: Granularity | 'monthly',
  ): AsyncGenerator<Piece> {
    const ask = (piece: Range) => this.#ask(member, piece, granularity);
    const onCapped = rangeCap(this.path, this.#session.quirk);
    for await (const { piece, answer } of splitRange(range, this.#longest, ask, onCapped)) {
      yield { range: piece, buckets: answer.value.records, note: answer.note };
    }
  }

  async #ask(member: Member, { from, to }: Range, granularity: string) {
    const query: Query = {
      organizationId: this.#session.organizationId(),
      from: wholeSecond(from),
      to: wholeSecond(to),
      granularity,
      ...(this.#scope === 'organization' ? {} : { [`${this.#scope}Id`]: member.id }),
    };
    const mask = member.id === member.name ? null : { of: member.id, by: member.name };
    return await this.#session.client.get(this.path, query, parseBuckets, mask);
  }

  /** The periods that were asked for. One that begins at `to` belongs to the next question. */
  #inside(buckets: readonly Bucket[], { from, to }: Range): Bucket[] {
    for (const { time } of buckets) {
      if (time === null) this.#met('undated', 'serves periods that do not say when they begin');
      if (time === to) this.#met('to-inclusive', 'serves the period that begins at `to` as well');
      if (time !== null && time % DAY !== 0) {
        const begins = new Date(time).toISOString().slice(11, 16);
        this.#met('days-shifted', `has days that begin at ${begins} UTC`);
      }
    }
    return askedPeriods(buckets, { from, to }, UTC_DAYS);
  }

  #met(code: string, what: string): void {
    this.#session.quirk({ code, what: `${this.path} ${what}` });
  }
}
