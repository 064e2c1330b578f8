/**
 * Loaded with `--import` into what is measured, so that it says at its end what it took: no other process can ask for that
 * portably. The last line of stderr.
 */
import { readFileSync, writeSync } from 'node:fs';

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const usage = {
    cpu: (userCPUTime + systemCPUTime) / 1e6,
    // Node gives KiB everywhere. On Linux the figure begins with the memory of the process that started this one.
    peak: 1024 * (field('/proc/self/status', /^VmHWM:\s+(\d+) kB$/m) ?? maxRSS),
    /** Bytes of all calls that write and read, whatever the page cache made of them; null where there is no /proc. */
    written: field('/proc/self/io', /^wchar: (\d+)$/m),
    read: field('/proc/self/io', /^rchar: (\d+)$/m),
    /** Bytes that were to go to the disk. */
    to_disk: field('/proc/self/io', /^write_bytes: (\d+)$/m),
  };
  writeSync(2, `\nusage=${JSON.stringify(usage)}\n`);
});

function field(file, pattern) {
  try {
    const found = pattern.exec(readFileSync(file, 'utf8'))?.[1];
    return found === undefined ? null : Number(found);
  } catch {
    return null;
  }
}
