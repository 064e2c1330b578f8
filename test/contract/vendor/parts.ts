import { expect, test } from 'vitest';
import { KINDS } from '../../../src/model.ts';
import type { SandboxVendor } from '../../../src/sandbox/vendor.ts';
import { few } from '../../long.ts';
import { Opened, type VendorFixture } from './fixture.ts';

/** Each part ends for itself: refused, gone or read. */
export function partsContract<V extends SandboxVendor>(fixture: VendorFixture<V>): void {
  const { vendor, membersByQuery } = fixture;
  const streams = vendor.streams.filter(
    ({ name, endpoint }) => endpoint.includes('{') || membersByQuery[name] !== undefined,
  );

  /** Whom the requests of a stream are about, in the order in which they were asked. */
  const membersOf = (opened: Opened<V>, stream: string, since: number): string[] => {
    const { endpoint = '' } = streams.find(({ name }) => name === stream) ?? {};
    const member = memberIn(endpoint, membersByQuery[stream]);
    return [...new Set(opened.sandbox.requests.slice(since).flatMap((call) => member(call) ?? []))];
  };

  test('there are some', () => expect(streams.length).toBeGreaterThan(0));

  test.each(
    few(1, [
      [422, 'unavailable'],
      [404, 'gone'],
      [400, 'unavailable'],
      [403, 'unavailable'],
    ] as const),
  )('a member that is answered %i ends alone', async (status, ended) => {
    const opened = await Opened.make(fixture);
    for (const { name, endpoint } of streams) {
      if (status === 400 && fixture.notReadyBy400?.includes(name) === true) continue;
      const since = opened.sandbox.requests.length;
      const whole = await opened.read(name);
      const members = membersOf(opened, name, since);
      // With a member alone it is the endpoint that refuses.
      if (members.length < 2) continue;
      const failing = members[Math.floor(members.length / 2)] ?? '';
      const isOf = memberIn(endpoint, membersByQuery[name]);
      const own = opened.sandbox.answer.bind(opened.sandbox);
      opened.sandbox.answer = (call) =>
        isOf(call) === failing ? { status, type: 'application/json', body: '{}' } : own(call);
      const { records, ends } = await opened.read(name);
      opened.sandbox.answer = own;
      expect({ name, ends: [...new Set(ends.map((end) => end.ended))] }).toEqual({
        name,
        ends: [ended],
      });
      for (const { reason } of ends) expect(reason.message).toContain(`status ${status}`);
      const hidden = new Set(ends.map(({ part }) => part));
      const left = whole.pages.flatMap((page) =>
        page.records.filter(({ key }) => !isOfParts(hidden, key, page.note.context)),
      );
      expect({ name, keys: new Set(records.map(({ key }) => key)) }).toEqual({
        name,
        keys: new Set(left.map(({ key }) => key)),
      });
    }
  });

  test('if every member is refused, that is the end of the stream', async () => {
    const opened = await Opened.make(fixture);
    for (const { name, endpoint } of streams) {
      const isOf = memberIn(endpoint, membersByQuery[name]);
      const own = opened.sandbox.answer.bind(opened.sandbox);
      opened.sandbox.answer = (call) =>
        isOf(call) === null ? own(call) : { status: 403, type: 'application/json', body: '{}' };
      const since = opened.sandbox.requests.length;
      const failure = await opened.read(name).then(
        ({ records }) => `read ${records.length} records`,
        (error: unknown) => error,
      );
      opened.sandbox.answer = own;
      // A frozen series without activity asks nobody.
      if (!opened.sandbox.requests.slice(since).some((call) => isOf(call) !== null)) continue;
      expect({ name, failure }).toMatchObject({ name, failure: { fault: 'forbidden' } });
    }
  });

  test('of a series the parts come in the order of their names, each once', async () => {
    const opened = await Opened.make(fixture);
    for (const { name, kind } of vendor.streams) {
      if (!KINDS[kind].hasPeriods) continue;
      const { pages } = await opened.read(name);
      const named = pages.flatMap(({ part }) => part ?? []);
      expect({ name, named }).toEqual({ name, named: named.toSorted((a, b) => (a < b ? -1 : 1)) });
      expect(new Set(named).size).toBe(named.length);
    }
  });
}

type Asked = { path: string; query: Readonly<Record<string, string>> };

/** Reads in a request whom it is about; null if it is of another endpoint. */
function memberIn(endpoint: string, parameter: string | undefined): (call: Asked) => string | null {
  const shape = endpoint.split('/');
  // Of several, such as the account and a team, the last one is whom it is about.
  const place = shape.findLastIndex((segment) => segment.startsWith('{'));
  return ({ path, query }) => {
    const segments = path.split('/');
    const isIt =
      segments.length === shape.length &&
      segments.every((segment, i) => shape[i]?.startsWith('{') === true || segment === shape[i]);
    if (!isIt) return null;
    return parameter === undefined ? (segments[place] ?? null) : (query[parameter] ?? null);
  };
}

/** As `port.ts` says how records are told to be of a part. */
function isOfParts(
  parts: ReadonlySet<string>,
  key: string,
  context: Readonly<Record<string, string>> = {},
): boolean {
  const beginnings = [...key.matchAll(/\//g)].map(({ index }) => key.slice(0, index));
  return [key, ...beginnings, ...Object.values(context)].some((text) => parts.has(text));
}
