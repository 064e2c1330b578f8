import { z } from 'zod';
import { type Job, JOBS } from '../schedule/jobs.ts';
import {
  COMPRESSIONS,
  DURATION,
  INSTANT,
  LOG_LEVELS,
  MAX_CONCURRENCY,
  SOURCE_NAME,
} from './values.ts';

/*
 * The configuration file as users write it. Patterns are here for editors and for errors that name
 * the place; meaning (ranges, addresses, tokens) is judged in values.ts, as for the environment.
 */

const duration = (what: string) =>
  z.string().regex(DURATION, 'is not a duration such as 500ms, 30s, 15m, 24h or 7d').describe(what);

const start = z
  .string()
  .regex(INSTANT, 'is not a date or instant in UTC such as 2025-01-31 or 2025-01-31T12:00:00Z')
  .describe(
    'How far back a first sync goes. Default: audit logs, the oldest event the vendor still has; usage, 90 days; a frozen series, all of it.',
  );

const scopes = (what: string) => z.array(z.enum(['organization', 'team', 'user'])).describe(what);

const common = {
  token: z.string().optional().describe('The token, as "${VARIABLE}".'),
  tokenFile: z.string().optional().describe('A file that holds the token.'),
  start: start.optional(),
  required: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'is not the name of a stream'))
    .optional()
    .describe('Streams whose absence a person must act on. Default: [audit-logs]'),
  usageScopes: scopes('For whom usage figures are read. Default: all three').optional(),
};

const tabnine = z.strictObject({
  type: z.literal('tabnine'),
  baseUrl: z.string().optional().describe('API host. Default: https://console.tabnine.com'),
  ...common,
  modelScopes: scopes(
    'For whom figures per model are read, one request per day and member. Default: [organization]',
  ).optional(),
  allowedTeams: z
    .boolean()
    .optional()
    .describe('Read the teams open to each user, one request per user and run. Default: false'),
  pseudonymKey: z
    .string()
    .optional()
    .describe('A secret, as "${VARIABLE}": with it users appear in usage under a pseudonym only.'),
  pseudonymKeyFile: z.string().optional().describe('A file that holds that secret.'),
});

const devin = z.strictObject({
  type: z.literal('devin'),
  baseUrl: z
    .string()
    .optional()
    .describe('API host; dedicated tenants have their own. Default: https://api.devin.ai'),
  ...common,
});

const source = z.discriminatedUnion('type', [tabnine, devin]);

const tables = z
  .array(z.enum(['audit_events', 'usage_metrics', 'entity_history', 'work_sessions']))
  .min(1, 'is empty')
  .optional()
  .describe('What is delivered. Default: [audit_events]');

const splunk = z.strictObject({
  type: z.literal('splunk-hec'),
  url: z.string().describe('Of the HTTP Event Collector, such as https://splunk.acme.test:8088'),
  token: z.string().optional().describe('The token, as "${VARIABLE}".'),
  tokenFile: z.string().optional().describe('A file that holds the token.'),
  index: z.string().optional().describe('Default: the token’s own'),
  sourcetype: z.string().optional().describe('Default: auditlake:event'),
  source: z.string().optional(),
  host: z.string().optional(),
  ack: z
    .enum(['auto', 'on', 'off'])
    .optional()
    .describe('Whether to wait for the indexer’s acknowledgement. Default: auto, where offered'),
  ackTimeout: duration('After which a batch is sent again. Default: 30s').optional(),
  tables,
});

const bigquery = z.strictObject({
  type: z.literal('bigquery'),
  project: z.string().regex(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, 'is not the id of a project'),
  dataset: z.string().regex(/^\w{1,1024}$/, 'is not the name of a dataset'),
  location: z.string().optional().describe('Such as EU. Default: where the dataset is'),
  keyFile: z
    .string()
    .optional()
    .describe('A service account’s key. Default: the application default credentials'),
  apiEndpoint: z.string().optional().describe('Of another server that speaks its API.'),
  tables,
});

const s3 = z.strictObject({
  type: z.literal('s3'),
  bucket: z.string().min(1, 'is empty'),
  prefix: z.string().optional().describe('Before every key. Default: none'),
  region: z.string().min(1, 'is empty'),
  endpoint: z.string().optional().describe('Of MinIO and others that speak S3.'),
  forcePathStyle: z.boolean().optional().describe('For MinIO. Default: false'),
  accessKeyId: z.string().optional(),
  accessKeyIdFile: z.string().optional(),
  secretAccessKey: z.string().optional().describe('As "${VARIABLE}".'),
  secretAccessKeyFile: z.string().optional(),
});

const ndjson = z.strictObject({
  type: z.literal('ndjson'),
  path: z
    .string()
    .min(1, 'is empty')
    .describe('A file, a folder (with a / at the end), or - for stdout.'),
  format: z.enum(['auditlake', 'ocsf']).optional().describe('Default: auditlake'),
  tables,
});

