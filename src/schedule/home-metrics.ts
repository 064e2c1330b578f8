import { statfs } from 'node:fs/promises';
import type { Registry } from 'prom-client';
import { homeBytes, PARTS } from '../platform/home-bytes.ts';
import { instruments } from './instruments.ts';

/** @returns measures the home, which takes a second or two for 100,000 files: after a run, not at a request */
export function homeMetrics(registry: Registry, home: string): () => Promise<void> {
  const { gauge } = instruments(registry);
  const bytes = gauge('home_bytes', 'Size of the home, as of the end of the last run.', ['part']);
  gauge('home_free_bytes', 'What is free on the volume of the home, for this user.', [], {
    async collect() {
      // A volume that is gone has no figure; its runs fail, and say so.
      const found = await statfs(home).catch(() => null);
      if (found === null) this.reset();
      else this.set(found.bavail * found.bsize);
    },
  });
  for (const part of PARTS) bytes.set({ part }, 0);
  return async () => {
    for (const [part, size] of Object.entries(await homeBytes(home))) bytes.set({ part }, size);
  };
}
