import { expect, test } from 'vitest';
import { SINKS } from '../../src/sinks/index.ts';
import { bigqueryReceiver } from '../sinks/bigquery/receiver.ts';
import { ndjsonReceiver } from '../sinks/ndjson/receiver.ts';
import { few } from '../long.ts';
import type { Receivers } from '../sinks/receiver.ts';
import { bucketReceiver } from '../sinks/s3/receiver.ts';
import { splunkReceiver } from '../sinks/splunk/receiver.ts';
import { webhookReceiver } from '../sinks/webhook/receiver.ts';
import { sinkContract } from './sink.ts';

/** What each sink is tried with. */
const RECEIVERS: Readonly<Record<string, Receivers>> = {
  'splunk-hec': { kind: 'rows', receivers: { 'an event collector': splunkReceiver } },
  bigquery: { kind: 'rows', receivers: { 'a dataset': bigqueryReceiver } },
  s3: {
    kind: 'files',
    receivers: Object.fromEntries(
      few(1, [
        ['a bucket', bucketReceiver],
        ['a bucket without conditional writes', () => bucketReceiver({ conditions: 'ignores' })],
      ]),
    ),
  },
  ndjson: {
    kind: 'rows',
    receivers: {
      'standard output': () => ndjsonReceiver('stdout'),
      'a file': () => ndjsonReceiver('file'),
      'a folder': () => ndjsonReceiver('folder'),
    },
  },
  webhook: { kind: 'rows', receivers: { 'a receiver of webhooks': webhookReceiver } },
};

test('every registered sink is tried', () => {
  expect(Object.keys(RECEIVERS)).toEqual(SINKS.map(({ type }) => type));
});

for (const declared of SINKS) {
  const receivers = RECEIVERS[declared.type];
  if (receivers !== undefined) sinkContract(declared, receivers);
}
