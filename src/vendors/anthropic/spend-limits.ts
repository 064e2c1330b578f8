import type { Stream } from '../../extract/port.ts';
import { isObject, parseObject } from '../../extract/slice/object.ts';
import { keyOfId } from '../../platform/key.ts';
import { BY_TOKEN, ORGANIZATION, readList } from './client.ts';
import { KEY, type Session } from './session.ts';

const PATH = `${ORGANIZATION}/spend_limits/effective`;

/** What somebody may spend, and has spent so far: the latter moves by itself and is a figure, not a new limit. */
export const spendLimits: Stream<Session> = {
  name: 'spend-limits',
  kind: 'snapshot',
  brings: 'spend limits, and what was spent of them',
  endpoint: PATH,
  needs: KEY.spend,
  maps: { entity: 'spend-limits.sql', figure: 'spend.sql' },
  wanted: ({ options }) => options.enterprise,
  open: ({ client }) => ({
    async *read() {
      for await (const page of readList(client, { path: PATH, paging: BY_TOKEN })) {
        const records = page.records.map((record) => ({ ...record, key: keyOf(record.bytes) }));
        yield { ...page, records };
      }
    },
  }),
};

/** A limit applies to somebody in a period; one that is inherited has the id of another. */
function keyOf(bytes: Buffer): string {
  const { scope, actor, period } = parseObject(bytes, 'a limit');
  return keyOfId([nameOf(scope), nameOf(actor), nameOf(period)].join('/'));
}

function nameOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!isObject(value)) return '';
  const id = value['user_id'] ?? value['id'] ?? value['type'];
  return typeof id === 'string' ? id : JSON.stringify(value);
}
