/** Whatever the server does where the documents are silent: the same events and figures are read, and `check` says what was met. */
import { describe, expect, test } from 'vitest';
import { OpenaiVendor } from '../../../src/vendors/openai/sandbox/vendor.ts';
import type { Quirks } from '../../../src/vendors/openai/sandbox/quirks.ts';
import { openai } from '../../../src/vendors/openai/vendor.ts';
import { contents, NOW, Opened, type VendorFixture } from '../../contract/vendor/fixture.ts';

const FIXTURE: VendorFixture<OpenaiVendor> = {
  vendor: openai,
  make: (now) => new OpenaiVendor({ events: 900, users: 4, projects: 3, days: 5, until: NOW, now }),
  options: {},
  log: {
    stream: 'audit-logs',
    pageSize: 100,
    grain: 1_000,
    put: () => undefined,
    remove: () => undefined,
  },
  list: { stream: 'users', add: () => undefined, remove: () => undefined, count: () => 0 },
  membersByQuery: {},
};

async function opened(quirks: Partial<Quirks> = {}): Promise<Opened<OpenaiVendor>> {
  const made = await Opened.make(FIXTURE);
  Object.assign(made.sandbox.quirks, quirks);
  return made;
}

/** What a stream has and what was met on the way. */
async function reading(stream: string, quirks: Partial<Quirks>) {
  const account = await opened(quirks);
  const reader = await account.open();
  const records = contents(await account.read(stream, reader));
  return { records, met: reader.observed().quirks.map(({ code }) => code) };
}

describe('the log', () => {
  test.each<[string, Partial<Quirks>, string[]]>([
    ['goes on with `before`', { older: 'before' }, ['cursor-direction']],
    ['promises a page that is empty', { emptyEnd: true }, []],
    ['does both', { emptyEnd: true, older: 'before' }, ['cursor-direction']],
    ['ignores the time', { timeIgnored: true }, ['time-filter-ignored']],
    ['names no organization', { organizationHeader: false }, []],
  ])('%s', async (_what, quirks, met) => {
    const usual = await reading('audit-logs', {});
    expect(usual.records.size).toBeGreaterThan(190);
    expect(await reading('audit-logs', quirks)).toEqual({ records: usual.records, met });
  });

  test.each(['empty', 'rejected'] as const)(
    'of an organization without a tenant: %s',
    async (tenant) => {
      const account = await opened({ tenant });
      const read = account.read('tenant-audit-logs').then(
        ({ records }) => records.length,
        (error: { fault: string }) => error.fault,
      );
      expect(await read).toBe(tenant === 'empty' ? 0 : 'absent');
    },
  );

  test('has a half of its own for the tenant: no event is in both', async () => {
    const [one, other] = [await reading('audit-logs', {}), await reading('tenant-audit-logs', {})];
    expect(other.records.size).toBeGreaterThan(10);
    expect([...one.records.keys()].filter((key) => other.records.has(key))).toEqual([]);
  });
});

describe('figures', () => {
  const usual = { listForm: 'both' } as const;
  test.each<[string, Partial<Quirks>, string[]]>([
    ['asked with names alone', { listForm: 'plain', otherForm: 'rejected' }, []],
    ['asked with brackets; the other is ignored', { listForm: 'brackets' }, ['list-form']],
    [
      'asked with brackets; the other is refused',
      { listForm: 'brackets', otherForm: 'rejected' },
      ['list-form'],
    ],
    ['of days with use alone', { emptyDays: 'absent' }, []],
  ])('%s', async (_what, quirks, met) => {
    for (const stream of ['usage-completions', 'costs']) {
      const { records } = await reading(stream, usual);
      expect(records.size).toBe(3);
      expect(await reading(stream, quirks)).toEqual({ records, met });
    }
  });

  test('of a day in several buckets are all kept', async () => {
    const { records, met } = await reading('costs', { daysInParts: true });
    expect(met).toEqual(['day-in-parts']);
    const parts = [...records.keys()].filter((key) => key.endsWith(' 2'));
    expect(parts).toHaveLength(3);
    expect(parts.every((key) => records.has(key.slice(0, -2)))).toBe(true);
  });
});

