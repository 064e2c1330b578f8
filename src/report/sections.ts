import type { Section } from './section.ts';
import { access } from './sections/access.ts';
import { adoption } from './sections/adoption.ts';
import { changes } from './sections/changes.ts';
import { controls } from './sections/controls.ts';
import { costs } from './sections/costs.ts';
import { coverage } from './sections/coverage.ts';
import { findings } from './sections/findings.ts';
import { heads } from './sections/heads.ts';
import { seats } from './sections/seats.ts';
import { unknown } from './sections/unknown.ts';
import { verdict } from './sections/verdict.ts';

/** In the order of the page: what a person must know first, then what happened, then what it costs, then how sure it is. */
export const SECTIONS: readonly Section[] = [
  verdict,
  findings,
  coverage,
  changes,
  access,
  adoption,
  costs,
  seats,
  unknown,
  heads,
  controls,
];
