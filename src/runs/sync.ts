import type { Config } from '../config/load.ts';
import { AuditlakeError, EXIT } from '../errors.ts';
import { type WindowPlan, watermarkAfter } from '../extract/windows.ts';
import { KINDS, type Millis } from '../model.ts';
import type { RunDocument } from '../documents/run.ts';
import type { Archive } from '../state/archive.ts';
import { streamKey } from '../state/carried.ts';
import type { Context } from './context.ts';
import { archivePages, oldestServed, type StreamJob, type Task } from './job.ts';
import { type Done, runStreams } from './run-streams.ts';
import { selectStreams } from './sources.ts';
import {
  lookbackOf,
  type Reached,
  reachedOf,
  windowPlan,
  type WindowSettings,
} from './window-plan.ts';
import { DAY } from '../platform/time.ts';

type SyncSettings = WindowSettings & {
  /** Per source: the start of a first sync. */
  start: (source: string) => Millis | null;
  /** What the archive says about how far a stream was read. */
  reached: (source: string, stream: string) => Reached;
  /** When a stream's oldest served event was last asked for. */
  measured: (source: string, stream: string) => Millis | null;
};

/** Reads what is new. @param selected `source/stream` or a source; none for all */
export async function sync(
  context: Context,
  selected: readonly string[],
): Promise<Done<RunDocument>> {
  return await runStreams(context, selectStreams(context, selected), (archive) =>
    syncJob(syncSettings(context.config, archive)),
  );
}

/** What the configuration says, and what the archive already has. */
function syncSettings(config: Config, { ledger }: Archive): SyncSettings {
  const starts = new Map(config.sources.map(({ name, start }) => [name, start]));
  return {
    ...config,
    start: (source) => starts.get(source) ?? null,
    reached: (source, stream) => reachedOf(ledger.state, source, stream),
    measured(source, stream) {
      const last = ledger.state.retention[streamKey(source, stream)];
      // What could not be found out is asked again in the next run.
      return last == null || last.oldest_served === null ? null : Date.parse(last.measured_at);
    },
  };
}

/** The main job: every stream from its cursor to now. */
export function syncJob(settings: SyncSettings): StreamJob {
  return {
    name: 'sync',
    movesCursor: true,
    concerns: () => true,
    async read(task) {
      const { source, reader, archive, vendorNow, notes } = task;
      const plan = windowPlan(reader, archive.cursor, settings, {
        ...settings.reached(source.source, reader.name),
        start: settings.start(source.source),
        ourNow: task.now(),
        vendorNow,
      });
      notes.window = plan.windows.at(-1) ?? null;
      if (!KINDS[reader.kind].hasWindows) return await readSnapshot(task);
      notes.lookback = lookbackOf(reader, settings);
      const isFirst = archive.cursor.watermark === null && archive.cursor.window === null;
      await readWindows(task, plan);
      await measureRetention(task, settings);
      if (plan.mayEndEarly || (isFirst && plan.windows.length === 0))
        throw clockInDoubt(plan.clock);
    },
  };
}

async function readWindows(task: Task, plan: WindowPlan): Promise<void> {
  const { reader, archive } = task;
  let clock = KINDS[reader.kind].hasEvents ? plan.clock : null;
  for (const window of plan.windows) {
    await archive.beginWindow(window);
    await archivePages(task, window);
    // Only once the vendor has answered: anything archived of a stream counts as proof that it works.
    if (clock !== null) archive.finding('clock', clock);
    clock = null;
    const { place: from, to } = window;
    await archive.finishWindow({ from, to }, watermarkAfter(reader, window));
  }
}

/** A log counts as complete only if it is certain that all of it was read. */
function clockInDoubt(clock: string | null): AuditlakeError {
  return new AuditlakeError(
    'clock',
    clock ?? 'the time from which events are wanted has not come yet: nothing was read',
    'compare the clocks of this machine and of the vendor, and AUDITLAKE_START; the next run reads on up to its own time',
    EXIT.incomplete,
  );
}

async function readSnapshot(task: Task): Promise<void> {
  await task.archive.beginSnapshot();
  await archivePages(task, null);
  await task.archive.finishSnapshot();
}

/** Once a day, to notice a backlog that the vendor is about to purge before it is lost. */
async function measureRetention(task: Task, settings: SyncSettings): Promise<void> {
  const { source, reader, notes, now } = task;
  const last = settings.measured(source.source, reader.name);
  if (reader.oldest === undefined || (last !== null && now() - last < DAY)) return;
  const oldest = await oldestServed(task);
  if (oldest !== null) notes.oldestServed = oldest;
}
