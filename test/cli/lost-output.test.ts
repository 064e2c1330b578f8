import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { BIN, type Home, homeFor, sandboxFor } from '../harness.ts';
import { few } from '../long.ts';
import { eventIds } from '../sync/support.ts';

const EVENTS = 50;

/** Runs a line of bash in which `$A` is the command line. @returns its exit code and what it printed on standard error */
async function bash(home: Home, line: string): Promise<{ code: number | null; stderr: string }> {
  const env = { ...home.env, AUDITLAKE_LOG_LEVEL: 'debug', A: `${process.execPath} ${BIN}` };
  const child = spawn('bash', ['-c', line], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stderr };
}

/** A pipe whose reader is gone before anything is written. */
const NOBODY = '>(exec <&-; sleep 1)';

describe('a run does its work whatever becomes of its output', () => {
  const cases = few<[what: string, redirection: string, code: number]>(1, [
    ['a report that nobody reads, and a log on a full disk', `> ${NOBODY} 2> /dev/full`, 0],
    ['that is closed', '>&- 2>&-', 0],
    ['a report on a full disk', '>/dev/full', 1],
    ['that nobody reads', `> ${NOBODY} 2> ${NOBODY}`, 0],
    ['a log on a full disk', '2>/dev/full', 0],
  ]);
  test.each(cases)('%s', async (_, redirection, expected) => {
    const home = await homeFor(await sandboxFor({ events: EVENTS }));
    const { code, stderr } = await bash(home, `$A sync tabnine/audit-logs ${redirection}`);
    expect(code, stderr).toBe(expected);
    if (expected === 1) expect(stderr).toContain('standard output cannot be written: ENOSPC');
    expect(await eventIds(home)).toHaveLength(EVENTS);
  });
});

test.each([
  ['one that nobody reads ends well', '| head -1', 0],
  ['one on a full disk does not', '>/dev/full', 1],
])('the answer to a query: %s', async (_, redirection, expected) => {
  const home = await homeFor(await sandboxFor({ events: 1 }));
  await home.sync();
  const line = `set -o pipefail; $A query "select i from range(20000) r(i)" --json ${redirection}`;
  expect(await bash(home, line)).toMatchObject({ code: expected });
});
