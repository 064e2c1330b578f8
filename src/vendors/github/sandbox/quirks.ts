/** What the documents leave open, and what has been seen live. Each may be changed while the sandbox runs. */
export type Quirks = {
  gzip: boolean;
  /** Links carry the phrase as GitHub's own example has it. */
  mangledLinks: boolean;
  /** Something in between drops the Link headers of the log. */
  noLinks: boolean;
  orderIgnored: boolean;
  /** The bounds of `created:a..b` do not belong to it. */
  boundsExclusive: boolean;
  /** Rows of the log per page at most. */
  pageCap: number;
  /** Requests of the log per hour; more are refused with 403. */
  hourlyLimit: number;
  /** Before a report is there: 404, 204, or a list without links. */
  notReady: '404' | '204' | 'empty';
  /** After its end, until a day has a report, in ms. */
  reportAfter: number;
  reportShape: 'object' | 'array' | 'ndjson';
  shards: number;
  /** The first so many links that are fetched have run out. */
  expiredLinks: number;
  /** `org` and `org_id` of some events are lists. */
  organizationLists: boolean;
  /** As if "Copilot usage metrics" were not enabled. */
  metricsPolicyOff: boolean;
  /** The token is not authorised for single sign-on: what is of the organization answers 403. */
  ssoRequired: boolean;
  /** The bill of an organization is its enterprise's: 404. */
  organizationBilling: boolean;
  /** How many people SCIM gives on a page, whatever is asked for. */
  scimPage: number;
  /** Whether SCIM says how many people there are. */
  scimTotals: boolean;
  /** So many people are suspended at the identity provider. */
  suspended: number;
  /** What the list of tasks of the coding agent is called, and whether archived ones come with the others. */
  taskList: 'tasks' | 'items' | 'bare';
  archivedWithOthers: boolean;
  /** Paths that begin so are refused. */
  unavailable: Record<string, '403' | '404'>;
};

export function defaultQuirks(): Quirks {
  return {
    gzip: true,
    mangledLinks: false,
    noLinks: false,
    orderIgnored: false,
    boundsExclusive: false,
    pageCap: 100,
    hourlyLimit: 1_750,
    notReady: '404',
    reportAfter: 6 * 3_600_000,
    reportShape: 'ndjson',
    shards: 2,
    expiredLinks: 0,
    organizationLists: true,
    metricsPolicyOff: false,
    ssoRequired: false,
    organizationBilling: true,
    scimPage: 100,
    scimTotals: true,
    suspended: 0,
    taskList: 'tasks',
    archivedWithOthers: false,
    unavailable: {},
  };
}
