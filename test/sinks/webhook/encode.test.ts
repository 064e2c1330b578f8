/** What each service is sent: findings in its own form, and hostile text stays text. */
import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Row } from '../../../src/sinks/port.ts';
import { signedHeaders } from '../../../src/sinks/webhook/sign.ts';
import { TEMPLATES } from '../../../src/sinks/webhook/encode.ts';
import { HOSTILE } from '../../report/hostile-values.ts';

const finding = (more: object = {}): Row => {
  const row = {
    finding_id: 'f1',
    detection: 'takeover',
    title: 'An account looks taken over',
    severity: 'critical',
    source: 'tabnine',
    subject: 'ann@acme.test',
    first_seen_at: '2026-11-30T02:11:07.000Z',
    last_seen_at: '2026-11-30T02:28:13.000Z',
    evidence: ['tabnine:e1', 'tabnine:e2'],
    details: { id: 12345678901234567n },
    techniques: ['T1078.004'],
    respond: 'Close every session',
    state: 'open',
    reason: null,
    revision: 1,
    ...more,
  };
  const json = JSON.stringify(row, (_key, value: unknown) =>
    typeof value === 'bigint' ? '@@' : value,
  ).replace('"@@"', '12345678901234567');
  return { position: { seq: 5, n: 2 }, uid: 'f1', revision: 1, time: 0, json };
};

const sent = (template: keyof typeof TEMPLATES, row: Row): string =>
  TEMPLATES[template].body([row], { table: 'findings', routingKey: 'R0UTING' });

test('a service gets what it takes', () => {
  expect(sent('generic', finding())).toContain('12345678901234567');
  expect(JSON.parse(sent('generic', finding()))).toMatchObject({
    version: 1,
    table: 'findings',
    rows: [{ uid: 'f1', revision: 1, row: { severity: 'critical' } }],
  });
  const line = 'critical: An account looks taken over: ann@acme.test (tabnine)';
  expect(JSON.parse(sent('slack', finding()))).toMatchObject({
    text: line,
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text: `*${line}*` } }],
  });
  expect(JSON.parse(sent('teams', finding()))).toMatchObject({
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: { type: 'AdaptiveCard', body: [{ type: 'TextBlock' }, { type: 'FactSet' }] },
      },
    ],
  });
  expect(JSON.parse(sent('pagerduty', finding()))).toMatchObject({
    routing_key: 'R0UTING',
    event_action: 'trigger',
    dedup_key: 'f1',
    payload: { summary: line, severity: 'critical', source: 'tabnine', class: 'takeover' },
  });
});

test('what is closed says so, and ends the incident', () => {
  const closed = finding({ state: 'closed', reason: 'a drill' });
  expect(JSON.parse(sent('pagerduty', closed))).toMatchObject({
    event_action: 'resolve',
    dedup_key: 'f1',
  });
  for (const template of ['slack', 'teams'] as const) {
    expect(sent(template, closed)).toContain('closed: critical');
    expect(sent(template, closed)).toContain('a drill');
  }
});

/** In the markup of the services. */
const MARKUP = [
  '<!channel> <https://evil.example.com|click>',
  '[click](https://evil.example.com) **bold** `code`',
  '\u202Egnp.exe\u001B[31m\r\nsecond line',
  '<at>everyone</at><img src=x onerror=alert(1)>',
  '"}],"blocks":[{"type":"image"}',
  'x'.repeat(100_000),
];

test('hostile text stays text: 500 values, and some in the markup of the services', () => {
  expect(HOSTILE).toHaveLength(500);
  for (const subject of [...MARKUP, ...HOSTILE]) {
    const row = finding({ subject, respond: subject, source: subject });
    const slack = sent('slack', row);
    const message = JSON.parse(slack) as { text: string; blocks: { text: { text: string } }[] };
    for (const text of [message.text, message.blocks[0]?.text.text ?? '']) {
      expect(text, subject).not.toMatch(/<[!@#h]/);
      expect(text, subject).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      expect(text.length).toBeLessThan(3_000);
    }
    const teams = sent('teams', row);
    expect(JSON.parse(teams)).toMatchObject({
      attachments: [{ content: { body: { length: 2 } } }],
    });
    expect(teams, subject).not.toMatch(/(?<!\\)\[click|<at>(?!.*\\)|(?<!\\\\)<img/);
    expect(Buffer.byteLength(teams)).toBeLessThan(28_000);
    const { payload } = JSON.parse(sent('pagerduty', row)) as { payload: { summary: string } };
    expect(payload.summary.length).toBeLessThanOrEqual(1_024);
  }
});

test('a request is signed as Standard Webhooks has it', () => {
  const at = Date.UTC(2026, 10, 30);
  const secret = Buffer.from('0123456789abcdef0123456789abcdef');
  const body = '{"a":1}';
  const headers = signedHeaders({ id: 'id1', at, body }, `whsec_${secret.toString('base64')}`);
  const expected = createHmac('sha256', secret)
    .update(`id1.${at / 1000}.${body}`)
    .digest('base64');
  expect(headers).toEqual({
    'webhook-id': 'id1',
    'webhook-timestamp': String(at / 1000),
    'webhook-signature': `v1,${expected}`,
  });
  expect(signedHeaders({ id: 'id1', at, body }, secret.toString())).toEqual(headers);
  expect(signedHeaders({ id: 'id1', at, body }, null)).not.toHaveProperty('webhook-signature');
});
