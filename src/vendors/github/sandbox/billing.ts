import { type Answer, type Call, json } from '../../../sandbox/answer.ts';
import { hash } from '../../../sandbox/random.ts';
import { notFound } from './errors.ts';
import type { GithubState } from './state.ts';

const DAY = 86_400_000;

/** AI credits of a day by model. Rows bear no date. */
export function aiCredits(state: GithubState, call: Call): Answer {
  if (!state.quirks.organizationBilling && call.path.startsWith('/organizations/'))
    return notFound();
  const { year, month, day = '1' } = call.query;
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day));
  if (Number.isNaN(at) || at > state.clock()) return json(200, { usageItems: [] });
  const usageItems = ['gpt-5', 'claude-sonnet-4.5'].map((model, place) => {
    const quantity = (hash(state.seed + place, at / DAY) % 90_000) / 100;
    return {
      product: 'Copilot',
      sku: 'Copilot AI Credits',
      model,
      unitType: 'credits',
      pricePerUnit: 0.01,
      grossQuantity: quantity,
      grossAmount: dollars(quantity),
      discountQuantity: 0,
      discountAmount: 0,
      netQuantity: quantity,
      netAmount: dollars(quantity),
    };
  });
  return json(200, { timePeriod: { year: Number(year), month: Number(month) }, usageItems }, 2);
}

/** What is billed in a month, day by day; without a cost center what is booked on none. */
export function usage(state: GithubState, call: Call): Answer {
  if (!state.quirks.organizationBilling && call.path.startsWith('/organizations/'))
    return notFound();
  const { year, month, cost_center_id: center = '' } = call.query;
  const first = Date.UTC(Number(year), Number(month ?? '1') - 1);
  const end = Math.min(Date.UTC(Number(year), Number(month ?? '12')), state.clock());
  const salt = Buffer.from(center).reduce((sum, byte) => sum + byte, state.seed);
  const usageItems: object[] = [];
  for (let at = first; at < end; at += DAY) {
    const date = new Date(at).toISOString().slice(0, 10);
    const seats = 1 + (hash(salt, at / DAY) % 5);
    const rows = [
      { product: 'copilot', sku: 'Copilot Business', quantity: seats / 30, pricePerUnit: 19 },
      { product: 'actions', sku: 'Actions Linux', quantity: seats * 7, pricePerUnit: 0.008 },
    ];
    for (const row of rows) {
      const amount = Math.round(row.quantity * row.pricePerUnit * 1e4) / 1e4;
      usageItems.push({
        date: `${date}T00:00:00Z`,
        ...row,
        unitType: row.product === 'copilot' ? 'user-months' : 'minutes',
        grossAmount: amount,
        discountAmount: 0,
        netAmount: amount,
        organizationName: state.company.organization.login,
      });
    }
  }
  return json(200, { usageItems }, usageItems.length);
}

function dollars(credits: number): number {
  return Math.round(credits * 1e4) / 1e6;
}

/** Premium requests of a month by model; none since credits took their place. */
export function premiumRequests(_state: GithubState, call: Call): Answer {
  const { year, month } = call.query;
  const at = Date.UTC(Number(year), Number(month) - 1);
  if (at >= Date.UTC(2026, 5) || at < Date.UTC(2025, 5)) return json(200, { usageItems: [] });
  const item = { product: 'Copilot', sku: 'Copilot Premium Request', model: 'gpt-5' };
  const costs = {
    pricePerUnit: 0.04,
    grossQuantity: 100,
    grossAmount: 4,
    netQuantity: 100,
    netAmount: 4,
  };
  return json(200, { usageItems: [{ ...item, unitType: 'requests', ...costs }] }, 1);
}
