/** Values that somebody may have put into a log to be shown by whatever reads it. */

const MARKUP = [
  '<script>alert(1)</script>',
  '"><script src=https://example.com/x.js></script>',
  '<img src=x onerror=alert(1)>',
  '<svg onload=alert(1)>',
  '<svg><animate onbegin=alert(1) attributeName=x dur=1s>',
  '<svg><foreignObject><iframe src="javascript:alert(1)"></iframe></foreignObject></svg>',
  '</td></tr></table><h1>All is well</h1>',
  '</script><script>alert(1)</script>',
  '</style><style>*{display:none}</style>',
  '</textarea></title></style></noscript></script><img src=x onerror=alert(1)>',
  '<!-- --><base href="https://example.com/">',
  '<meta http-equiv=refresh content="0;url=https://example.com/">',
  '<a href="javascript:alert(1)">click</a>',
  '<form action=https://example.com><input name=q></form>',
  '<link rel=stylesheet href=https://example.com/x.css>',
  "' onmouseover='alert(1)",
  '" autofocus onfocus="alert(1)',
  '` onclick=alert(1) `',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '&#60;script&#62;',
  '<![CDATA[<script>alert(1)</script>]]>',
  '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
  '<details open ontoggle=alert(1)>',
  '<object data="data:text/html,<script>alert(1)</script>"></object>',
  '<template><script>alert(1)</script></template>',
];
const CONTROLS = [
  '\u001b[2J\u001b[1;31mFAILED\u001b[0m',
  '\u001b]8;;https://example.com\u0007link\u001b]8;;\u0007',
  '\u009b31mred',
  'a\r\nSet-Cookie: x=1',
  'first\nsecond\u2028third\u2029fourth\u0085fifth',
  'nul\u0000byte',
  'bell\u0007 backspace\b\b\b',
];
const BIDI = [
  'annaporue\u202etxt.exe',
  '\u2066isolated\u2069 \u2067right\u2069',
  '\u200fmark \u200emark \u061cmark',
  '\ufeffbom\u00ad soft\u200bzero',
  'tag\u{e0041}\u{e0042}',
];
const FORMULAS = [
  '=1+1',
  "=cmd|' /C calc'!A0",
  '+1',
  '-1',
  '@SUM(1)',
  '\t=1',
  '=HYPERLINK("https://example.com")',
];
const ODD = [
  '\ud800 alone',
  'alone \udfff',
  '${alert(1)}',
  '{{constructor.constructor("alert(1)")()}}',
  'url(#p2)',
  'javascript:alert(1)',
  '__proto__',
  '../../etc/passwd',
  "'; drop table events; --",
  '$since',
  '',
  ' ',
  'ｆｕｌｌwidth ＜script＞',
  '👩‍👩‍👧‍👦 family',
  'z\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309',
];
const LONG = ['x', '<b>', '\u202e', '&amp;', '😀', 'word ', '\u001b['].map((text) =>
  text.repeat(20_000),
);

const ALL = [...MARKUP, ...CONTROLS, ...BIDI, ...FORMULAS, ...ODD, ...LONG];

/** Five hundred: each kind alone, and kinds within each other. */
export const HOSTILE: readonly string[] = Array.from({ length: 500 }, (_, i) => {
  const value = ALL[i % ALL.length] ?? '';
  const other = ALL[(i * 7 + 3) % ALL.length] ?? '';
  if (i < ALL.length) return value;
  return i % 2 === 0 ? `${value}${other}` : `${i}: ${other.slice(0, 40)}${value}`;
});
