import type { Read } from './reads.ts';

/**
 * Where an API is, without the version with which its paths begin: people copy an address with it (`https://api.example.com/v1`)
 * from the vendor's pages, and every path would have it twice. Pure.
 */
export function withoutVersion(baseUrl: string, reads: readonly Read[]): string {
  const [, host, version] = /^(.*)(\/v\d+)\/*$/.exec(baseUrl) ?? [];
  if (host === undefined || version === undefined) return baseUrl;
  return reads.some(({ path }) => path.startsWith(`${version}/`)) ? host : baseUrl;
}
