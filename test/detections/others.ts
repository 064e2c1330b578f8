/** Detections that need more than single events of one vendor: what they must find, by subject, and what not. */
import { type Item, OWN, type TestArchive } from '../load/archive.ts';
import { happen, type Happened, type Vendor } from './vendor-events.ts';

const mail = (name: string): string => `${name}@acme.test`;

export const OTHERS: Record<string, { finds: readonly string[]; not: readonly string[] }> = {
  'key-without-expiry': {
    finds: ['endless anthropic', 'endless devin', 'endless openai'],
    not: ['ends anthropic', 'of the first reading'],
  },
  'leaver-active': {
    finds: ['devin', 'anthropic', 'openai'].map((vendor) => mail(`left-${vendor}`)),
    not: [mail('stays')],
  },
  'leaver-acted': {
    finds: ['devin', 'anthropic', 'openai'].map((vendor) => mail(`left-${vendor}`)),
    not: [mail('stays')],
  },
  'cost-spike': {
    finds: ['tabnine', 'devin', 'cursor'].map((vendor) => mail(`dear-${vendor}`)),
    not: [mail('even-cursor')],
  },
  'address-of-several': {
    finds: [`${mail('one')}, ${mail('two')}`],
    not: [`${mail('ann')}, ${mail('bob')}`],
  },
  takeover: { finds: [`${mail('one')}, ${mail('two')}`], not: [mail('traveller')] },
  'recording-silent': { finds: ['tabnine/audit-logs'], not: ['devin'] },
  'recording-refused': { finds: ['devin'], not: ['tabnine/audit-logs'] },
  'record-altered': { finds: ['archive'], not: ['github/audit-logs'] },
  'recording-lost': { finds: ['github/audit-logs'], not: ['devin'] },
  'history-changed': { finds: ['tabnine:gone'], not: [] },
};

const AT = {
  base: '2026-11-01T02:00:00Z',
  left: '2026-11-20T02:00:00Z',
  new: '2026-11-29T02:00:00Z',
};

export async function prepareOthers(archive: TestArchive): Promise<void> {
  await addPeople(archive);
  await addKeys(archive);
  await addCosts(archive);
  await addIntruder(archive);
  archive.account = { source: 'tabnine', vendor: 'tabnine' };
  await archive.add('audit-logs', [{ absent: 'gone', at: AT.new }], { at: AT.new });
  archive.account = OWN;
}

const as = (archive: TestArchive, vendor: Vendor): void => {
  archive.account = { source: vendor, vendor };
};

const user = (name: string): Item => ({
  key: name,
  record: { id: name, username: name, email: mail(name), role: 'Member' },
});

/** Everybody is known at Tabnine; three have left there. */
async function addPeople(archive: TestArchive): Promise<void> {
  const names = ['left-devin', 'left-anthropic', 'left-openai', 'stays'];
  as(archive, 'tabnine');
  const listed = (at: string, active: string, of: string[]): Promise<void> =>
    archive.add('users', of.map(user), { at, context: { active } });
  await listed(AT.base, 'true', names);
  await listed(AT.left, 'false', names.slice(0, 3));
  const elsewhere: [Vendor, (name: string) => object][] = [
    ['devin', (name) => ({ user_id: mail(name), name, email: mail(name), role_assignments: [] })],
    [
      'anthropic',
      (name) => ({ id: mail(name), type: 'user', name, email: mail(name), role: 'user' }),
    ],
    [
      'openai',
      (name) => ({
        id: mail(name),
        object: 'organization.user',
        name,
        email: mail(name),
        role: 'reader',
      }),
    ],
  ];
  for (const [vendor, record] of elsewhere) {
    as(archive, vendor);
    const here = [`left-${vendor}`, 'stays'];
    const items = here.map((name) => ({ key: mail(name), record: record(name) }));
    await archive.add('users', items, { at: AT.base });
    await happen(
      archive,
      vendor,
      here.map((name) => ({ action: 'login', at: '2026-11-29T11:00:00Z', who: mail(name) })),
    );
  }
}

