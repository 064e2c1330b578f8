import type { RunDocument } from '../documents/run.ts';
import { usageError } from '../errors.ts';
import { ceil, UTC_DAYS } from '../extract/periods.ts';
import type { StreamReader } from '../extract/port.ts';
import { KINDS, type Millis, type Window } from '../model.ts';
import type { Context } from './context.ts';
import { archivePages, oldestServed, type StreamJob, type Task } from './job.ts';
import { type Done, runStreams } from './run-streams.ts';
import { selectStreams } from './sources.ts';

/**
 * Reads an old window again: for events that came later than the lookback, or a stretch that was left out at first.
 *
 * @throws usage if nothing of the window is before now
 */
export async function backfill(
  context: Context,
  selected: readonly string[],
  window: Window,
): Promise<Done<RunDocument>> {
  const to = Math.min(window.to, context.now() - context.config.settle);
  if (window.from >= to) {
    throw usageError(
      'the window is empty: --from is not before --to and now',
      'write both as 2025-01-31 or 2025-01-31T12:00:00Z; --to is not part of the window',
    );
  }
  const job = backfillJob({ from: window.from, to });
  return await runStreams(context, selectStreams(context, selected), () => job);
}

/** A bounded run over an old window: what is new or changed in it is archived, no watermark moves. Snapshots have no windows. */
function backfillJob(wanted: Window): StreamJob {
  return {
    name: 'backfill',
    movesCursor: false,
    concerns: (reader) => KINDS[reader.kind].hasWindows,
    async read(task) {
      const window = wholeWindow(task.reader, wanted);
      task.notes.window = window;
      const servedFrom = await oldestServed(task);
      await beginOldWindow(task, window);
      await readOldWindow(task, window, servedFrom);
    },
  };
}

/** Vendors are asked for whole seconds, and a series for whole periods. */
function wholeWindow({ kind, period = UTC_DAYS }: StreamReader, { from, to }: Window): Window {
  if (KINDS[kind].hasPeriods) return { from: period.floor(from), to: ceil(period, to) };
  return { from: Math.floor(from / 1000) * 1000, to: Math.ceil(to / 1000) * 1000 };
}

/** Loads what the archive has of a window. */
export async function beginOldWindow({ archive }: Task, window: Window): Promise<void> {
  await archive.beginWindow({ ...window, place: window.from, part: null });
}

/**
 * Reads a window that was begun. What is no longer served is noted.
 *
 * @param servedFrom when the vendor's oldest event happened: what it has purged since has not vanished. Null if it did not
 *   tell, and then nothing can be said about what is no longer served
 */
export async function readOldWindow(
  task: Task,
  window: Window,
  servedFrom: Millis | null,
): Promise<void> {
  const { reader, archive } = task;
  await archivePages(task, { ...window, place: window.from, part: null });
  const from = reader.oldest === undefined ? window.from : (servedFrom ?? window.to);
  await archive.finishWindow({ from: Math.max(from, window.from), to: window.to }, window.to);
}
