/** What kind of key the sandbox's token is. No real one opens both products; `every` does, so that all can be tried. */
export type KeyKind =
  | 'every'
  | 'admin'
  | 'admin-without-compliance'
  | 'enterprise'
  | 'audit'
  | 'analytics'
  | 'activities'
  | 'model';

/** Switches of vendor behaviour that is undocumented, contradictory, or has changed. */
export type Quirks = {
  key: KeyKind;
  /** Every read of the Compliance API is itself recorded, a second later. */
  echoes: boolean;
  /** The feed no longer says names, of former activities neither. */
  namesGone: boolean;
  /** Lists give at most so many rows, whatever is asked for. */
  pageCap: number | null;
  /** Lists of groups and roles have empty pages in between. */
  emptyPages: boolean;
  /** The roles of groups could not be read. */
  rolesUnknown: boolean;
  /** How a group names its roles. */
  rolesOf: 'ids' | 'objects';
  /** How a key names its owner. */
  principal: 'older' | 'newer';
  /** Dimensions that usage cannot be grouped by. */
  unknownGroups: string[];
  /** The largest number of days on a page of a report. */
  dayLimit: number;
  /** Whether a day that ends with the asked end is part of the answer. */
  endInclusive: boolean;
  /** Two rows for one person, terminal and kind of customer. */
  alikeRows: boolean;
  /** So many tokens of analytics expire before they are followed. */
  expiringTokens: number;
  /** Analytics has counted nothing yet. */
  notCounted: boolean;
  /** Days before now for which analytics has no figures yet. */
  daysBehind: number;
  /** Whether activities are recorded. */
  recording: 'enabled' | 'disabled' | 'unanswered';
  /** How the list of external keys goes on. */
  externalKeysBy: 'id' | 'token';
  /** Path prefixes that this account lacks. */
  unavailable: Record<string, 403 | 404 | 503>;
  dateHeaderSkewMs: number;
  /** Compress for clients that accept it. */
  gzip: boolean;
};

/** The behaviour that is documented, observed, or likeliest; but for echoes, so that a second reading finds nothing new. */
export function defaultQuirks(): Quirks {
  return {
    key: 'every',
    echoes: false,
    namesGone: false,
    pageCap: null,
    emptyPages: false,
    rolesUnknown: false,
    rolesOf: 'ids',
    principal: 'newer',
    unknownGroups: [],
    dayLimit: 31,
    endInclusive: true,
    alikeRows: false,
    expiringTokens: 0,
    notCounted: false,
    daysBehind: 0,
    recording: 'enabled',
    externalKeysBy: 'id',
    unavailable: {},
    dateHeaderSkewMs: 0,
    gzip: true,
  };
}
