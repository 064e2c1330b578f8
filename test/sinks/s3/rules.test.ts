import { describe, expect, test } from 'vitest';
import { diagnose } from '../../../src/sinks/s3/answers.ts';
import { inOrder } from '../../../src/platform/in-order.ts';
import { isMirrorPath, keyOf } from '../../../src/sinks/s3/key.ts';
import { journalOf, planLake, readRemote } from '../../../src/sinks/s3/plan.ts';

const lakePath = (name: string): string => `lake/${name}.parquet`;

const file = (name: string, sha256: string) => ({ path: lakePath(name), bytes: 1, sha256 });

const pending = (...names: string[]): string => JSON.stringify({ pending: names.map(lakePath) });

const answered = (status: number, name: string): Error =>
  Object.assign(new Error('words'), { name, $metadata: { httpStatusCode: status } });

async function* numbers(count: number): AsyncGenerator<number> {
  for (let i = 0; i < count; i += 1) yield i;
}

describe('paths that become keys', () => {
  test.each([
    ['archive/ledger/2026-01.ndjson', true],
    ['archive/devin-emea/audit-logs/2026/01/01/000000000002.ndjson.gz', true],
    ['lake/audit_events/src=my.team/month=2026-01/2026-01-01.parquet', true],
    ['lake/.files/audit_events/src=acme/month=2026-01/2026-01-0123456789abcdef.parquet', true],
    ['archive/../lake/data.parquet', false],
    ['../secret', false],
    ['archive/..', false],
    ['archive/./x', false],
    ['/etc/passwd', false],
    ['archive//x', false],
    ['archive/x/', false],
    ['archive/x\n', false],
    ['archive/\u0000x', false],
    ['archive/a b', false],
    ['archive/a?b', false],
    ['', false],
  ])('%j: %s', (path, isGood) => {
    expect(isMirrorPath(path)).toBe(isGood);
  });

  test('a path that is refused is an error that names it', () => {
    expect(() => keyOf('p/', 'a/../b')).toThrow('"a/../b"');
    expect(() => keyOf('p'.repeat(1020), 'long')).not.toThrow();
    expect(() => keyOf('p'.repeat(1021), 'long')).toThrow('cannot become a key');
  });
});

describe('what a failure means', () => {
  test.each([
    [answered(412, 'PreconditionFailed'), 'exists'],
    [answered(409, 'ConditionalRequestConflict'), 'busy'],
    [answered(409, 'OperationAborted'), 'busy'],
    [answered(409, 'Conflict'), 'exists'],
    [answered(304, 'NotModified'), 'exists'],
    [answered(302, 'Found'), 'person'],
    [answered(404, 'NoSuchKey'), 'absent'],
    [answered(404, 'NotFound'), 'absent'],
    [answered(404, 'NoSuchBucket'), 'person'],
    [answered(403, 'AccessDenied'), 'denied'],
    [answered(403, 'Forbidden'), 'denied'],
    [answered(403, 'SignatureDoesNotMatch'), 'person'],
    [answered(403, 'InvalidAccessKeyId'), 'person'],
    [answered(403, 'RequestTimeTooSkewed'), 'person'],
    [answered(301, 'PermanentRedirect'), 'person'],
    [answered(400, 'AuthorizationHeaderMalformed'), 'person'],
    [answered(400, 'BadDigest'), 'altered'],
    [answered(400, 'RequestTimeout'), 'busy'],
    [answered(400, 'NotImplemented'), 'unsupported'],
    [answered(501, 'NotImplemented'), 'unsupported'],
    [answered(400, 'EntityTooLarge'), 'rejected'],
    [answered(429, 'TooManyRequests'), 'busy'],
    [answered(503, 'SlowDown'), 'busy'],
    [answered(500, 'InternalError'), 'busy'],
    [Object.assign(new Error('gone'), { code: 'ECONNRESET' }), 'busy'],
    [Object.assign(new Error('late'), { name: 'TimeoutError' }), 'busy'],
    [Object.assign(new Error('x'), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }), 'person'],
    [Object.assign(new Error('none'), { name: 'CredentialsProviderError' }), 'person'],
    [new TypeError('a defect'), undefined],
    ['a string', undefined],
  ])('%s: %s', (error, fault) => {
    expect(diagnose(error, 0)?.fault).toBe(fault);
  });

  const style = 'set forcePathStyle: true';
  test.each<[string, Error, boolean]>([
    ['a host that is not known', Object.assign(new Error('x'), { code: 'ENOTFOUND' }), true],
    [
      'a host without a certificate',
      Object.assign(new Error('x'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }),
      true,
    ],
    ['a bucket that there is not', answered(404, 'NoSuchBucket'), true],
    ['a key that there is not', answered(404, 'NotFound'), true],
    ['a method that is not allowed', answered(405, 'MethodNotAllowed'), true],
    ['a refused connection', Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), false],
    ['no permission', answered(403, 'AccessDenied'), false],
    ['an overload', answered(503, 'SlowDown'), false],
  ])('%s, with the bucket in the host name of another server', (_, error, isHinted) => {
    expect(diagnose(error, 0, true)?.hint.includes(style)).toBe(isHinted);
    expect(diagnose(error, 0)?.hint).not.toContain(style);
  });

  test.each([
    ['7', 7_000],
    ['Thu, 01 Jan 1970 00:00:05 GMT', 5_000],
    [undefined, null],
  ])('Retry-After %s asks for %s ms', (header, ms) => {
    const headers = header === undefined ? {} : { 'retry-after': header };
    const error = Object.assign(answered(503, 'SlowDown'), { $response: { headers } });
    expect(diagnose(error, 0)).toMatchObject({ fault: 'busy', retryAfter: ms });
  });

  test('words of the server cannot move the cursor', () => {
    const error = Object.assign(answered(400, 'Odd'), { message: 'a\u001b[2Jb' });
    expect(diagnose(error, 0)?.what).toBe('400 Odd: a\\u{1b}[2Jb');
  });
});

