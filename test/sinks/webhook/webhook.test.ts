/** The webhook beyond the contract: severity, heartbeat, what is asked for patience, and secrets in errors. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { openWebhook } from '../../../src/sinks/webhook/sink.ts';
import { homeFor, sandboxFor } from '../../harness.ts';
import { deliver, failureOf, revised } from '../deliveries.ts';
import { deliveryOf, eventRows, toolsFor } from '../delivery.ts';
import { startHook } from './hook.ts';
import { QUICK, receivedBy, settingsFor } from './receiver.ts';

const detection = (severity: string): string => `/*
title: Something happened
answers: What happened
parameters: { after: { type: integer, default: 0, says: the seq after which events are new } }
columns: { at: when, source: where, subject: who, evidence: the events }
severity: ${severity}
falsePositives: Everything
respond: Look
key: [source]
*/
select max(occurred_at) as "at", source, 'all' as subject, list(event_uid) as evidence
from audit_events where seq > $after group by source`;

test('a finding is sent once by a run, and a heartbeat by each', async () => {
  const { hook, url } = await startHook();
  const sandbox = await sandboxFor({ events: 10, days: 2 });
  const home = await homeFor(sandbox);
  const folder = join(dirname(home.folder), 'own');
  await mkdir(folder);
  await writeFile(join(folder, 'loud.sql'), detection('high'));
  await writeFile(join(folder, 'quiet.sql'), detection('low'));
  await home.configure({
    detections: folder,
    sinks: {
      alerts: {
        type: 'webhook',
        url,
        atLeast: 'medium',
        signingKey: 'a-key-that-is-long-enough',
        heartbeat: url.replace('/hook', '/alive'),
      },
    },
  });
  await home.sync();
  expect(hook.posted.map(({ path }) => path.split('?')[0])).toEqual(['/alive']);
  const ran = await home.run(['detect', 'loud', 'quiet', '--json']);
  expect({
    code: ran.code,
    sinks: (JSON.parse(ran.stdout) as { sinks: unknown }).sinks,
  }).toMatchObject({
    code: 0,
    sinks: [{ sink: 'alerts', outcome: 'complete', rows: 1, unwanted: 1 }],
  });
  await home.run(['detect', 'loud', 'quiet']);
  const paths = hook.posted.map(({ path }) => path.split('?')[0]);
  expect(paths).toEqual(['/alive', '/hook', '/alive', '/alive']);
  const [, alert, alive] = hook.posted;
  expect(JSON.parse(alert?.body ?? '')).toMatchObject({
    table: 'findings',
    rows: [{ row: { severity: 'high', subject: 'all', state: 'open' } }],
  });
  expect(alert?.headers['webhook-signature']).toMatch(/^v1,/);
  expect(JSON.parse(alive?.body ?? '')).toMatchObject({ alive: true });
});

test('a receiver that asks for patience is waited for, and no error has the address', async () => {
  const { hook, url } = await startHook();
  const rows = eventRows(30);
  let asked = 0;
  hook.intercept = () => {
    asked += 1;
    return asked <= 2 ? { status: 429, headers: { 'retry-after': '0' } } : null;
  };
  const sink = openWebhook('alerts', settingsFor(url), QUICK);
  await sink.deliver(await deliveryOf(rows), toolsFor());
  expect(receivedBy(hook)).toHaveLength(30);
  hook.intercept = null;
  hook.isRevoked = true;
  const failed = await failureOf(sink.deliver(await deliveryOf(rows), toolsFor()));
  expect(failed).toMatchObject({
    exit: 4,
    message: expect.stringMatching(/^alerts: POST to 127\.0\.0\.1:\d+: status 403: invalid_token$/),
  });
  await sink.close();
});

test('the same again has the same id, a revision another', async () => {
  const { hook, url } = await startHook();
  const [row] = eventRows(1);
  if (row === undefined) throw new Error('no row');
  const open = async () => openWebhook('alerts', settingsFor(url), QUICK);
  const receiver = { open, configured: {}, exact: false, received: async () => receivedBy(hook) };
  for (const each of [row, row, revised(row, { seq: 9, n: 0 })]) {
    await deliver(receiver, await deliveryOf([each]));
  }
  const ids = hook.posted.map(({ headers }) => headers['webhook-id']);
  expect([ids[0] === ids[1], ids[1] === ids[2]]).toEqual([true, false]);
});

test('the key of PagerDuty goes with its template', async () => {
  const home = await homeFor(null);
  const refusal = async (more: object): Promise<string> => {
    await home.configure({
      sources: {},
      sinks: { pager: { type: 'webhook', url: 'https://events.example.com/v2', ...more } },
    });
    return (await home.run(['deliver'])).stderr;
  };
  expect(await refusal({ template: 'pagerduty' })).toContain(
    'routingKey in auditlake.yaml is missing',
  );
  expect(await refusal({ routingKey: 'R0UTING' })).toContain('goes with template: pagerduty');
  expect(await refusal({ url: 'http://example.com/hook' })).toContain(
    'would send the token unencrypted',
  );
});
