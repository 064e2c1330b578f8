/**
 * Reads a lake with other engines and compares what they see with its manifest, with DuckDB and with known values:
 * what docs/engines.md says of them is what this finds. No engine is a dependency; those that are there are asked.
 *
 *   node scripts/prove-lake.mjs [--lake DIR] [--chdb DIR] [--python FILE]
 *
 * Ends with 0 if all is equal, 1 if anything differs, 2 if no engine was found.
 */
import { parseArgs } from 'node:util';
import { openClickHouse } from './prove/clickhouse.mjs';
import { makeEdges } from './prove/edges.mjs';
import { makeLake } from './prove/fresh-lake.mjs';
import { readLake } from './prove/lake.mjs';
import { prove } from './prove/prove.mjs';
import { openSpark } from './prove/spark.mjs';
import { temporaryFolder } from './prove/temporary.mjs';
import { makeTraps } from './prove/traps.mjs';

const { values: options } = parseArgs({
  options: {
    lake: { type: 'string' },
    chdb: { type: 'string' },
    python: { type: 'string', default: 'python3' },
  },
});

const engines = [openClickHouse(options.chdb), openSpark(options.python)];
for (const { missing } of engines) if (missing) process.stderr.write(`${missing}\n`);
const found = engines.filter(({ missing }) => !missing);

if (found.length === 0) process.exitCode = 2;
else {
  const lake = await readLake(options.lake ?? (await makeLake()));
  const traps = await makeTraps(lake, temporaryFolder());
  const edges = await makeEdges(temporaryFolder());
  let differences = 0;
  for (const engine of found) {
    const { version, checks } = await prove(engine, { lake, traps, edges });
    process.stdout.write(`${engine.name} ${version}\n`);
    for (const { subject, check, difference } of checks) {
      const verdict = difference === null ? 'equal' : `DIFFERS: ${difference}`;
      process.stdout.write(`  ${subject.padEnd(22)}  ${check.padEnd(50)}  ${verdict}\n`);
      if (difference !== null) differences += 1;
    }
  }
  process.stdout.write(`${differences === 0 ? 'no' : differences} differences\n`);
  if (differences > 0) process.exitCode = 1;
}
