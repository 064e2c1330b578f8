import { Counter, Gauge, type GaugeConfiguration, type Registry } from 'prom-client';

const PREFIX = 'auditlake_';

/** Makes the metrics of one registry, all with the prefix of auditlake. */
export type Instruments = {
  counter: <T extends string>(name: string, help: string, labels?: readonly T[]) => Counter<T>;
  /** `collect` gives a figure when it is asked for. */
  gauge: <T extends string>(
    name: string,
    help: string,
    labels?: readonly T[],
    more?: Pick<GaugeConfiguration<T>, 'collect'>,
  ) => Gauge<T>;
};

export function instruments(registry: Registry): Instruments {
  const registers = [registry];
  return {
    counter: (name, help, labelNames = []) =>
      new Counter({ name: PREFIX + name, help, labelNames, registers }),
    gauge: (name, help, labelNames = [], more = {}) =>
      new Gauge({ name: PREFIX + name, help, labelNames, registers, ...more }),
  };
}

const OUTCOMES = ['complete', 'incomplete', 'failed', 'unavailable'] as const;

/** A gauge per outcome, of which one is 1, or none as long as nothing is known: so that an alert can name the outcome. */
export function setOutcome<T extends string>(
  gauge: Gauge<T | 'outcome'>,
  labels: Record<T, string>,
  last: (typeof OUTCOMES)[number] | null,
): void {
  for (const outcome of OUTCOMES) gauge.set({ ...labels, outcome }, Number(outcome === last));
}
