import { ahead } from '../extract/paging/ahead.ts';
import { ceil, UTC_DAYS } from '../extract/periods.ts';
import type { StreamReader } from '../extract/port.ts';
import { isPartEnd, KINDS, type Millis, type Window } from '../model.ts';
import { oldestServed } from './oldest-served.ts';
import type { RunJob, Task } from './run.ts';

/** A bounded run over an old window: what is new or changed in it is archived, no watermark moves. Snapshots have no windows. */
export function backfillJob(wanted: Window): RunJob {
  return {
    job: 'backfill',
    concerns: (reader) => KINDS[reader.kind].hasWindows,
    async work(task) {
      const window = wholeWindow(task.reader, wanted);
      task.told.window = window;
      const servedFrom = await oldestServed(task);
      await beginOld(task, window);
      await readOld(task, window, servedFrom);
    },
  };
}

/** Vendors are asked for whole seconds, and a series for whole periods. */
function wholeWindow({ kind, period = UTC_DAYS }: StreamReader, { from, to }: Window): Window {
  if (KINDS[kind].hasPeriods) return { from: period.floor(from), to: ceil(period, to) };
  return { from: Math.floor(from / 1000) * 1000, to: Math.ceil(to / 1000) * 1000 };
}

/** Loads what the archive has of a window. */
export async function beginOld({ archive }: Task, window: Window): Promise<void> {
  await archive.beginWindow({ ...window, place: window.from, part: null });
}

/**
 * Reads a window that was begun. What is no longer served is noted.
 *
 * @param servedFrom when the vendor's oldest event happened: what it has purged since has not vanished. Null if it did not
 *   tell, and then nothing can be said about what is no longer served
 */
export async function readOld(
  task: Task,
  window: Window,
  servedFrom: Millis | null,
): Promise<void> {
  const { reader, archive, signal } = task;
  const open = { ...window, place: window.from, part: null };
  for await (const page of ahead(reader.read(open))) {
    signal.throwIfAborted();
    await archive.add(page);
    if (isPartEnd(page)) continue;
    const place = page.place ?? window.from;
    task.report(page.fraction ?? (place - window.from) / (window.to - window.from));
  }
  const from = reader.oldest === undefined ? window.from : (servedFrom ?? window.to);
  await archive.finishWindow({ from: Math.max(from, window.from), to: window.to }, window.to);
}
