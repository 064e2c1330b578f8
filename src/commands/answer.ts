/** How the answer to SQL is wanted, and gets there: on the screen, as JSON or CSV, or into a file. */
import { extname } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { EXIT, type ExitCode, stopped, usageError } from '../errors.ts';
import type { Parameters } from '../load/query/bound.ts';
import type { Answer, QuerySession } from '../load/query/query.ts';
import { counted } from '../platform/counted.ts';
import { during } from '../platform/progress.ts';
import { writeWhole } from '../platform/whole-file.ts';
import { openZone, type Zone } from '../platform/zone.ts';
import type { Context } from '../runs/context.ts';
import { onlyOne } from './only-one.ts';
import { outsideHome } from './outside-home.ts';
import { csvLines, jsonLines, writeLines } from './query-lines.ts';
import { printRows } from './query-screen.ts';

export type AnswerOptions = { csv?: boolean; vertical?: boolean; to?: string; timezone?: Zone };

export function withAnswerOptions(command: Command): Command {
  return command
    .option('--csv', 'print CSV')
    .option('--vertical', 'one column per line')
    .option('--timezone <zone>', 'print instants as in this zone, such as Europe/Berlin', zoneOf)
    .option('--to <file>', 'write to FILE.parquet, FILE.csv or FILE.ndjson');
}

type Asked = {
  sql: string;
  parameters: Parameters;
  /** The parameters as they are asked with, once there is somebody to ask; and what to say of it. */
  settle?: (session: QuerySession) => Promise<{ parameters: Parameters; says: readonly string[] }>;
  /** What remains to be said once the rows are, or to a person who sees none. */
  remarks?: (session: QuerySession, isEmpty: boolean) => Promise<readonly string[]>;
};

/** @param read called once the options are known to fit together */
export async function answerWith(
  context: Context,
  options: AnswerOptions,
  read: () => Promise<Asked>,
): Promise<ExitCode> {
  const { to, timezone: zone = null } = options;
  const format = formatOf(context, options);
  const { sql, settle, remarks, ...given } = await read();
  const target = to === undefined ? null : await targetOf(context, to);
  const { openWarehouse } = await import('../runs/query.ts');
  const session = await openWarehouse(context);
  const release = interruptOn(context.signal, session);
  try {
    const { parameters, says } = (await settle?.(session)) ?? { ...given, says: [] };
    const waiting = <T>(work: () => Promise<T>): Promise<T> =>
      during(context.output, 'query', work);
    const ask = (): Promise<Answer> => waiting(() => session.run(sql, { parameters, zone }));
    for (const text of says) context.output.say(text);
    let isEmpty: boolean;
    if (target === null) {
      ({ isEmpty } = await printRows(context, await ask(), format));
    } else {
      const { rows } =
        target.format === 'parquet'
          ? await waiting(() => session.writeParquet(sql, parameters, target.path))
          : await writeText(context, await ask(), target);
      isEmpty = rows === 0;
      context.output.say(`${counted(rows, 'row')} written to ${to}`);
    }
    for (const remark of (await remarks?.(session, isEmpty)) ?? []) context.output.say(remark);
    return EXIT.complete;
  } catch (error) {
    throw context.signal.aborted ? stopped() : error;
  } finally {
    release();
    await session.close();
  }
}

/** Ends what is asked as soon as somebody stops the command: again and again, since a statement may be about to begin. */
function interruptOn(signal: AbortSignal, session: QuerySession): () => void {
  let again: NodeJS.Timeout | undefined;
  const stop = (): void => {
    session.interrupt();
    again = setInterval(() => session.interrupt(), 50);
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  return () => {
    signal.removeEventListener('abort', stop);
    clearInterval(again);
  };
}

function zoneOf(name: string): Zone {
  try {
    return openZone(name);
  } catch {
    throw new InvalidArgumentError('It must be an IANA name, such as Europe/Berlin or UTC.');
  }
}

export type Format = 'csv' | 'json' | 'vertical' | 'table';

/** @throws AuditlakeError `usage` if the options name several */
export function formatOf(
  { json }: Context,
  { csv = false, vertical = false, to }: AnswerOptions,
): Format {
  const given = onlyOne({ csv, json, vertical, to: to !== undefined });
  return given === null || given === 'to' ? 'table' : given;
}

const FORMATS = { '.parquet': 'parquet', '.csv': 'csv', '.ndjson': 'ndjson' } as const;

type Target = { path: string; format: (typeof FORMATS)[keyof typeof FORMATS] };

/** @throws AuditlakeError `usage` for a file inside the home: a query must not be able to replace the evidence */
async function targetOf(context: Context, to: string): Promise<Target> {
  const format = FORMATS[extname(to) as keyof typeof FORMATS];
  if (format === undefined) {
    throw usageError(
      `--to ${to}: the extension says the format`,
      `use one of ${Object.keys(FORMATS).join(', ')}`,
    );
  }
  return { path: await outsideHome(context, '--to', to), format };
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
