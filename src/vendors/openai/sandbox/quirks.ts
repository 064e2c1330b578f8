/** How the API answers for what an organization lacks. */
export type Unavailable = '404' | '403';

/** Switches of vendor behaviour that is undocumented, contradictory, or has changed. */
export type Quirks = {
  /** The parameter that leads to older events. */
  older: 'after' | 'before';
  /** How an organization answers that has no tenant. */
  tenant: 'served' | 'empty' | 'rejected';
  /** Audit logging that was never switched on. */
  auditOff: 'no' | 'empty' | 'forbidden';
  /** A list that ends with a full page promises another, which is empty. */
  emptyEnd: boolean;
  /** `effective_at` is ignored. */
  timeIgnored: boolean;
  /** The form in which lists are understood; the other one is ignored or refused. */
  listForm: 'both' | 'plain' | 'brackets';
  otherForm: 'ignored' | 'rejected';
  /** Costs, as it has been seen by different clients. */
  amounts: 'number' | 'text';
  /** Days without use come with an empty list, or not at all. */
  emptyDays: 'present' | 'absent';
  /** A day is served in two buckets. */
  daysInParts: boolean;
  /** Usage is hidden from the key, without an error. */
  usageHidden: boolean;
  /** What a missing permission is answered with. */
  errors: 'text' | 'object';
  /** Whether answers name the organization. */
  organizationHeader: boolean;
  /** When a key was last used is now. */
  keysInUse: boolean;
  /** Archived projects are listed, and answer nothing. */
  archivedRefused: boolean;
  /** The compliance logs of ChatGPT. */
  chatgpt: {
    /** Types that the tenant does not have. */
    refused: string[];
    /** Objects follow one another without a line between them. */
    joined: boolean;
    /** Whether the list says size and checksum. */
    checksums: boolean;
    /** Links that have run out when they are followed, and files that come cut: so many from now on. */
    expiredLinks: number;
    brokenFiles: number;
    /** The answer is the file, not the way to it. */
    answersItself: boolean;
  };
  /** Path prefixes that this organization lacks. */
  unavailable: Record<string, Unavailable>;
  dateHeaderSkewMs: number;
  /** Compress for clients that accept it. */
  gzip: boolean;
};

/** The behaviour that is documented, observed, or likeliest. */
export function defaultQuirks(): Quirks {
  return {
    older: 'after',
    tenant: 'served',
    auditOff: 'no',
    emptyEnd: false,
    timeIgnored: false,
    listForm: 'both',
    otherForm: 'ignored',
    amounts: 'number',
    emptyDays: 'present',
    daysInParts: false,
    usageHidden: false,
    errors: 'text',
    organizationHeader: true,
    keysInUse: false,
    archivedRefused: false,
    chatgpt: {
      refused: [],
      joined: false,
      checksums: true,
      expiredLinks: 0,
      brokenFiles: 0,
      answersItself: false,
    },
    unavailable: {},
    dateHeaderSkewMs: 0,
    gzip: true,
  };
}