describe('check', () => {
  test.each<[string, Partial<Quirks>, string[]]>([
    ['nothing odd', {}, []],
    ['a log that was never switched on', { auditOff: 'empty' }, ['audit-log-empty']],
    ['one that refuses', { auditOff: 'forbidden' }, []],
    ['use that the key does not see', { usageHidden: true }, ['usage-empty']],
  ])('finds %s', async (_what, quirks, met) => {
    const account = await opened(quirks);
    const reader = await account.open();
    await reader.crossCheck();
    expect(reader.observed().quirks.map(({ code }) => code)).toEqual(met);
  });
});

describe('what a key may not do', () => {
  test.each(['text', 'object'] as const)('is named, with an error that is %s', async (errors) => {
    const account = await opened({ errors });
    account.sandbox.scopes.delete('api.usage.read');
    await expect(account.read('costs')).rejects.toMatchObject({
      fault: 'forbidden',
      hint: expect.stringContaining('lacks the permission api.usage.read'),
    });
    expect((await account.read('users')).records).toHaveLength(4);
  });

  test('archived projects that answer nothing end alone', async () => {
    const account = await opened({ archivedRefused: true });
    const { ends, records } = await account.read('project-users');
    expect(ends.map(({ ended }) => ended)).toEqual(['gone']);
    expect(records.length).toBeGreaterThan(3);
  });

  test('its beginning and end are in no record', async () => {
    const account = await opened();
    for (const stream of ['api-keys', 'admin-api-keys']) {
      const { records, pages } = await account.read(stream);
      expect(records.map(({ bytes }) => bytes.toString('utf8')).join('')).not.toContain('sk-');
      expect(pages.every(({ note }) => JSON.stringify(note).includes('openai-key-ends-1'))).toBe(
        true,
      );
    }
  });
});

/** The identity after something was changed, with what a home remembers. */
async function identity(
  known: string | null,
  change: (vendor: OpenaiVendor) => void = () => undefined,
  quirks: Partial<Quirks> = {},
): Promise<string> {
  const account = await opened(quirks);
  change(account.sandbox);
  return (await account.connect().identify(known)).organizationId;
}

const unlisted = (vendor: OpenaiVendor): void => void vendor.scopes.delete('api.management.read');
const emptied = (vendor: OpenaiVendor): void => void vendor.directory.projects.splice(0);
const NAMELESS = { organizationHeader: false };

describe('whose account it is', () => {
  test('the organization’s name and one of its projects', async () => {
    expect(await identity(null)).toMatch(/^acme proj_\w+$/);
    expect(await identity(null, undefined, NAMELESS)).toMatch(/^ proj_\w+$/);
    expect(await identity(null, unlisted, NAMELESS)).toBe('unnamed');
  });

  test.each<
    [string, string, ((vendor: OpenaiVendor) => void) | undefined, Partial<Quirks>, boolean]
  >([
    ['the same name', 'acme proj_gone', undefined, {}, true],
    ['another name', 'other proj_gone', undefined, {}, false],
    ['no name, and another project', ' proj_gone', undefined, NAMELESS, false],
    ['a name, of a key that lists nothing', 'acme proj_gone', unlisted, {}, true],
    ['nothing to tell by', 'acme proj_gone', unlisted, NAMELESS, true],
    ['what had no name before', 'unnamed', undefined, {}, true],
  ])('%s', async (_what, known, change, quirks, isSame) => {
    expect((await identity(known, change, quirks)) === known).toBe(isSame);
  });

  test('a project that was deleted is still in the log', async () => {
    const known = await identity(null, undefined, NAMELESS);
    expect(await identity(known, emptied, NAMELESS)).toBe(known);
  });
});
