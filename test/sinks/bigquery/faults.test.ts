import { describe, expect, test } from 'vitest';
import { columnsOf, keptAs, missingColumns } from '../../../src/sinks/bigquery/columns.ts';
import {
  BigQueryError,
  faultOf,
  type Refusal,
  refusalOf,
} from '../../../src/sinks/bigquery/answers.ts';
import { mergeSql } from '../../../src/sinks/bigquery/merge-sql.ts';

describe('what a refusal means', () => {
  test.each<[Partial<Refusal>, string, number]>([
    [{ status: 403, reason: 'quotaExceeded' }, 'transient', 3],
    [{ status: 403, reason: 'rateLimitExceeded' }, 'transient', 3],
    [{ status: 403, reason: 'accessDenied' }, 'denied', 4],
    [{ status: 403, reason: 'billingNotEnabled' }, 'denied', 4],
    [{ status: 403, reason: 'somethingNew' }, 'denied', 4],
    [{ status: 401 }, 'refused', 4],
    [{ status: 404, reason: 'notFound' }, 'absent', 4],
    [{ status: 409, reason: 'duplicate' }, 'existing', 1],
    [{ status: 400, reason: 'invalidQuery' }, 'invalid', 1],
    [{ status: 413 }, 'invalid', 1],
    [{ status: 429 }, 'transient', 3],
    [{ status: 502 }, 'transient', 3],
    [{ status: 503, reason: 'backendError' }, 'transient', 3],
    // A job's error has no status.
    [{ reason: 'invalid' }, 'invalid', 1],
    [{ reason: 'internalError' }, 'transient', 3],
    [{ reason: 'stopped' }, 'transient', 3],
    [{ reason: 'resourcesExceeded' }, 'invalid', 1],
    [{ network: 'ECONNRESET' }, 'transient', 3],
    // Neither an answer nor a fault of the network: there are no credentials.
    [{}, 'refused', 4],
  ])('%j: %s, exit %i', (given, fault, exit) => {
    const refusal = { status: null, reason: null, message: 'no', network: null, ...given };
    expect(faultOf(refusal)).toBe(fault);
    expect(new BigQueryError('load', refusal).exit).toBe(exit);
  });

  test.each<[string, unknown, Partial<Refusal>]>([
    [
      'an answer of the API',
      Object.assign(new Error('Too much'), { code: 403, errors: [{ reason: 'quotaExceeded' }] }),
      { status: 403, reason: 'quotaExceeded', message: 'Too much' },
    ],
    [
      'an answer that asks for a pause',
      Object.assign(new Error('Slow down'), {
        code: 429,
        response: { headers: { 'retry-after': '7' } },
      }),
      { status: 429, retryAfter: 7_000 },
    ],
    [
      'a cut connection',
      Object.assign(new Error('socket hang up'), { code: 'ECONNRESET', type: 'system' }),
      { status: null, network: 'ECONNRESET' },
    ],
    [
      'a page of a proxy',
      Object.assign(new Error('invalid json'), { type: 'invalid-json' }),
      { status: null, network: 'invalid-json' },
    ],
    [
      'a missing key file',
      Object.assign(new Error('no such file'), { code: 'ENOENT' }),
      { status: null, reason: null, network: null },
    ],
    [
      'credentials with something else',
      new SyntaxError('"sesame" is not JSON'),
      { message: 'the credentials are not JSON' },
    ],
    ['nothing known', 'odd', { message: 'odd', network: null }],
  ])('read from %s', (_what, error, expected) => {
    expect(refusalOf(error, 0)).toMatchObject(expected);
  });

  test('its words cannot forge a line', () => {
    const refusal = { status: 400, reason: 'invalid', message: 'bad\nok', network: null };
    expect(new BigQueryError('load', refusal).message).toBe(
      'BigQuery, load: 400 invalid bad\\u{a}ok',
    );
  });
});

describe('columns', () => {
  test.each([
    ['STRING', 'STRING'],
    ['INT64', 'INTEGER'],
    ['FLOAT64', 'FLOAT'],
    ['BOOL', 'BOOLEAN'],
    ['TIMESTAMP', 'TIMESTAMP'],
    ['BYTES', 'STRING'],
    ['JSON', 'STRING'],
  ])('%s is kept as %s', (type, kept) => {
    expect(columnsOf({ fields: [{ name: 'c', type }] }).map(keptAs)).toEqual([
      { name: 'c', type: kept },
    ]);
  });

  test.each(['', 'a`b', 'a b', 'a.b', '1a', 'a\n'])('%j is no name of a column', (name) => {
    expect(() => columnsOf({ fields: [{ name, type: 'STRING' }] })).toThrow('cannot be delivered');
  });

  test('what is lacking is added, whatever else is there', () => {
    const held = [
      { name: 'Uid', type: 'STRING' },
      { name: 'note', type: 'GEOGRAPHY' },
    ];
    const arrived = [
      { name: 'uid', type: 'STRING' },
      { name: 'raw', type: 'JSON' },
    ];
    expect(missingColumns('t', held, arrived)).toEqual([{ name: 'raw', type: 'STRING' }]);
  });
});

test('the merge', () => {
  const dataset = { project: 'acme-sec', dataset: 'audit' };
  const to = { ...dataset, table: 'work_sessions' };
  const from = { ...dataset, table: 'staging' };
  const columns = [
    { name: 'row_uid', type: 'STRING' },
    { name: 'revision', type: 'INTEGER' },
    { name: 'raw', type: 'JSON' },
    { name: 'tags', type: 'BYTES' },
  ];
  expect(mergeSql(to, from, columns, 'row_uid')).toBe(
    [
      'MERGE INTO `acme-sec`.`audit`.`work_sessions` AS held',
      'USING (SELECT staged.`row_uid` AS `row_uid`, staged.`revision` AS `revision`, TO_JSON_STRING(staged.`raw`) AS `raw`, SAFE_CONVERT_BYTES_TO_STRING(staged.`tags`) AS `tags` FROM `acme-sec`.`audit`.`staging` AS staged WHERE TRUE',
      '  QUALIFY ROW_NUMBER() OVER (PARTITION BY staged.`row_uid` ORDER BY staged.`revision` DESC) = 1) AS arrived',
      'ON held.`row_uid` = arrived.`row_uid`',
      'WHEN MATCHED AND arrived.`revision` > held.`revision` THEN',
      '  UPDATE SET `row_uid` = arrived.`row_uid`, `revision` = arrived.`revision`, `raw` = arrived.`raw`, `tags` = arrived.`tags`',
      'WHEN NOT MATCHED THEN',
      '  INSERT (`row_uid`, `revision`, `raw`, `tags`) VALUES (arrived.`row_uid`, arrived.`revision`, arrived.`raw`, arrived.`tags`)',
    ].join('\n'),
  );
});
