import { hash } from 'node:crypto';
import { EXIT, stopped } from '../../errors.ts';
import type { Severity } from '../../model.ts';
import type { Delivery, Position, Row, SinkTools } from '../port.ts';
import { isSevere } from './finding.ts';
import { signedHeaders } from './sign.ts';
import { TEMPLATES } from './encode.ts';
import type { Wire } from './wire.ts';

export type Sender = {
  wire: Wire;
  url: string;
  template: keyof typeof TEMPLATES;
  atLeast: Severity;
  routingKey: string | null;
  signingKey: string | null;
};

/** Sends the rows of a delivery that are severe enough, one request after the other, and acknowledges them in their order. */
export async function deliver(delivery: Delivery, tools: SinkTools, sender: Sender): Promise<void> {
  const { signal } = tools;
  const template = TEMPLATES[sender.template];
  let accepted = 0;
  try {
    for await (const rows of delivery.rows('auditlake')) {
      for (let from = 0; from < rows.length; from += template.rows) {
        signal.throwIfAborted();
        const portion = rows.slice(from, from + template.rows);
        const severe = portion.filter((row) => isSevere(row, sender.atLeast));
        const refused = await sendRows(severe, { delivery, tools, sender });
        accepted += severe.length - refused.length;
        if (refused.length > 0 && accepted === 0) throw refusesEverything(sender, refused);
        for (const { row, words } of refused) await delivery.deadLetter(row, words);
        await delivery.acknowledged(
          positionOf(portion, delivery),
          portion.length - refused.length,
          portion.length - severe.length,
        );
        tools.onProgress(`${accepted} sent`);
      }
    }
  } catch (error) {
    if (signal.aborted) throw stopped();
    throw error;
  }
}

type Refused = { row: Row; words: string };

/** @returns those that the receiver refuses for good: where it refuses several together, each is tried by itself */
async function sendRows(
  rows: readonly Row[],
  at: { delivery: Delivery; tools: SinkTools; sender: Sender },
): Promise<Refused[]> {
  const [first] = rows;
  if (first === undefined) return [];
  const { delivery, tools, sender } = at;
  const { wire, url, routingKey, signingKey } = sender;
  const body = TEMPLATES[sender.template].body(rows, { table: delivery.table.name, routingKey });
  const id = hash('sha256', rows.map(({ uid, revision }) => `${uid} ${revision}`).join('\n')).slice(
    0,
    32,
  );
  const headers = signedHeaders({ id, at: tools.now(), body }, signingKey);
  const { isTaken, words } = await wire.ask({ method: 'POST', url, body, headers }, tools.signal);
  if (isTaken) return [];
  if (rows.length === 1) return [{ row: first, words }];
  const refused: Refused[] = [];
  for (const row of rows) refused.push(...(await sendRows([row], at)));
  return refused;
}

function refusesEverything({ wire, url, template }: Sender, [first]: readonly Refused[]): Error {
  return wire.failure(url, {
    what: `refuses what was sent to it: ${first?.words ?? ''}`,
    hint: `check the address, and that template: ${template} is that of the service; nothing became a dead letter`,
    exit: EXIT.person,
  });
}

function positionOf(rows: readonly Row[], delivery: Delivery): Position {
  return rows.at(-1)?.position ?? delivery.after;
}
