/**
 * The ceiling: the same pages through the product's own transport, unpacked and thrown away. What a sync takes beyond
 * that is its own work. A ratio of the two means the same on a slow machine and on a fast one.
 */
import { openTransport } from '../dist/http/transport.js';

const LIMIT = 1000;
const CONCURRENCY = 4;

/** Long enough that a small history is not measured in a few milliseconds. */
const LEAST_MS = 1_000;
const MOST_PASSES = 200;

const WARM_UP_PAGES = 100;
const TIMEOUT_MS = 30_000;
const DRAIN_MS = 600_000;

/** @returns events per second, fetched but not read */
export async function drain(events, { TABNINE_BASE_URL, TABNINE_TOKEN }) {
  const transport = openTransport({
    connections: CONCURRENCY,
    timeout: TIMEOUT_MS,
    caFile: undefined,
    env: process.env,
    now: Date.now,
  });
  // Both ends of the window lie where a sync puts them: before everything, and now.
  const to = `${new Date().toISOString().slice(0, 19)}Z`;
  const headers = { authorization: `Bearer ${TABNINE_TOKEN}`, accept: 'application/json' };
  const signal = AbortSignal.timeout(DRAIN_MS);
  const page = async (number) => {
    const url = new URL(`${TABNINE_BASE_URL}/api/v1/organization/audit-logs`);
    const query = { from: '1970-01-01T00:00:00Z', to, sort: 'asc', limit: LIMIT };
    for (const [name, value] of Object.entries({ ...query, offset: number * LIMIT })) {
      url.searchParams.set(name, String(value));
    }
    const { status, body } = await transport.send({ method: 'GET', url, headers, signal });
    if (status !== 200) throw new Error(`the sandbox answered ${status} for ${url.search}`);
    return body;
  };
  try {
    const { total } = JSON.parse((await page(0)).toString());
    if (total !== events) throw new Error(`the sandbox serves ${total} events, not ${events}`);
    const pages = Math.ceil(events / LIMIT);
    // Neither side's code has been compiled yet: without this the first figure would flatter the sync.
    for (let left = WARM_UP_PAGES; left > 0; left -= pages) await pass(page, Math.min(left, pages));

    let passes = 0;
    const startedAt = performance.now();
    let took = 0;
    while (took < LEAST_MS && passes < MOST_PASSES) {
      await pass(page, pages);
      passes += 1;
      took = performance.now() - startedAt;
    }
    return (events * passes) / (took / 1000);
  } finally {
    await transport.close();
  }
}

async function pass(page, pages) {
  let next = 0;
  const lane = async () => {
    while (next < pages) {
      const number = next;
      next += 1;
      await page(number);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, lane));
}
