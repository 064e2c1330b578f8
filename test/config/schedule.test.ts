import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Config } from '../../src/config/load.ts';
import { type Env, loadAt, makeFolder } from './support.ts';

let cwd: string;
beforeEach(() => {
  cwd = makeFolder();
});
afterEach(() => rmSync(cwd, { recursive: true }));
const load = (env: Env = {}, yaml?: string): Config => loadAt(cwd, env, yaml);

test('the schedule: lines, a time zone, and where it is told how it goes', () => {
  const yaml = `schedule:
  timezone: Europe/Berlin
  nightly: "15 2 * * *"
  verify: "@weekly"
  reconcile: false
  detect: false
  deliver: "*/30 * * * *"
  jitter: 0s
  catchUp: false
  listen: "[::1]:0"`;
  const config = load({}, yaml);
  expect(config.schedule).toEqual({
    timezone: 'Europe/Berlin',
    jobs: [
      { name: 'deliver', line: '*/30 * * * *' },
      { name: 'nightly', line: '15 2 * * *' },
      { name: 'verify', line: '@weekly' },
    ],
    jitter: 0,
    catchUp: false,
    listen: { host: '::1', port: 0 },
  });
  expect(config.origins['schedule.timezone']).toBe('auditlake.yaml');
  expect(load({}, 'schedule: { listen: false }').schedule.listen).toBeNull();
});
