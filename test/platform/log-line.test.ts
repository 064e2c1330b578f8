import { expect, test } from 'vitest';
import { logLine } from '../../src/platform/log-line.ts';

test.each([
  [
    { level: 'warn', time: 'T', name: 'auditlake', msg: 'slow', waitMs: 250 },
    'WARN  slow (waitMs=250)\n',
  ],
  [
    { level: 'error', msg: 'not noted', err: { message: 'no room', stack: 'at …' } },
    'ERROR not noted: no room\n',
  ],
  [{ level: 'info', msg: 'a\u001b[2Jb', job: 'x\ny' }, expect.not.stringContaining('\u001b')],
])('%j is a line for people', (line, shown) => {
  expect(logLine(JSON.stringify(line))).toEqual(shown);
});
