import { byWindow } from '../../../src/extract/by-window.ts';
import { completePart } from '../../../src/extract/complete-part.ts';
import { fanOut } from '../../../src/extract/fan-out.ts';
import type { Stream } from '../../../src/extract/port.ts';
import { readRow } from '../../../src/extract/record.ts';
import { sliceList } from '../../../src/extract/slice/json.ts';
import type { OpenWindow, Page, PartEnd, SourceRecord } from '../../../src/model.ts';
import type { Session } from './session.ts';

const PATH = '/v1/costs/query';

export const costs: readonly Stream<Session>[] = [
  {
    name: 'costs-user',
    kind: 'series',
    brings: 'what each person costs per day and product',
    endpoint: PATH,
    // A question that is too long for an address: it changes nothing.
    reads: [{ method: 'POST', path: PATH }],
    maps: { figure: 'costs.sql' },
    wanted: ({ options }) => options.personCosts,
    open: (session) => ({ read: byWindow((window) => readCosts(session, window)) }),
  },
];

async function* readCosts(session: Session, window: OpenWindow): AsyncGenerator<Page | PartEnd> {
  const people = (await session.members.ids())
    .map((id) => ({ id, name: session.nameOfUser(id) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const rest = people.filter(({ name }) => window.part === null || name > window.part);
  const options = {
    endpoint: PATH,
    width: session.width,
    partOf: ({ name }: (typeof people)[number]) => name,
    resumed: rest.length < people.length,
    quirk: session.quirk,
  };
  yield* fanOut(rest, options, async ({ id, name }) => {
    const question = { member: id, from: dayOf(window.from), to: dayOf(window.to) };
    const ask = {
      method: 'POST',
      path: PATH,
      query: session.workspace,
      body: JSON.stringify(question),
      mask: id === name ? null : { of: id, by: name },
    } as const;
    const { value, note } = await session.client.read(ask, (body) => ({
      records: sliceList(body, ['costs']).records.map((bytes) => costOf(bytes, name)),
    }));
    const context = { scope: 'user', scope_id: name, granularity: 'daily' };
    return completePart(
      [{ note: { ...note, context }, records: value.records, place: null }],
      name,
    );
  });
}

function costOf(bytes: Buffer, name: string): SourceRecord {
  const { id, time } = readRow(bytes, { id: ['day'], time: ['day'] });
  return { bytes, key: `${name}/${id ?? 'undated'}`, time };
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