async function addKeys(archive: TestArchive): Promise<void> {
  const lists: [Vendor, string, (name: string, ends: string | null) => Item][] = [
    [
      'anthropic',
      'api-keys',
      (name, ends) => ({
        key: name,
        record: { id: name, name, status: 'active', expires_at: ends },
      }),
    ],
    [
      'devin',
      'service-users',
      (name, ends) => ({
        key: name,
        record: { service_user_id: name, name, expires_at: ends, role_assignments: [] },
      }),
    ],
    [
      'openai',
      'admin-api-keys',
      (name, ends) => ({ key: name, record: { id: name, name, expires_at: ends } }),
    ],
  ];
  for (const [vendor, stream, item] of lists) {
    as(archive, vendor);
    await archive.add(stream, [item('of the first reading', null)], { at: AT.base });
    const news = [item(`endless ${vendor}`, null), item(`ends ${vendor}`, '2027-01-01T00:00:00Z')];
    await archive.add(stream, news, { at: AT.new });
  }
}

const DAYS = Array.from({ length: 24 }, (_, n) => `2026-11-${String(n + 6).padStart(2, '0')}`);

/** Two a day for weeks, then forty. */
async function addCosts(archive: TestArchive): Promise<void> {
  const cost = (day: string): number => (day === DAYS.at(-1) ? 40 : 2);
  const asked = (scope_id: string): object => ({
    at: AT.new,
    context: { scope: 'user', scope_id, granularity: 'daily' },
  });
  const dear = { tabnine: mail('dear-tabnine'), devin: mail('dear-devin') };
  as(archive, 'tabnine');
  const listed = { id: dear.tabnine, username: 'dear', email: dear.tabnine };
  await archive.add('users', [{ key: dear.tabnine, record: listed }], {
    at: AT.base,
    context: { active: 'true' },
  });
  const daily = DAYS.map((day): Item => ({
    key: `${dear.tabnine}/${day}T00:00:00Z`,
    time: `${day}T00:00:00Z`,
    record: { from: `${day}T00:00:00Z`, to: `${day}T23:59:59Z`, totalCost: cost(day) },
  }));
  await archive.add('agent-usage-user', daily, asked(dear.tabnine));
  as(archive, 'devin');
  const consumed = DAYS.map((day): Item => ({
    key: `${dear.devin}/${day}T08:00:00Z`,
    time: `${day}T08:00:00Z`,
    record: { date: Date.parse(`${day}T08:00:00Z`) / 1000, acus: cost(day) },
  }));
  await archive.add('consumption-user', consumed, asked(dear.devin));
  as(archive, 'cursor');
  const called = DAYS.flatMap((day) =>
    ['dear-cursor', 'even-cursor'].map((name): Item => ({
      key: `${name}/${day}`,
      time: `${day}T10:00:00Z`,
      record: {
        timestamp: String(Date.parse(`${day}T10:00:00Z`)),
        userEmail: mail(name),
        chargedCents: 100 * (name === 'even-cursor' ? 30 : cost(day)),
      },
    })),
  );
  await archive.add('usage-events', called, { at: AT.new });
}

const by =
  (who: string, address: string) =>
  (action: string, data: object = {}): Happened => ({
    action,
    data: { ...data },
    at: '2026-11-30T02:00:00Z',
    who: mail(who),
    address,
  });

/** Two people from one address that nobody had, and one who travels. */
async function addIntruder(archive: TestArchive): Promise<void> {
  const one = by('one', '198.51.100.66');
  const two = by('two', '198.51.100.66');
  const traveller = by('traveller', '198.51.100.99');
  await happen(archive, 'tabnine', [
    one('user.login'),
    one('role.assigned', { newValue: 'Admin' }),
  ]);
  await happen(archive, 'anthropic', [
    two('sso_login_succeeded'),
    two('platform_api_key_created', { api_key_id: 'k' }),
    traveller('sso_login_succeeded'),
    traveller('claude_chat_created', { claude_chat_id: 'c' }),
  ]);
  await happen(archive, 'openai', [two('login.succeeded'), two('tenant.sso_connection.deleted')]);
}
