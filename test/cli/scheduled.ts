/** `auditlake schedule` at work, and what it tells while it is. */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import type { Home, Ran, Report } from '../harness.ts';

export type JobLine = {
  version: number;
  job: string;
  exit: number;
  started_at: string;
  finished_at: string;
  report: Report | null;
};

export type Scheduled = {
  pid: number;
  /** Where it listens. */
  url: string;
  /** The next job that ends. */
  job(): Promise<JobLine>;
  get(
    path: string,
    method?: string,
  ): Promise<{ status: number; type: string | null; body: string }>;
  /** Asks it to end and waits until it has. */
  stop(): Promise<Ran & { ms: number }>;
};

/** Starts it and waits until it listens. It is gone when the test ends. */
export async function startSchedule(
  home: Home,
  schedule: object,
  more: Record<string, string> = {},
): Promise<Scheduled> {
  const listen = '127.0.0.1:0';
  await home.configure({
    schedule: { reconcile: false, detect: false, jitter: '0s', listen, ...schedule },
    // Jobs are started here, not tried: without usage and lake they are soon over.
    sources: { tabnine: { type: 'tabnine', usageScopes: [] } },
    lake: false,
  });
  const { child, done } = home.start(['schedule', '--json'], more);
  onTestFinished(() => void child.kill('SIGKILL'));
  const { stdout, stderr, pid } = child;
  if (stdout === null || stderr === null || pid === undefined) throw new Error('it did not start');
  const jobs = createInterface({ input: stdout })[Symbol.asyncIterator]();
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: stderr }).on('line', (line) => {
      const found = /"listening":"(.*?)"/.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
    void done.then(({ stderr: text }) => reject(new Error(`it ended at once: ${text}`)));
  });
  return {
    pid,
    url,
    async job() {
      const { value, done: isOver } = await jobs.next();
      if (isOver === true) throw new Error(`it ended: ${(await done).stderr}`);
      return JSON.parse(value) as JobLine;
    },
    async get(path, method = 'GET') {
      const response = await fetch(url + path, { method });
      const body = await response.text();
      return { status: response.status, type: response.headers.get('content-type'), body };
    },
    async stop() {
      const startedAt = performance.now();
      if (child.exitCode === null) {
        child.kill('SIGTERM');
        await once(child, 'close');
      }
      return { ...(await done), ms: performance.now() - startedAt };
    },
  };
}
