/** What a request says, by service. Pure. What findings say is other people's text: each service has its own way to keep it text. */
import { printable } from '../../platform/printable.ts';
import type { Row } from '../port.ts';
import { type Finding, findingOf } from './finding.ts';

type Template = {
  /** How many rows a request may have. */
  rows: number;
  /** JSON. */
  body(rows: readonly Row[], options: { table: string; routingKey: string | null }): string;
};

const LONGEST = 200;

const shown = (text: string, longest = LONGEST): string => printable(text, longest);

export const TEMPLATES: Readonly<Record<'generic' | 'slack' | 'teams' | 'pagerduty', Template>> = {
  generic: { rows: 20, body: generic },
  // Both refuse long messages.
  slack: { rows: 10, body: (rows) => slack(rows.map(findingOf)) },
  teams: { rows: 10, body: (rows) => teams(rows.map(findingOf)) },
  // It takes one event at a time.
  pagerduty: {
    rows: 1,
    body: ([row], { routingKey }) =>
      row === undefined ? '' : pagerduty(findingOf(row), routingKey),
  },
};

/** The rows' own text: parsing it would round long integers. */
function generic(rows: readonly Row[], { table }: { table: string }): string {
  const items = rows.map(({ uid, revision, json }) => {
    const head = JSON.stringify({ uid, revision }).slice(0, -1);
    return `${head},"row":${json}}`;
  });
  return `{"version":1,"table":${JSON.stringify(table)},"rows":[${items.join(',')}]}`;
}

/** In one line: what a lock screen shows. */
function headline({ severity, title, subject, source, state }: Finding): string {
  const whose = subject === null ? source : `${subject} (${source})`;
  return `${state === 'closed' ? 'closed: ' : ''}${severity}: ${title}: ${whose}`;
}

function* facts(finding: Finding): Generator<[string, string]> {
  const { last_seen_at, evidence, techniques, respond, state, reason, finding_id } = finding;
  yield ['last seen', last_seen_at];
  yield ['events', String(evidence?.length ?? 0)];
  if (techniques !== null && techniques.length > 0) yield ['techniques', techniques.join(', ')];
  yield state === 'closed' ? ['closed', reason ?? ''] : ['what to do', respond];
  yield ['finding', finding_id];
}

/** Slack reads these three as the beginning of links, mentions and entities. */
function slackText(raw: string): string {
  return shown(raw).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function slack(findings: readonly Finding[]): string {
  const blocks = findings.map((finding) => ({
    type: 'section',
    text: { type: 'mrkdwn', text: `*${slackText(headline(finding)).replaceAll('*', '∗')}*` },
    fields: [...facts(finding)].map(([name, value]) => ({
      type: 'plain_text',
      text: `${name}: ${shown(value)}`,
      emoji: false,
    })),
  }));
  return JSON.stringify({ text: findings.map(headline).map(slackText).join('\n'), blocks });
}

/** An adaptive card reads Markdown. */
function teamsText(raw: string): string {
  return shown(raw).replace(/[\\`*_[\](){}#>~|<]/g, String.raw`\$&`);
}

function teams(findings: readonly Finding[]): string {
  const body = findings.flatMap((finding) => [
    {
      type: 'TextBlock',
      weight: 'Bolder',
      wrap: true,
      color: finding.severity === 'low' ? 'Default' : 'Attention',
      text: teamsText(headline(finding)),
    },
    {
      type: 'FactSet',
      facts: [...facts(finding)].map(([title, value]) => ({ title, value: teamsText(value) })),
    },
  ]);
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body,
  };
  const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', content };
  return JSON.stringify({ type: 'message', attachments: [attachment] });
}

const PAGERDUTY = { critical: 'critical', high: 'error', medium: 'warning', low: 'info' } as const;

/** A finding is an incident there, which ends when it is closed. */
function pagerduty(finding: Finding, routingKey: string | null): string {
  const { finding_id, severity, source, detection, last_seen_at, state } = finding;
  return JSON.stringify({
    routing_key: routingKey,
    event_action: state === 'closed' ? 'resolve' : 'trigger',
    dedup_key: finding_id,
    client: 'auditlake',
    payload: {
      summary: shown(headline(finding), 1000),
      source: shown(source),
      severity: PAGERDUTY[severity],
      timestamp: last_seen_at,
      class: detection,
      custom_details: Object.fromEntries(
        [...facts(finding)].map(([name, value]) => [name, shown(value)]),
      ),
    },
  });
}
