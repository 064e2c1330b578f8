/**
 * A note that a run is at work, for whoever looks at the home meanwhile. The lock keeps runs apart.
 */
import { rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { readPlain } from '../platform/plain-file.ts';
import { iso } from '../platform/time.ts';
import type { Layout } from './layout.ts';

const LARGEST = 4096;

const note = z.object({ started_at: z.iso.datetime(), pid: z.int().positive(), host: z.string() });

type Running = z.infer<typeof note> & {
  /** `unknown` where the note is of another host, such as a container's. */
  state: 'at work' | 'cut short' | 'unknown';
};

/** Only who has the lock writes it. A disk that is full or read-only is no reason not to run. */
export async function noteRunning(layout: Layout, now: number): Promise<void> {
  const text = JSON.stringify({ started_at: iso(now), pid: process.pid, host: hostname() });
  await noteEnded(layout);
  // A new file: what somebody put there instead could be a pipe, which never answers.
  await writeFile(fileIn(layout), `${text}\n`, { flag: 'wx', mode: 0o600 }).catch(() => undefined);
}

export async function noteEnded(layout: Layout): Promise<void> {
  await rm(fileIn(layout), { force: true }).catch(() => undefined);
}

/** The run that is at work, or that has not ended; null if there is none, or nothing that says so. */
export async function runningIn(layout: Layout): Promise<Running | null> {
  const bytes = await readPlain(fileIn(layout), LARGEST).catch(() => Buffer.alloc(0));
  const { data } = note.safeParse(parsed(bytes.toString('utf8')));
  return data === undefined ? null : { ...data, state: stateOf(data) };
}

function stateOf({ pid, host }: z.infer<typeof note>): Running['state'] {
  if (host !== hostname()) return 'unknown';
  try {
    process.kill(pid, 0);
    return 'at work';
  } catch (error) {
    // Another user's process is there as well.
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? 'at work' : 'cut short';
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function fileIn({ home }: Layout): string {
  return join(home, 'running.json');
}
