/** A page as a browser would build it. */
import { createHash } from 'node:crypto';
import { type DefaultTreeAdapterTypes, parse } from 'parse5';

type Node = DefaultTreeAdapterTypes.Node;
export type Element = DefaultTreeAdapterTypes.Element;

export function elementsOf(node: Node): Element[] {
  const below = 'childNodes' in node ? node.childNodes.flatMap(elementsOf) : [];
  return 'tagName' in node ? [node, ...below] : below;
}

export function parsePage(page: string): { elements: Element[]; errors: string[] } {
  const errors: string[] = [];
  const document = parse(page, { onParseError: ({ code }) => errors.push(code) });
  return { elements: elementsOf(document), errors };
}

export function attribute(element: Element | undefined, name: string): string | null {
  return element?.attrs.find((one) => one.name === name)?.value ?? null;
}

export function textOf(node: Node): string {
  if ('value' in node) return node.value;
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
}

/** What a page does that it must not: load, run or apply anything of somebody else. */
export function trespassesOf(elements: readonly Element[]): string[] {
  const policy = elements.find((one) => attribute(one, 'http-equiv') === 'Content-Security-Policy');
  const allowed = attribute(policy, 'content') ?? '';
  return elements.flatMap((element) => {
    const { tagName, attrs } = element;
    const found = attrs.flatMap(({ name, value }) => {
      if (/^(on.*|style|srcdoc|action|formaction|data|ping|background|poster)$/.test(name))
        return [name];
      const isOwn = value.startsWith('#') || value === 'data:,';
      return /^(src|href|xlink:href)$/.test(name) && !isOwn ? [`${name}=${value}`] : [];
    });
    if (/^(iframe|object|embed|base|form|img|foreignobject|animate|set|use)$/i.test(tagName))
      found.push(tagName);
    if (/^(script|style)$/.test(tagName) && !allowed.includes(hashOf(textOf(element)))) {
      found.push(`${tagName} that the policy does not know`);
    }
    return found.map((what) => `${tagName}: ${what}`);
  });
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