describe('the plan for the lake', () => {
  const manifest = JSON.stringify({
    files: [
      { path: 'a.parquet', sha256: '1' },
      { path: 'b.parquet', sha256: '2' },
    ],
  });
  test.each<[string, string | null, string | null, string[], string[], string[]]>([
    ['all is there', manifest, null, [], [], []],
    ['the first time', null, null, ['a', 'b'], ['a', 'b'], []],
    ['a manifest that cannot be read', '{', '[', ['a', 'b'], ['a', 'b'], []],
    ['left unsettled', manifest, pending('b'), ['b'], ['b'], []],
    ['left over', manifest, pending('c'), [], [], ['c']],
    ['a first run that was cut off', null, pending('a', 'c'), ['a', 'b'], ['a', 'b'], ['c']],
  ])('%s', (_, there, journal, write, doubtful, remove) => {
    const plan = planLake([file('a', '1'), file('b', '2')], readRemote(there, journal));
    expect(plan.write.map((one) => one.path)).toEqual(write.map(lakePath));
    expect([...plan.doubtful]).toEqual(doubtful.map(lakePath));
    expect(plan.remove).toEqual(remove.map(lakePath));
  });

  test('a lake of the layout before is replaced', () => {
    const [before, now] = ['t/src=acme/dt=2026-01-01/data', 't/src=acme/month=2026-01/2026-01'];
    const there = JSON.stringify({ files: [{ path: `${before}.parquet`, sha256: '1' }] });
    const plan = planLake([file(now, '1')], readRemote(there, null));
    expect(plan.write.map(({ path }) => path)).toEqual([lakePath(now)]);
    expect(plan.remove).toEqual([lakePath(before)]);
  });

  test('the journal names what is written, what is removed, and the barrier in between', () => {
    const plan = planLake([file('b', '3'), file('c', '4')], readRemote(manifest, null));
    expect([...readRemote(null, journalOf(plan)).pending].toSorted()).toEqual([
      'lake/a.parquet',
      'lake/b.parquet',
      'lake/c.parquet',
      'lake/read-again.parquet',
    ]);
  });
});

describe('several at a time', () => {
  test('the first alone, then no more than the width, results in order', async () => {
    const gates: (() => void)[] = [];
    let most = 0;
    let under = 0;
    const work = async (item: number): Promise<number> => {
      under += 1;
      most = Math.max(most, under);
      if (item === 0) expect(under).toBe(1);
      await new Promise<void>((resolve) => {
        gates.push(resolve);
        // The newest is let go first, so that order is nobody's accident.
        setImmediate(() => gates.pop()?.());
      });
      under -= 1;
      return item;
    };
    const results: number[] = [];
    for await (const result of inOrder(numbers(20), 4, work)) results.push(result);
    expect(results).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(most).toBe(4);
  });

  test('a failure comes after what was before it, and nothing is left behind', async () => {
    const results: number[] = [];
    let under = 0;
    const work = async (item: number): Promise<number> => {
      under += 1;
      await new Promise((resolve) => setImmediate(resolve));
      under -= 1;
      if (item === 5) throw new Error('five');
      return item;
    };
    const run = async (): Promise<void> => {
      for await (const result of inOrder(numbers(20), 4, work)) results.push(result);
    };
    await expect(run()).rejects.toThrow('five');
    expect(results).toEqual([0, 1, 2, 3, 4]);
    expect(under).toBe(0);
  });
});
