/** Switches of vendor behaviour that is undocumented, contradictory, or has changed. */
export type Quirks = {
  /** What the key is of: the endpoints of the other answer as the vendor's mix-up does. `both` is what no real key is. */
  keyOf: 'team' | 'organization' | 'both';
  /** Path prefixes that the key's permission or the plan does not include, with the status. */
  unavailable: Record<string, 401 | 403 | 404>;
  /** The order of the audit log: documented, and as an older page of the documents shows it. */
  auditOrder: 'oldest-first' | 'newest-first';
  /** Whether the instants of the bounds of an audit window are within. */
  auditBounds: 'inclusive' | 'end-exclusive' | 'exclusive';
  /** Days for which audit events are kept, and what a question about the time before is answered with; null for ever. */
  auditRetention: { days: number; answer: 'empty' | 'clamped' | 400 } | null;
  /** Serve no more audit events per page than so many, whatever `pageSize` asks for. */
  pageCap: number | null;
  /** What `hasNextPage` says; `absent` where an answer lacks it. */
  hasNextPage: 'right' | 'absent';
  /** Whether the echo of an audit question says of which team it was. */
  echoesTeam: boolean;
  /** Ids of members, as numbers or as texts: the documents have both. */
  memberIds: 'number' | 'text';
  /** The most people that a page of daily usage may count. */
  dailyPageMost: number;
  /** The order of usage events. */
  usageOrder: 'newest-first' | 'oldest-first';
  /** Which time `ai-code/commits` filters by. */
  commitFilter: 'createdAt' | 'commitTs';
  /** What `spendCents` means: it was redefined in 2026. */
  spendMeaning: 'on-demand' | 'total';
  /** What the list of an organization's spend is called, and the time of a review by Bugbot; null where it has none. */
  spendList: string;
  reviewTime: string | null;
  /** Model access is managed by hand only in the state `custom`; otherwise some endpoints answer 409. */
  modelAccess: 'custom' | 'unrestricted' | 409;
  dateHeaderSkewMs: number;
  /** Compress for clients that accept it. */
  gzip: boolean;
};

/** The behaviour that is documented, observed, or likeliest. */
export function defaultQuirks(): Quirks {
  return {
    keyOf: 'team',
    unavailable: {},
    auditOrder: 'oldest-first',
    auditBounds: 'inclusive',
    auditRetention: null,
    pageCap: null,
    hasNextPage: 'right',
    echoesTeam: true,
    memberIds: 'number',
    dailyPageMost: 1000,
    usageOrder: 'newest-first',
    commitFilter: 'createdAt',
    spendMeaning: 'on-demand',
    spendList: 'memberSpend',
    reviewTime: 'timestamp',
    modelAccess: 'unrestricted',
    dateHeaderSkewMs: 0,
    gzip: true,
  };
}
