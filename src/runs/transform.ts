import { REGISTRY } from '../config/registry.ts';
import type { Transform } from '../model.ts';
import { transformOf } from '../transform/transform.ts';
import type { Invocation } from './context.ts';

/** The transform of all vendors that a configuration may name: a home may have records of a source that is no longer in it. */
export function transformFor({ registry = REGISTRY }: Pick<Invocation, 'registry'>): Transform {
  return transformOf(registry.vendors);
}
