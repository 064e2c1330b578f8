import { html } from '../html.ts';

/** Textures that tell areas apart without colour; the style sheet says which area has which. */
export const PATTERNS = html`<svg width="0" height="0" class="patterns" aria-hidden="true">
  <defs>
    <pattern
      id="p2"
      width="6"
      height="6"
      patternUnits="userSpaceOnUse"
      patternTransform="rotate(45)"
    >
      <rect width="6" height="6" class="f2" />
      <line x1="0" y1="0" x2="0" y2="6" class="ink" />
    </pattern>
    <pattern id="p3" width="6" height="6" patternUnits="userSpaceOnUse">
      <rect width="6" height="6" class="f3" />
      <circle cx="3" cy="3" r="1.3" class="dot" />
    </pattern>
    <pattern
      id="p4"
      width="6"
      height="6"
      patternUnits="userSpaceOnUse"
      patternTransform="rotate(-45)"
    >
      <rect width="6" height="6" class="f4" />
      <line x1="0" y1="0" x2="0" y2="6" class="ink" />
    </pattern>
    <pattern id="p5" width="6" height="6" patternUnits="userSpaceOnUse">
      <rect width="6" height="6" class="f5" />
      <line x1="0" y1="3" x2="6" y2="3" class="ink" />
    </pattern>
    <pattern
      id="p6"
      width="7"
      height="7"
      patternUnits="userSpaceOnUse"
      patternTransform="rotate(45)"
    >
      <rect width="7" height="7" class="f6" />
      <path d="M0 0H7M0 0V7" class="ink" />
    </pattern>
    <pattern
      id="p-half"
      width="5"
      height="5"
      patternUnits="userSpaceOnUse"
      patternTransform="rotate(45)"
    >
      <rect width="5" height="5" class="f-half" />
      <line x1="0" y1="0" x2="0" y2="5" class="ink" />
    </pattern>
    <pattern
      id="p-gap"
      width="6"
      height="6"
      patternUnits="userSpaceOnUse"
      patternTransform="rotate(45)"
    >
      <rect width="6" height="6" class="f-gap" />
      <path d="M0 0H6M0 0V6" class="ink" />
    </pattern>
  </defs>
</svg>`;
