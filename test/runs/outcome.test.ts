import { expect, test } from 'vitest';
import {
  AuditlakeError,
  EXIT,
  type ExitCode,
  integrityError,
  stopped,
  usageError,
  VendorError,
  type VendorFault,
} from '../../src/errors.ts';
import { endOf, outcomeOf, type StreamFacts, worstExit } from '../../src/runs/outcome.ts';

test.each<[ExitCode[], ExitCode]>([
  [[], 0],
  [[0, 0], 0],
  [[0, 3], 3],
  [[3, 4], 4],
  [[4, 2, 3], 2],
  [[2, 1], 1],
  [[1, 5, 3, 4, 2, 0], 5],
])('the worst of %j is %i', (codes, worst) => {
  expect(worstExit(codes)).toBe(worst);
});

test.each<[ExitCode, string]>([
  [0, 'complete'],
  [1, 'failed'],
  [2, 'failed'],
  [3, 'incomplete'],
  [4, 'failed'],
  [5, 'failed'],
  [75, 'failed'],
])('%i is %s', (exit, outcome) => {
  expect(outcomeOf(exit)).toBe(outcome);
});

const vendor = (fault: VendorFault): VendorError =>
  new VendorError({
    fault,
    code: 'said-no',
    url: 'https://vendor.test/x',
    status: 403,
    what: 'it said no',
    hint: 'ask for it',
  });
const named = (name: string): Error => Object.assign(new Error('ended'), { name });
const disk = (code: string): Error => Object.assign(new Error('no space'), { code });

test.each<[string, unknown, string, ExitCode, string | null]>([
  ['nothing', null, 'complete', EXIT.complete, null],
  ['an abort', named('AbortError'), 'incomplete', EXIT.incomplete, 'stopped'],
  ['a deadline', named('TimeoutError'), 'incomplete', EXIT.incomplete, 'stopped'],
  ['a stop of our own', stopped(), 'incomplete', EXIT.incomplete, 'stopped'],
  ['a refused token', vendor('refused'), 'failed', EXIT.person, 'said-no'],
  ['a permission that lacks', vendor('forbidden'), 'failed', EXIT.person, 'said-no'],
  ['an endpoint that is not there', vendor('absent'), 'failed', EXIT.person, 'said-no'],
  ['a request that is not taken', vendor('rejected'), 'failed', EXIT.failed, 'said-no'],
  ['a rate limit', vendor('limited'), 'incomplete', EXIT.incomplete, 'said-no'],
  ['a broken server', vendor('broken'), 'incomplete', EXIT.incomplete, 'said-no'],
  ['a source that does not hold still', vendor('unstable'), 'incomplete', 3, 'said-no'],
  ['a usage error', usageError('no', 'do'), 'failed', EXIT.usage, 'usage'],
  ['an archive that is not whole', integrityError('no', 'do'), 'failed', 5, 'integrity'],
  ['an error of our own', new AuditlakeError('slow', 'no', 'do', 3), 'incomplete', 3, 'slow'],
  ['a full disk', disk('ENOSPC'), 'failed', EXIT.failed, 'disk'],
  ['a disk that cannot be written', disk('EROFS'), 'failed', EXIT.failed, 'disk'],
  ['anything else', new TypeError('x is not a function'), 'failed', EXIT.failed, 'defect'],
  ['what is no error at all', 'text', 'failed', EXIT.failed, 'defect'],
])('what ends with %s', (_what, failure, outcome, exit, code) => {
  const end = endOf(failure);
  expect({ ...end, error: end.error?.code ?? null }).toEqual({ outcome, exit, error: code });
});

const facts = (required: boolean, workedBefore: boolean): StreamFacts => ({
  required,
  workedBefore,
  needs: 'admin:read',
});

test.each<[VendorFault, StreamFacts, string, ExitCode]>([
  ['forbidden', facts(false, false), 'unavailable', EXIT.complete],
  ['absent', facts(false, false), 'unavailable', EXIT.complete],
  ['forbidden', facts(true, false), 'failed', EXIT.person],
  ['forbidden', facts(false, true), 'failed', EXIT.person],
  ['absent', facts(true, true), 'failed', EXIT.person],
  ['refused', facts(false, false), 'failed', EXIT.person],
  ['rejected', facts(false, false), 'failed', EXIT.failed],
  ['broken', facts(false, false), 'incomplete', EXIT.incomplete],
])('a stream that is %s, %j', (fault, stream, outcome, exit) => {
  expect(endOf(vendor(fault), stream)).toMatchObject({ outcome, exit });
});

test('where a permission lacks, the hint names it', () => {
  const { error } = endOf(vendor('forbidden'), facts(true, false));
  expect(error?.hint).toBe('the token lacks a permission: admin:read');
  expect(endOf(vendor('absent'), facts(true, false)).error?.hint).toBe('ask for it');
});
