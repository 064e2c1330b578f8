import { expect, test } from 'vitest';
import { REGISTRY } from '../../src/config/registry.ts';
import { generatedPages } from '../../src/reference/pages.ts';

test('blocks are made anew, the rest of a page stays', () => {
  const before = 'one\n\n<!-- begin exits -->\nformer rows\n<!-- end -->\n\ntwo\n';
  const after = generatedPages(new Map([['docs/a.md', before]]), REGISTRY).get('docs/a.md') ?? '';
  expect(after).toMatch(/^one\n\n<!-- begin exits -->\n\n\| exit \| /);
  expect(after).toMatch(/\| 75 \| another run holds the lock \|\n\n<!-- end -->\n\ntwo\n$/);
  expect(after).not.toContain('former rows');
  expect(generatedPages(new Map([['docs/a.md', after]]), REGISTRY).get('docs/a.md')).toBe(after);
});

test('links lead to the page that has the block, from where they stand', () => {
  const [sink] = REGISTRY.sinks;
  const pages = new Map([
    ['README.md', '<!-- begin sinks -->\n<!-- end -->'],
    ['docs/list.md', '<!-- begin sinks -->\n<!-- end -->'],
    ['docs/guide.md', `<!-- begin sink ${sink?.type} -->\n<!-- end -->`],
  ]);
  const made = generatedPages(pages, REGISTRY);
  expect(made.get('README.md')).toContain('](docs/guide.md)');
  expect(made.get('docs/list.md')).toContain('](guide.md)');
});

test.each(['nonsense', 'streams of-nobody', 'sink of-nobody'])(
  'a block that nothing generates is an error: %s',
  (block) => {
    const page = new Map([['docs/a.md', `<!-- begin ${block} -->\n<!-- end -->`]]);
    expect(() => generatedPages(page, REGISTRY)).toThrow(/nothing/);
  },
);
