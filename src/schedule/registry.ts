import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** A registry with Node's own metrics and the one that says which build this is. */
export function openRegistry(version: string): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const info = new Gauge({
    name: 'auditlake_build_info',
    help: 'Always 1; the labels say which build this is.',
    labelNames: ['version', 'node'],
    registers: [registry],
  });
  info.set({ version, node: process.versions.node }, 1);
  return registry;
}
