/** What is wrong with the recording itself, for detections that watch it: the words are those of `status`. */
import { counted } from '../../platform/counted.ts';
import type { Archive } from '../../state/archive.ts';
import { type Altered, readAltered } from '../../state/altered.ts';
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
  return JSON.stringify([...raised, ...failed, ...(await alteredParts(archive))]);
}

/** What the last verification found altered or lost. */
async function alteredParts({ layout }: Archive): Promise<Trouble[]> {
  const noted = await readAltered(layout);
  return (noted?.found ?? []).map(({ part, faults, what }) => ({
    kind: 'altered',
    source: '',
    stream: part,
    what: `${counted(faults, 'fault')}: ${what}`,
    hint: REMEDY[part],
  }));
}

const REMEDY: Readonly<Record<Altered['found'][number]['part'], string>> = {
  archive:
    'keep the home as it is, and compare it with a copy: `auditlake verify` lists every fault; put the files back from the mirror or a backup, and verify again',
  warehouse: 'find out who can write into the home; `auditlake rebuild` makes the warehouse anew',
  lake: 'find out who can write into the home; remove the folder lake, and `auditlake rebuild` makes it anew',
};

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
