import { z } from 'zod';
import { documentationOf } from '../settings/documentation.ts';
import { duration, durationWithin } from '../settings/duration.ts';
import { INSTANT } from '../settings/instant.ts';
import { durationText, pathOption } from '../settings/options.ts';
import { type Form, readSetting } from '../settings/problem.ts';
import type { Lookup } from './lookup.ts';

/*
 * The settings that belong to no source, sink or job. In the file they have these shapes; what they mean (ranges,
 * folders) is judged when they are read, in the same way for the file and the environment.
 */

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const COMPRESSIONS = ['zstd', 'snappy', 'gzip'] as const;
const MAX_CONCURRENCY = 32;

export type Compression = (typeof COMPRESSIONS)[number];

/** `start` of everything or of one source. */
export function startOption() {
  return z
    .string()
    .regex(INSTANT, 'is not a date or instant in UTC such as 2025-01-31 or 2025-01-31T12:00:00Z')
    .describe('How far back a first sync goes: an ISO date or an instant in UTC.');
}

export const lakeSchema = z.strictObject({
  compression: z.enum(COMPRESSIONS).describe('How its files are compressed.').prefault('zstd'),
  retention: durationText('How long a day stays in it.').meta({ fallback: 'for ever' }).optional(),
});

export const generalShape = {
  home: pathOption('Folder of archive, warehouse and lake. The option `--home` beats both.')
    .meta({ variable: 'AUDITLAKE_HOME' })
    .prefault('./auditlake-data'),
  start: startOption()
    .meta({
      variable: 'AUDITLAKE_START',
      fallback:
        'audit logs: the oldest event that the vendor still has; usage: 90 days; a frozen series: all of it',
    })
    .optional(),
  lookback: durationText('How far before the watermark a run reads again.')
    .meta({ variable: 'AUDITLAKE_LOOKBACK' })
    .prefault('24h'),
  usageLookback: durationText('The same for usage figures, before the last final day.')
    .meta({ variable: 'AUDITLAKE_USAGE_LOOKBACK' })
    .prefault('7d'),
  settle: durationText('How close to now a run reads.')
    .meta({ variable: 'AUDITLAKE_SETTLE' })
    .prefault('60s'),
  freshness: durationText(
    'How far behind a required stream may be before `status` raises an [alarm](coverage.md).',
  )
    .meta({ variable: 'AUDITLAKE_FRESHNESS' })
    .prefault('48h'),
  concurrency: z
    .int()
    .min(1, 'is less than 1')
    .max(MAX_CONCURRENCY, `is more than ${MAX_CONCURRENCY}`)
    .describe(`Requests in flight per source, 1 to ${MAX_CONCURRENCY}.`)
    .meta({ variable: 'AUDITLAKE_CONCURRENCY' })
    .prefault(4),
  timeout: durationText(
    'How long an answer may take to begin, 1ms to 1h. Its body must then bring 100 bytes per second, averaged over as long.',
  )
    .meta({ variable: 'AUDITLAKE_TIMEOUT' })
    .prefault('30s'),
  logLevel: z
    .enum(LOG_LEVELS)
    .describe('Level of the JSON log on stderr.')
    .meta({ variable: 'AUDITLAKE_LOG_LEVEL' })
    .prefault('info'),
  questions: pathOption('Folder of [questions](questions.md) of your own, one SQL file each.')
    .meta({ variable: 'AUDITLAKE_QUESTIONS' })
    .optional(),
  detections: pathOption('Folder of detections of your own, one SQL file each.')
    .meta({ variable: 'AUDITLAKE_DETECTIONS' })
    .optional(),
  people: pathOption(
    'File that says which accounts are [one person](people.md): CSV with the columns `person` and `identity`, or YAML.',
  )
    .meta({ variable: 'AUDITLAKE_PEOPLE' })
    .optional(),
  countryFile: pathOption(
    'File that says in which [country](countries.md) an address is, in MaxMind’s format (`.mmdb`).',
  )
    .meta({ variable: 'AUDITLAKE_COUNTRY_FILE' })
    .optional(),
  caFile: pathOption('PEM file of further certificate authorities.')
    .meta({ variable: 'NODE_EXTRA_CA_CERTS' })
    .optional(),
  lake: z
    .union([z.literal(false), lakeSchema])
    .meta({
      description: 'The [lake](lake.md) of Parquet files; `false` for none.',
      fallback: 'with the defaults below',
    })
    .optional(),
};

const concurrency: Form<number> = (text) => {
  const value = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= MAX_CONCURRENCY) return value;
  return { what: 'is out of range', hint: `write a whole number from 1 to ${MAX_CONCURRENCY}` };
};

const logLevel: Form<string> = (text) =>
  LOG_LEVELS.find((known) => known === text) ?? {
    what: 'is not a log level',
    hint: `write one of ${LOG_LEVELS.join(', ')}`,
  };

/** Milliseconds, as all durations. */
export type General = {
  lookback: number;
  usageLookback: number;
  settle: number;
  /** How far behind a required stream may be. */
  freshness: number;
  concurrency: number;
  timeout: number;
  logLevel: string;
};

/**
 * The settings that are one text with a default: the variable, or else the file, or else the default.
 * @throws a usage error that names the first one that is wrong
 */
export function readGeneral(
  lookup: Lookup,
  file: { readonly [Key in keyof General]?: string | number | undefined },
): General {
  const read = <T extends string | number>(key: keyof General, form: Form<T>): T => {
    const { variable } = documentationOf(generalShape[key]);
    const { text, where } = lookup.find(key, variable, file[key], defaultOf(key));
    return readSetting(form, text, where);
  };
  return {
    lookback: read('lookback', duration),
    usageLookback: read('usageLookback', duration),
    settle: read('settle', duration),
    freshness: read('freshness', duration),
    concurrency: read('concurrency', concurrency),
    timeout: read('timeout', durationWithin(1, 3_600_000, 'from 1ms to 1h, such as 30s')),
    logLevel: read('logLevel', logLevel),
  };
}

/** The default of a setting, as it would be written. */
export function defaultOf(key: keyof typeof generalShape): string {
  const { fallback } = documentationOf(generalShape[key]);
  return fallback !== null && 'value' in fallback ? String(fallback.value) : '';
}
