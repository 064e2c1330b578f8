/** How often the long tests try: a tenth in `npm test`, so that it stays short; the whole in `npm run test:long`. */
const isLong = process.env['AUDITLAKE_TEST_LONG'] === '1';

/** `whole` tries, or a tenth of them; or a smaller share of those that take long. */
export function tries(whole: number, share = 10): number {
  return isLong ? whole : Math.ceil(whole / share);
}

/** Every one of `places`, or every tenth beginning at `first`, the last one always among them. */
export function placesTried(places: number, first = 0): number[] {
  const step = isLong ? 1 : 10;
  const all = Array.from({ length: places }, (_, place) => place);
  return all.filter((place) => place % step === first % step || place === places - 1);
}
