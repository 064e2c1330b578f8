/** Country files as their makers write them, and as nobody should. */
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCountries } from '../../src/platform/country-file.ts';
import { countryFile, mapOf } from '../country-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'country-file-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function written(name: string, bytes: Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

const text = (value: string): Buffer =>
  Buffer.concat([Buffer.from([0x40 | value.length]), Buffer.from(value)]);

test('an address has the country of its network, whatever the maker calls the field', async () => {
  const path = await written(
    'right.mmdb',
    countryFile({
      '192.0.2.0/24': 'DE',
      '198.51.100.0/25': mapOf({ registered_country: mapOf({ iso_code: text('FR') }) }),
      '198.51.100.128/25': mapOf({ country_code: text('IE') }),
      '203.0.113.0/24': mapOf({ country: text('US') }),
      '2001:db8::/32': 'NL',
      // What is no code is none, whatever it would do elsewhere.
      '2001:db9::/32': mapOf({ country: mapOf({ iso_code: text('<b>evil</b>') }) }),
      '2001:dba::/32': text('just a text'),
    }),
  );
  await symlink(path, join(folder, 'link.mmdb'));
  for (const name of ['right.mmdb', 'link.mmdb']) {
    const countries = await openCountries(join(folder, name));
    const asked = ['192.0.2.7', '198.51.100.1', '198.51.100.200', '203.0.113.5', '2001:db8::7'];
    const others = ['2001:db9::1', '2001:dba::1', '10.0.0.1', 'unknown', '', '192.0.2.7:443'];
    const found = await countries.of([...asked, ...others]);
    expect(asked.map((address) => found.get(address))).toEqual(['DE', 'FR', 'IE', 'US', 'NL']);
    expect([...found.keys()]).toEqual(asked);
    expect(countries.version).toMatch(/^[0-9a-f]{64}$/);
  }
});

test.each([
  ['missing', null, /cannot be read \(ENOENT/],
  ['empty', Buffer.alloc(0), /is of no use/],
  ['a web page', Buffer.from('<html>Sign in to download</html>'), /is of no use/],
  ['cut', countryFile({ '192.0.2.0/24': 'DE' }).subarray(0, -20), /is of no use/],
  // A pointer to itself.
  ['endless', countryFile({ '192.0.2.0/24': Buffer.from([0x20, 0x00]) }), /is of no use/],
  // Lists of 16 million items, the first of each being the next list: a few bytes, and no memory would do.
  [
    'huge',
    countryFile({
      '192.0.2.0/24': Buffer.concat(
        Array.from({ length: 64 }, () => Buffer.from([0x1f, 0x04, 0xff, 0xff, 0xff])),
      ),
    }),
    /is of no use/,
  ],
])('a file that is %s says so and ends nothing', async (name, bytes, says) => {
  const path = bytes === null ? join(folder, 'none.mmdb') : await written(`${name}.mmdb`, bytes);
  const look = async (): Promise<unknown> =>
    (await openCountries(path, { time: 20_000, memoryMb: 64 })).of(['192.0.2.1']);
  await expect(look()).rejects.toThrow(says);
});

test('a file that takes for ever is given up', async () => {
  // Each list has the next one 28 times: 28 ** 20 items.
  const lists = Array.from({ length: 20 }, (_, level) =>
    Buffer.concat([
      Buffer.from([0x1c, 0x04]),
      ...Array.from({ length: 28 }, () => {
        const next = (level + 1) * (2 + 28 * 2);
        return Buffer.from([0x20 | (next >> 8), next & 255]);
      }),
    ]),
  );
  const bytes = countryFile({ '192.0.2.0/24': Buffer.concat([...lists, Buffer.from([0xe0])]) });
  const countries = await openCountries(await written('slow.mmdb', bytes), {
    time: 500,
    memoryMb: 512,
  });
  await expect(countries.of(['192.0.2.1'])).rejects.toThrow(/no answer within 0.5 s|memory/);
});
