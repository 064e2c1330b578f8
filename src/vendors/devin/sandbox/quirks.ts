/** How the API answers for what an account lacks. */
export type Unavailable = '404' | '403';

/** Whether the instant of a time bound itself is within. */
export type Bound = 'inclusive' | 'exclusive';

/** Switches of vendor behaviour that is undocumented, contradictory, or has changed. */
export type Quirks = {
  /** The unit of `created_at` in audit logs: not documented, and milliseconds in earlier versions. */
  createdAtUnit: 'seconds' | 'milliseconds';
  timeAfter: Bound;
  timeBefore: Bound;
  /** Serve audit logs newest first, whatever `order` asks for. */
  orderIgnored: boolean;
  /** `missing`: pages that have a next one do not say where it begins; `repeated`: they say where they began themselves. */
  cursor: 'present' | 'missing' | 'repeated';
  /** `has_next_page` is optional, and false where it is absent. */
  hasNextPage: 'present' | 'absent';
  /** `empty`: the audit log of one organization has no items, although the enterprise's has. */
  orgLog: 'right' | 'empty';
  total: 'exact' | 'null' | 'absent';
  /** The status for a time window that is not allowed. */
  windowError: 400 | 422;
  /** What no document says of the list of searches; a name that is null is left out of an item. */
  searches: {
    list: 'items' | 'searches' | 'data' | 'bare';
    id: string | null;
    time: string | null;
    order: 'newest-first' | 'oldest-first' | 'mixed';
  };
  /** What the billing endpoints want: the name was changed. */
  billingPermission: 'ViewAccountConsumption' | 'ManageBilling';
  /** Path prefixes that this account lacks. */
  unavailable: Record<string, Unavailable>;
  dateHeaderSkewMs: number;
  /** Compress for clients that accept it. */
  gzip: boolean;
};

/** The behaviour that is documented, observed, or likeliest. */
export function defaultQuirks(): Quirks {
  return {
    createdAtUnit: 'seconds',
    timeAfter: 'inclusive',
    timeBefore: 'exclusive',
    orderIgnored: false,
    cursor: 'present',
    hasNextPage: 'present',
    orgLog: 'right',
    total: 'exact',
    windowError: 422,
    searches: { list: 'items', id: 'search_id', time: 'created_at', order: 'newest-first' },
    billingPermission: 'ViewAccountConsumption',
    unavailable: {},
    dateHeaderSkewMs: 0,
    gzip: true,
  };
}

/** Whether a time is between two bounds, of which either may be absent. */
export function isWithin(
  time: number,
  after: number | undefined,
  before: number | undefined,
  { timeAfter, timeBefore }: Pick<Quirks, 'timeAfter' | 'timeBefore'>,
): boolean {
  const late = after === undefined || time > after || (time === after && timeAfter === 'inclusive');
  const early =
    before === undefined || time < before || (time === before && timeBefore === 'inclusive');
  return late && early;
}
