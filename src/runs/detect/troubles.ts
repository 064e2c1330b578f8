/** What is wrong with the recording itself, for detections that watch it: the words are those of `status`. */
import type { Archive } from '../../state/archive.ts';
import { lastRuns } from '../../state/ledger-queries.ts';
import type { ReadingLine } from '../../state/ledger-schema.ts';
import type { Context } from '../context.ts';
import { diagnose } from '../diagnose.ts';
import { readCoverage } from '../status/coverage.ts';

/** `kind` is that of an alarm, or the code of an error. `stream` is empty where it is the whole source. */
type Trouble = { kind: string; source: string; stream: string; what: string; hint: string };

/** So far back the last run is looked for that has read a source. */
const RUNS_LOOKED_AT = 50;

/** @returns JSON: a list of objects with `kind`, `source`, `stream`, `what` and `hint` */
export async function troublesIn(context: Context, archive: Archive): Promise<string> {
  const { alarms } = await readCoverage(context, archive, { from: null, streams: [] });
  const failed = causesOf(await lastRuns(archive, RUNS_LOOKED_AT));
  const raised = alarms.map(({ kind, source, stream, what, hint }): Trouble => ({
    kind,
    source,
    stream,
    what,
    hint,
  }));
  return JSON.stringify([...raised, ...failed]);
}

/** Why the last run that read a source did not read all of it. */
function causesOf(runs: readonly ReadingLine[]): Trouble[] {
  const last = new Map<string, ReadingLine['streams'][number]>();
  for (const { job, streams } of runs) {
    if (job !== 'sync') continue;
    for (const entry of streams) last.set(`${entry.source}/${entry.stream}`, entry);
  }
  const { causes } = diagnose({ streams: [...last.values()] });
  return causes.map(({ subject, code, message, hint }) => ({
    kind: code,
    source: subject,
    stream: '',
    what: message,
    hint,
  }));
}
