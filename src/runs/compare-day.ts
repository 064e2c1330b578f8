import { counted } from '../platform/counted.ts';
import { messageOf, VendorError } from '../errors.ts';
import type { Millis, Window } from '../model.ts';
import { isoDay } from '../platform/time.ts';
import type { ComparedDay } from '../state/ledger-schema.ts';
import { beginOldWindow, readOldWindow } from './backfill.ts';
import type { Task } from './job.ts';

/** A day into which events come faster than they are read is left for another time. */
const READINGS = 3;

/**
 * Compares one day with the vendor and notes what was found. Where the vendor counts as many events as are archived, that is
 * all; else the day is read again, until a reading brings nothing new.
 *
 * @returns why this day could not be read, if that says nothing about the others
 * @throws what will keep the others from being read too
 */
export async function compareDay(
  task: Task,
  window: Window,
  servedFrom: Millis | null,
  compared: ComparedDay[],
): Promise<unknown> {
  const { reader, archive } = task;
  await beginOldWindow(task, window);
  const archived = archive.archivedIn(window);
  const vendor = (await reader.count?.(window)) ?? null;
  const day = isoDay(window.from);
  const found = { day, archived, vendor, served: null, new_records: 0, note: null };
  if (vendor === archived) {
    compared.push({ ...found, state: 'complete' });
    return null;
  }
  const before = { ...archive.counts };
  const gained = (): number => archive.counts.new - before.new;
  let isStill: boolean;
  try {
    isStill = await readUntilStill(task, window, servedFrom, gained);
  } catch (error) {
    const isMissing = isRefused(error) && vendor !== null && vendor > archived + gained();
    const state = isMissing ? 'missing' : 'unread';
    compared.push({ ...found, new_records: gained(), state, note: messageOf(error) });
    if (isRefused(error)) return error;
    throw error;
  }
  const served = archived + gained() - (archive.counts.absent - before.absent);
  const state = isStill ? 'complete' : 'unread';
  const note = isStill ? noteOf(vendor, served) : `each of ${READINGS} readings brought more`;
  compared.push({ ...found, state, served, new_records: gained(), note });
  return null;
}

/** @returns false if the last reading still brought something new */
async function readUntilStill(
  task: Task,
  window: Window,
  servedFrom: Millis | null,
  gained: () => number,
): Promise<boolean> {
  for (let reading = 1; reading <= READINGS; reading += 1) {
    const had = gained();
    if (reading > 1) await beginOldWindow(task, window);
    await readOldWindow(task, window, servedFrom);
    if (gained() === had) return true;
  }
  return false;
}

function noteOf(vendor: number | null, served: number): string | null {
  if (vendor === null || vendor === served) return null;
  return `the vendor counts ${counted(vendor, 'event')} and lists ${served}: its count is a hint`;
}

/** The vendor does not list this day, for good; anything else may be a token, the network or our own disk. */
function isRefused(error: unknown): boolean {
  return error instanceof VendorError && ['rejected', 'absent'].includes(error.fault);
}
