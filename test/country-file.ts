/** Writes country files for tests: MaxMind DB in its simplest form, with records of 32 bits in a tree of IPv6. */
import { writeFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import type { Countries } from '../src/model.ts';
import { openCountries } from '../src/platform/country-file.ts';

/** How a value is written: the type in three bits and the length in five, or the type in a further byte. */
function encoded(type: number, length: number, content: Buffer): Buffer {
  if (length >= 29) throw new Error('a test has short values');
  const head = type < 8 ? [(type << 5) | length] : [length, type - 7];
  return Buffer.concat([Buffer.from(head), content]);
}

const textOf = (text: string): Buffer => encoded(2, Buffer.byteLength(text), Buffer.from(text));

const numberOf = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return encoded(6, 4, bytes);
};

export const mapOf = (entries: Record<string, Buffer>): Buffer =>
  encoded(
    7,
    Object.keys(entries).length,
    Buffer.concat(Object.entries(entries).flatMap(([key, value]) => [textOf(key), value])),
  );

const END_OF_TREE = Buffer.alloc(16);
const MARKER = Buffer.concat([Buffer.from([0xab, 0xcd, 0xef]), Buffer.from('MaxMind.com')]);

/** A record as the makers of such files write it. */
export const recordOf = (code: string): Buffer =>
  mapOf({ country: mapOf({ iso_code: textOf(code) }) });

/** @param networks `203.0.113.0/24` or `2001:db8::/32`, with what the file says of it: a country, or bytes of a record */
export function countryFile(networks: Record<string, string | Buffer>): Buffer {
  const nodes: [left: Next, right: Next][] = [[null, null]];
  const data: Buffer[] = [];
  let length = 0;
  for (const [network, says] of Object.entries(networks)) {
    const record = typeof says === 'string' ? recordOf(says) : says;
    insert(nodes, bitsOf(network), length);
    data.push(record);
    length += record.length;
  }
  const tree = Buffer.alloc(nodes.length * 8);
  nodes.forEach((sides, i) => {
    sides.forEach((side, n) => tree.writeUInt32BE(placeOf(side, nodes.length), i * 8 + n * 4));
  });
  const metadata = mapOf({
    node_count: numberOf(nodes.length),
    record_size: numberOf(32),
    ip_version: numberOf(6),
    binary_format_major_version: numberOf(2),
    binary_format_minor_version: numberOf(0),
    build_epoch: numberOf(1_760_000_000),
    database_type: textOf('Acme-Country'),
  });
  return Buffer.concat([tree, END_OF_TREE, ...data, MARKER, metadata]);
}

/** Another node, what the file says, or nothing. */
type Next = { node: number } | { record: number } | null;

function placeOf(side: Next, count: number): number {
  if (side === null) return count;
  return 'node' in side ? side.node : count + END_OF_TREE.length + side.record;
}

function insert(nodes: [Next, Next][], bits: readonly number[], record: number): void {
  let at = 0;
  bits.forEach((bit, i) => {
    const sides = nodes[at];
    if (sides === undefined) throw new Error('the tree has a hole');
    if (i === bits.length - 1) sides[bit === 0 ? 0 : 1] = { record };
    else {
      const found = sides[bit === 0 ? 0 : 1];
      if (found === null) {
        nodes.push([null, null]);
        sides[bit === 0 ? 0 : 1] = { node: nodes.length - 1 };
      }
      const next = sides[bit === 0 ? 0 : 1];
      if (next === null || !('node' in next)) throw new Error('one network is within another');
      at = next.node;
    }
  });
}

/** IPv4 lies at the beginning of IPv6. */
function bitsOf(network: string): number[] {
  const [address = '', length = ''] = network.split('/');
  const isLong = isIPv6(address);
  const bytes = isLong
    ? bytesOf(address)
    : [...Array<number>(12).fill(0), ...address.split('.').map(Number)];
  const bits = bytes.flatMap((byte) => Array.from({ length: 8 }, (_, i) => (byte >> (7 - i)) & 1));
  return bits.slice(0, Number(length) + (isLong ? 0 : 96));
}

const words = (text: string): number[] =>
  text === '' ? [] : text.split(':').map((word) => Number.parseInt(word, 16));

function bytesOf(address: string): number[] {
  const [head = '', tail = ''] = address.split('::');
  const [before, after] = [words(head), words(tail)];
  const zeros = Array<number>(8 - before.length - after.length).fill(0);
  return [...before, ...zeros, ...after].flatMap((word) => [word >> 8, word & 255]);
}

/** Writes a file into a folder, and opens it. */
export async function countriesOf(
  folder: string,
  networks: Record<string, string>,
): Promise<Countries> {
  const path = join(folder, 'countries.mmdb');
  await writeFile(path, countryFile(networks));
  return await openCountries(path);
}
