import { readFile, realpath } from 'node:fs/promises';
import { dirname, extname, isAbsolute, relative, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { InvalidArgumentError } from 'commander';
import { EXIT, messageOf, usageError } from '../errors.ts';
import type { Answer } from '../load/query/query.ts';
import { openZone, type Zone } from '../platform/zone.ts';
import { writeWhole } from '../platform/whole-file.ts';
import { during } from '../platform/progress.ts';
import type { Context } from '../runs/context.ts';
import { csvLines, jsonLines, writeLines } from './query-lines.ts';
import { printRows } from './query-screen.ts';
import { NO_SECRETS, type Verb } from './verb.ts';

type QueryOptions = {
  csv?: boolean;
  vertical?: boolean;
  file?: string;
  to?: string;
  timezone?: Zone;
  param: Record<string, string>;
};

export const query: Verb<QueryOptions> = {
  usage: 'query [sql]',
  summary: 'read-only SQL over the warehouse; without SQL it is read from standard input',
  examples: () => [
    'auditlake query "select action, count(*) n from audit_events group by 1 order by 2 desc"',
    'auditlake query "select * from users" --to users.parquet',
  ],
  options: (command) =>
    command
      .option('--file <file>', 'read the SQL from a file; - for standard input')
      .option('--param <name=value>', 'value of $name in the SQL; may be repeated', parameter, {})
      .option('--csv', 'print CSV')
      .option('--vertical', 'one column per line')
      .option('--timezone <zone>', 'print instants as in this zone, such as Europe/Berlin', zoneOf)
      .option('--to <file>', 'write to FILE.parquet, FILE.csv or FILE.ndjson'),
  async run({ args, options, open }) {
    const context = open(NO_SECRETS);
    const { csv = false, vertical = false, to, param: parameters, timezone: zone = null } = options;
    const format = onlyOne({ csv, json: context.json, vertical, to: to !== undefined });
    const sql = await sqlOf(context, args[0], options.file);
    const target = to === undefined ? null : await targetOf(context, to);
    const { openWarehouse } = await import('../runs/query.ts');
    const session = await openWarehouse(context);
    const waiting = <T>(work: () => Promise<T>): Promise<T> =>
      during(context.output, 'query', work);
    const ask = (): Promise<Answer> => waiting(() => session.run(sql, { parameters, zone }));
    try {
      if (target === null) {
        await printRows(context, await ask(), format);
      } else {
        const { rows } =
          target.format === 'parquet'
            ? await waiting(() => session.writeParquet(sql, parameters, target.path))
            : await writeText(context, await ask(), target);
        context.output.say(`${rows} rows written to ${to}`);
      }
      return EXIT.complete;
    } finally {
      await session.close();
    }
  },
};

function parameter(given: string, former: Record<string, string>): Record<string, string> {
  const [, name = '', value = ''] = /^\$?(\w+)=([\s\S]*)$/.exec(given) ?? [];
  if (name === '') throw new InvalidArgumentError('It must be NAME=VALUE.');
  return { ...former, [name]: value };
}

function zoneOf(name: string): Zone {
  try {
    return openZone(name);
  } catch {
    throw new InvalidArgumentError('It must be an IANA name, such as Europe/Berlin or UTC.');
  }
}

type Chosen = { csv: boolean; json: boolean; vertical: boolean; to: boolean };

/** An option without effect would let a person believe that it had one. */
function onlyOne(chosen: Chosen): 'csv' | 'json' | 'vertical' | 'table' {
  const [first, second] = (['csv', 'json', 'vertical', 'to'] as const).filter(
    (name) => chosen[name],
  );
  if (first !== undefined && second !== undefined) {
    throw usageError(`--${first} and --${second} exclude each other`, 'name one');
  }
  return first === undefined || first === 'to' ? 'table' : first;
}

async function sqlOf(
  { stdin, cwd }: Context,
  sql: string | undefined,
  file: string | undefined,
): Promise<string> {
  if (sql !== undefined && file !== undefined) {
    throw usageError('the SQL is given twice: as a text and by --file', 'give one of them');
  }
  if (sql !== undefined) return sql;
  if (file !== undefined && file !== '-') {
    return await readFile(resolve(cwd, file), 'utf8').catch((error: unknown) => {
      throw usageError(`--file ${file} cannot be read: ${messageOf(error)}`, 'name an SQL file');
    });
  }
  if ('isTTY' in stdin && stdin.isTTY === true && file === undefined) {
    throw usageError('there is no SQL', 'give it as a text, by --file, or on standard input');
  }
  return await text(stdin);
}

const FORMATS = { '.parquet': 'parquet', '.csv': 'csv', '.ndjson': 'ndjson' } as const;

type Target = { path: string; format: (typeof FORMATS)[keyof typeof FORMATS] };

/** @throws AuditlakeError `usage` for a file inside the home: a query must not be able to replace the evidence */
async function targetOf({ cwd, config }: Context, to: string): Promise<Target> {
  const format = FORMATS[extname(to) as keyof typeof FORMATS];
  if (format === undefined) {
    throw usageError(
      `--to ${to}: the extension says the format`,
      `use one of ${Object.keys(FORMATS).join(', ')}`,
    );
  }
  const path = resolve(cwd, to);
  const [home, folder] = await Promise.all(
    [config.home, dirname(path)].map((name) => realpath(name).catch(() => name)),
  );
  const inside = relative(home ?? '', folder ?? '');
  if (!inside.startsWith('..') && !isAbsolute(inside)) {
    throw usageError(`--to ${to} is inside the home ${config.home}`, 'name a file elsewhere');
  }
  return { path, format };
}

async function writeText(
  { signal }: Context,
  answer: Answer,
  { path, format }: Target,
): Promise<{ rows: number }> {
  // The first line of CSV names the columns.
  const [lines, more] = format === 'csv' ? [csvLines, 1] : [jsonLines, 0];
  const count = await writeWhole(path, (part) => writeLines(part, lines(answer, signal)));
  return { rows: count - more };
}
