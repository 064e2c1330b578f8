import { existsSync } from 'node:fs';
import { documentationOf } from '../settings/documentation.ts';
import type { Vendor } from './declaration.ts';

/** Also what a source's name and a folder of the archive may be. */
const NAME = /^[a-z0-9][a-z0-9-]*$/;

/**
 * Finds at once what would show only later, and far away, in a declaration.
 *
 * @throws Error with every contradiction found
 */
export function checkDeclaration(vendor: Vendor): void {
  const faults = [...generalFaults(vendor), ...optionFaults(vendor), ...streamFaults(vendor)];
  if (faults.length > 0) {
    throw new Error(`the declaration of the vendor ${vendor.type} is wrong: ${faults.join('; ')}`);
  }
}

function generalFaults({ type, host, reads, budgets }: Vendor): string[] {
  const read = new Set(reads.map(({ path }) => path));
  return [
    ...budgets
      .flatMap(({ paths }) => paths)
      .filter((path) => !read.has(path))
      .map((path) => `a budget names ${path}, which is not among the reads`),
    ...(NAME.test(type) ? [] : [`the type ${JSON.stringify(type)} is no lower-case name`]),
    ...(URL.canParse(host) ? [] : [`the host ${JSON.stringify(host)} is not a URL`]),
    ...reads
      .filter(({ path }) => !path.startsWith('/') || path.includes('?'))
      .map(({ path }) => `${path} is not a path below the base URL`),
  ];
}

function optionFaults({ options, secrets }: Vendor): string[] {
  const taken = new Set(['type', 'baseUrl', 'token', 'tokenFile', 'start', 'required']);
  const names = [
    ...Object.keys(options.shape),
    ...Object.keys(secrets).flatMap((name) => [name, `${name}File`]),
  ];
  const faults = Object.entries(options.shape)
    .filter(([, option]) => documentationOf(option).description === '')
    .map(([name]) => `the option ${name} is not documented`);
  for (const name of names) {
    if (taken.has(name)) faults.push(`the option ${name} is declared twice`);
    taken.add(name);
  }
  return faults;
}

function streamFaults({ streams, folder }: Vendor): string[] {
  const names = new Set<string>();
  const faults = streams.flatMap(({ name, kind, once, period, restated, maps }) => {
    const found: string[] = [];
    if (names.has(name)) found.push(`the stream ${name} is declared twice`);
    names.add(name);
    if (!NAME.test(name)) found.push(`the stream ${JSON.stringify(name)} has no lower-case name`);
    if (kind !== 'series' && (once || period !== undefined || restated !== undefined)) {
      found.push(`the stream ${name} is no series and has no periods`);
    }
    for (const file of Object.values(maps)) {
      if (!existsSync(new URL(file, folder)))
        found.push(`${name} maps by ${file}, which is missing`);
    }
    return found;
  });
  return streams.length === 0 ? ['it has no streams'] : faults;
}
