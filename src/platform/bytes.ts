const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** A size as people read it: `512 B`, `3.4 GiB`. */
export function sizeText(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10);
  const step = Math.min(power, UNITS.length - 1);
  const size = bytes / 1024 ** step;
  return `${size.toFixed(step === 0 || size >= 100 ? 0 : 1)} ${UNITS[step] ?? ''}`;
}
