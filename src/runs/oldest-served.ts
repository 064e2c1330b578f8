import { VendorError } from '../errors.ts';
import type { Millis } from '../model.ts';
import type { Task } from './run.ts';

/**
 * When the oldest event happened that the vendor still serves. Neither vendor says how long it keeps its log, so it is
 * measured. Null where it cannot be found out: that must not make a stream look unread.
 */
export async function oldestServed({ reader, now }: Task): Promise<Millis | null> {
  try {
    return (await reader.oldest?.(now())) ?? null;
  } catch (error) {
    if (error instanceof VendorError) return null;
    throw error;
  }
}
