import { ahead } from '../extract/paging/ahead.ts';
import { DAY } from '../extract/periods.ts';
import { type WindowPlan, watermarkAfter } from '../extract/windows.ts';
import { isPartEnd, KINDS, type Millis } from '../model.ts';
import { planFor, type Reach } from './plan.ts';
import { oldestServed } from './oldest-served.ts';
import type { RunJob, Task } from './run.ts';

export type SyncSettings = Reach & {
  /** Per source: the start of a first sync. */
  start: (source: string) => Millis | null;
  /** Of a stream: when its oldest served event was last asked for. */
  measured: (source: string, stream: string) => Millis | null;
};

/** The main job: every stream from its cursor to now. */
export function syncJob(settings: SyncSettings): RunJob {
  return {
    job: 'sync',
    concerns: () => true,
    async work(task) {
      const { source, reader, archive, vendorNow } = task;
      const plan = planFor(reader, archive.cursor, settings, {
        start: settings.start(source.source),
        ourNow: task.now(),
        vendorNow,
      });
      task.told.window = plan.windows.at(-1) ?? null;
      const { hasWindows, hasPeriods } = KINDS[reader.kind];
      if (!hasWindows) return await readSnapshot(task);
      task.told.lookback = hasPeriods ? settings.usageLookback : settings.lookback;
      await readWindows(task, plan);
      await measureRetention(task, settings);
    },
  };
}

async function readWindows(task: Task, plan: WindowPlan): Promise<void> {
  const { reader, archive } = task;
  for (const window of plan.windows) {
    await archive.beginWindow(window);
    if (plan.clock !== null) archive.finding('clock', plan.clock);
    for await (const page of ahead(reader.read(window))) {
      task.signal.throwIfAborted();
      await archive.add(page);
      if (isPartEnd(page)) continue;
      const place = page.place ?? window.place;
      task.report(page.fraction ?? (place - window.from) / (window.to - window.from));
    }
    const { place: from, to } = window;
    await archive.finishWindow({ from, to }, watermarkAfter(reader, window));
  }
}

async function readSnapshot(task: Task): Promise<void> {
  const { reader, archive } = task;
  await archive.beginSnapshot();
  for await (const page of ahead(reader.read(null))) {
    task.signal.throwIfAborted();
    await archive.add(page);
    if (!isPartEnd(page)) task.report(page.fraction ?? null);
  }
  await archive.finishSnapshot();
}

/** Once a day, so that a backlog which is about to be lost is noticed before it is. */
async function measureRetention(task: Task, settings: SyncSettings): Promise<void> {
  const { source, reader, told, now } = task;
  const last = settings.measured(source.source, reader.name);
  if (reader.oldest === undefined || (last !== null && now() - last < DAY)) return;
  const oldest = await oldestServed(task);
  if (oldest !== null) told.oldest = oldest;
}
