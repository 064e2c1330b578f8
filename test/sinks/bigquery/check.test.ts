import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { options } from '../../../src/sinks/bigquery/options.ts';
import { openBigQuery } from '../../../src/sinks/bigquery/sink.ts';
import { eventRows, deliveryOf, toolsFor } from '../delivery.ts';
import { bigqueryReceiver, QUICK, serviceForTest, sinkAt } from './receiver.ts';
import { failing } from './rows.ts';
import { DATASET, PROJECT } from './service.ts';

describe('check', () => {
  test('says where the dataset is', async () => {
    const service = await serviceForTest();
    const sink = sinkAt(service, { location: undefined });
    expect(await sink.check(toolsFor())).toBe('dataset acme-sec.ai_audit in europe-west3');
  });

  test.each([
    [{ location: 'US' }, 2, 'is in europe-west3'],
    [{ dataset: 'elsewhere' }, 4, 'acme-sec.elsewhere'],
    [{ apiEndpoint: 'http://127.0.0.1:9' }, 3, 'ECONNREFUSED'],
  ])('%j: exit %i', async (change, exit, words) => {
    const service = await serviceForTest();
    const error = await failing(sinkAt(service, change).check(toolsFor()));
    expect(error.exit).toBe(exit);
    expect(error.message).toContain(words);
  });

  test.each([
    ['revoke', 4],
    ['down', 3],
  ] as const)('%s: exit %i', async (what, exit) => {
    const receiver = await bigqueryReceiver();
    receiver[what]?.(true);
    const sink = await receiver.open();
    expect(await failing(sink.check(toolsFor()))).toMatchObject({ exit });
  });

  test.each([
    ['{"type": "sesame', 2],
    ['"sesame"', 2],
    [null, 2],
    ['{"type": "service_account"}', 4],
    ['{"client_email": "a@acme.test", "private_key": "sesame"}', 4],
  ])('a key file that holds %j: exit %i', async (content, exit) => {
    const { scratch } = await deliveryOf(eventRows(1));
    const keyFile = join(scratch, 'key.json');
    if (content !== null) await writeFile(keyFile, content);
    const settings = { project: PROJECT, dataset: DATASET, rowsPerJob: 1 };
    // Nothing listens there, and without a token nothing is sent.
    const apiEndpoint = 'https://127.0.0.1:9';
    const sink = openBigQuery('warehouse', { ...settings, keyFile, apiEndpoint }, QUICK);
    const error = await failing(sink.check(toolsFor()));
    expect(error.exit).toBe(exit);
    expect(error.message).not.toContain('sesame');
    expect(error.hint).toContain('keyFile');
  });
});

test.each([
  [{ project: 'a`b' }],
  [{ project: 'Acme' }],
  [{ dataset: 'acme.audit' }],
  [{ dataset: 'audit`; drop' }],
  [{ apiEndpoint: 'http://bigquery.acme.test' }],
  [{ apiEndpoint: 'bigquery' }],
])('%j is refused', (change) => {
  const given = { project: PROJECT, dataset: DATASET };
  expect(options.safeParse(given).success).toBe(true);
  expect(options.safeParse({ ...given, ...change }).success).toBe(false);
});
