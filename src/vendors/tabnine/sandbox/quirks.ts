import type { EventShape } from './event-source.ts';
import type { Order } from './order.ts';

/** How an installation that lacks an endpoint answers for it; `feature`: the licence does not include it. */
export type Unavailable = '404' | 'html' | '403' | 'feature';

/** Switches of vendor behaviour that is undocumented, contradictory, or differs between installations. */
export type Quirks = {
  /** `documented`: the public reference; `live`: the deviations from it that were observed. */
  profile: 'live' | 'documented';
  /** Serve this order, whatever `sort` asks for. */
  ignoreSort: false | Order;
  ignoreTimeFilter: boolean;
  /** Leave out audit events of the second that is asked from. */
  startExclusive: boolean;
  /** Silently serve no more than this per page of audit events. */
  pageCap: number | null;
  /** Whether `limit` in the answer is the capped one or the one asked for. */
  echoCappedLimit: boolean;
  /** `data`: the envelope `{data, meta}` of an older revision. */
  listKey: 'items' | 'data';
  eventShape: EventShape;
  /** `total` is optional and "may be approximate". */
  total: 'exact' | 'over' | 'under' | 'absent';
  rejectFractionalSeconds: boolean;
  /** Answer audit requests without the right `organizationId` as a wrong organization, as sibling endpoints do. */
  requireOrganizationId: boolean;
  dateHeaderSkewMs: number;
  /** Whether the token has the Admin role. */
  adminToken: boolean;
  /** Path prefixes that this installation lacks. */
  unavailable: Record<string, Unavailable>;
  /** List all users, whatever `active` asks for. */
  ignoreActive: boolean;
  /** Silently serve no more than this per page of users. */
  maxUsersPage: number;
  /** Where agent usage has its points: in `usage.data` as the other series, in `data`, or in a bare array. */
  agentUsageEnvelope: 'usage' | 'data' | 'bare';
  /** Whether periods in which nobody did anything are served. */
  emptyBuckets: 'zero' | 'omitted';
  /** The bounds of the one bucket of `granularity=all`: the range asked for, or its end twice. */
  allBucketBounds: 'range' | 'end';
  /** Refuse usage of a longer range than so many days; none is documented. */
  maxUsageDays: number | null;
  /** How far back account utilization goes unless asked: older installations stop after twelve months. */
  utilizationWindow: 'all' | 'twelve-months';
  /** The indexing service that knows the repositories of teams. */
  indexing: 'configured' | 'not-configured' | 'error';
  /** Compress for clients that accept it. */
  gzip: boolean;
};

/** The behaviour that is documented or was observed. */
export function defaultQuirks(): Quirks {
  return {
    profile: 'live',
    ignoreSort: false,
    ignoreTimeFilter: false,
    startExclusive: false,
    pageCap: null,
    echoCappedLimit: true,
    listKey: 'items',
    eventShape: 'current',
    total: 'exact',
    rejectFractionalSeconds: true,
    requireOrganizationId: false,
    dateHeaderSkewMs: 0,
    adminToken: true,
    unavailable: {},
    ignoreActive: false,
    maxUsersPage: 200,
    agentUsageEnvelope: 'usage',
    emptyBuckets: 'zero',
    allBucketBounds: 'end',
    maxUsageDays: null,
    utilizationWindow: 'all',
    indexing: 'configured',
    gzip: true,
  };
}
