import { expect, test } from 'vitest';
import { problemsOf } from '../../src/schedule/health.ts';
import { jobNamed } from '../../src/schedule/jobs.ts';
import type { JobRecord } from '../../src/schedule/next-start.ts';

const WHY = 'A person must act: acme refuses the token (401)';

const record = (exit: number | null, succeededAt: number | null): JobRecord => ({
  since: 0,
  unfinished: false,
  repeats: 0,
  exit,
  verdict: WHY,
  endedAt: null,
  succeededAt,
});

test.each([
  ['all is well', 'nightly', record(0, 100), 50, []],
  ['incomplete heals by itself', 'nightly', record(3, 100), 50, []],
  ['so does a lock', 'nightly', record(75, 100), 50, []],
  ['only just fresh', 'nightly', record(0, 50), 50, []],
  ['stale', 'nightly', record(3, 49), 50, ['stale']],
  ['no time to keep', 'nightly', record(0, 1), null, []],
  ['never ran', 'nightly', record(null, null), 50, ['never-ran']],
  ['a token was refused', 'nightly', record(4, 100), 50, ['needs-a-person']],
  ['a configuration was refused', 'nightly', record(2, 100), 50, ['needs-a-person']],
  ['refused and old', 'nightly', record(4, 1), 50, ['needs-a-person', 'stale']],
  ['a defect', 'nightly', record(1, 100), 50, ['failed']],
  ['killed', 'nightly', record(137, 100), 50, ['failed']],
  ['altered', 'verify', record(5, 100), 50, ['integrity']],
  ['a check that has not run yet', 'verify', record(null, null), 50, []],
] as const)('%s', (_, name, known, staleBefore, reasons) => {
  const problems = problemsOf([{ job: jobNamed(name), record: known, staleBefore }]);
  expect(problems).toEqual(
    reasons.map((reason) => ({ job: name, reason, exit: known.exit, verdict: WHY })),
  );
});
