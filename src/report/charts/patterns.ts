import { type Html, html } from '../html.ts';

/** Textures that tell areas apart without colour; the style sheet says which area has which. */
export const PATTERNS = html`<svg width="0" height="0" class="patterns" aria-hidden="true">
  <defs>
    ${[
      texture('2', { size: 6, turned: 45 }, html`<line x1="0" y1="0" x2="0" y2="6" class="ink" />`),
      texture('3', { size: 6, turned: 0 }, html`<circle cx="3" cy="3" r="1.3" class="dot" />`),
      texture(
        '4',
        { size: 6, turned: -45 },
        html`<line x1="0" y1="0" x2="0" y2="6" class="ink" />`,
      ),
      texture('5', { size: 6, turned: 0 }, html`<line x1="0" y1="3" x2="6" y2="3" class="ink" />`),
      texture('6', { size: 7, turned: 45 }, html`<path d="M0 0H7M0 0V7" class="ink" />`),
      texture(
        '-half',
        { size: 5, turned: 45 },
        html`<line x1="0" y1="0" x2="0" y2="5" class="ink" />`,
      ),
      texture('-gap', { size: 6, turned: 45 }, html`<path d="M0 0H6M0 0V6" class="ink" />`),
    ]}
  </defs>
</svg>`;

/** @param name stands behind `p` in its id, and behind `f` in the class of its ground */
function texture(
  name: string,
  { size, turned }: { size: number; turned: number },
  mark: Html,
): Html {
  return html`<pattern
    id="p${name}"
    width="${size}"
    height="${size}"
    patternUnits="userSpaceOnUse"
    patternTransform="rotate(${turned})"
  >
    <rect width="${size}" height="${size}" class="f${name}" />
    ${mark}
  </pattern>`;
}