const sink = z.discriminatedUnion('type', [splunk, bigquery, s3, ndjson]);

const lineOf = ({ title, cron }: Job) =>
  z
    .union([z.literal(false), z.string()])
    .optional()
    .describe(`A cron line, or false for never: ${title}. Default: ${cron}`);

const schedule = z.strictObject({
  timezone: z.string().optional().describe('In which the lines are read. Default: UTC'),
  ...Object.fromEntries(JOBS.map((job) => [job.name, lineOf(job)])),
  jitter: duration(
    'A job starts up to this much later, so that not all do at once. Default: 10m',
  ).optional(),
  catchUp: z
    .boolean()
    .optional()
    .describe('Start at once what was missed while the scheduler was down. Default: true'),
  listen: z
    .union([z.literal(false), z.string()])
    .optional()
    .describe('Where /metrics and /healthz are served, or false. Default: 0.0.0.0:9464'),
});

export const fileSchema = z.strictObject({
  home: z.string().min(1, 'is empty').optional().describe('Folder of archive, warehouse and lake.'),
  start: start.optional(),
  lookback: duration('How far before the watermark a run reads again. Default: 24h').optional(),
  usageLookback: duration(
    'How far before the last day read usage figures are read again. Default: 7d',
  ).optional(),
  settle: duration('How close to now a run dares to read. Default: 60s').optional(),
  freshness: duration(
    'How far behind a required stream may be before `status` raises an alarm. Default: 48h',
  ).optional(),
  concurrency: z
    .int()
    .min(1, 'is less than 1')
    .max(MAX_CONCURRENCY, `is more than ${MAX_CONCURRENCY}`)
    .optional()
    .describe('Requests in flight per source. Default: 4'),
  timeout: duration(
    'How long a request may pass without headers or a further piece of the body. Default: 30s',
  ).optional(),
  logLevel: z.enum(LOG_LEVELS).optional().describe('Level of the log on stderr. Default: info'),
  lake: z
    .union([
      z.literal(false),
      z.strictObject({
        compression: z.enum(COMPRESSIONS).optional(),
        retention: duration('How long a day stays in the lake. Default: for ever').optional(),
      }),
    ])
    .optional()
    .describe('The Parquet lake, or false for none. Default: { compression: zstd }'),
  caFile: z
    .string()
    .min(1, 'is empty')
    .optional()
    .describe('PEM file of further certificate authorities.'),
  sources: z
    .record(z.string().regex(SOURCE_NAME, 'cannot be used as the name of a source'), source)
    .optional()
    .describe('Accounts at vendors; the name is the `source` in every table.'),
  sinks: z
    .record(z.string().regex(SOURCE_NAME, 'cannot be used as the name of a sink'), sink)
    .optional()
    .describe('Where rows and files are delivered.'),
  schedule: schedule.optional().describe('What `auditlake schedule` runs, and when.'),
  signing: z
    .strictObject({
      key: z.string().optional().describe('The private key in PEM, as "${VARIABLE}".'),
      keyFile: z.string().optional().describe('A file that holds it.'),
    })
    .optional()
    .describe('The Ed25519 key that every run signs the head of the ledger with.'),
  trustedKeys: z
    .array(z.string())
    .optional()
    .describe('Files with the public keys that signatures must be of. Default: the signing key’s'),
});

export type FileConfig = z.infer<typeof fileSchema>;

/** Everything wrong with a parsed file, each with its path in the file; values are not repeated. */
export function problems(error: z.ZodError): string[] {
  return error.issues.map((issue) => {
    const path = issue.path.join('.');
    if (issue.code === 'unrecognized_keys') {
      const keys = issue.keys.map((key) => JSON.stringify(key)).join(', ');
      return `${path === '' ? 'the top level' : path} has the unknown key ${keys}`;
    }
    // The rule that a record's key broke is one level down.
    if (issue.code === 'invalid_key') return `${path} ${issue.issues[0]?.message ?? 'is refused'}`;
    return `${path === '' ? 'the file' : path} ${issue.message}`;
  });
}

/** Words for what the schema's own rules find; rules with a message keep it. */
export function wording(issue: {
  code?: string;
  input?: unknown;
  expected?: string;
  values?: unknown[];
  discriminator?: string | undefined;
  options?: unknown[] | undefined;
}): string | undefined {
  const { input, discriminator, options = [] } = issue;
  if (discriminator !== undefined && typeof input === 'object' && input !== null) {
    return discriminator in input ? `must be one of ${options.join(', ')}` : 'is missing';
  }
  if (issue.input === undefined) return 'is missing';
  if (issue.code === 'invalid_value') return `must be one of ${(issue.values ?? []).join(', ')}`;
  if (issue.code === 'invalid_type') return `must be of type ${issue.expected ?? 'another'}`;
  return undefined;
}
