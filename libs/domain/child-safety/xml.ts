/** An element with its children in order; null and undefined are left out, and so is an element without content. */
export interface Element {
  name: string;
  attributes?: Record<string, string>;
  /** `''` makes an empty element, as flags are. */
  content: string | readonly (Element | null | undefined)[];
}

/** Characters that XML 1.0 does not allow, in any form; halves of surrogate pairs are among them. */
const NOT_ALLOWED = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** Text as it may stand in an element or an attribute; what XML cannot hold becomes U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .replace(NOT_ALLOWED, '\uFFFD')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&apos;');
}

/** An element with text; left out where there is none. */
export function text(name: string, value: string | number | boolean | null | undefined): Element | null {
  return value === null || value === undefined || value === '' ? null : { name, content: String(value) };
}

/** An element that says something by being there. */
export const flag = (name: string): Element => ({ name, content: '' });

/** A group of elements; left out when all of them are. */
export function group(name: string, children: readonly (Element | null | undefined)[]): Element | null {
  return children.some(Boolean) ? { name, content: children } : null;
}

function write({ name, attributes = {}, content }: Element): string {
  const start = `<${name}${Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escapeXml(value)}"`)
    .join('')}`;
  if (content === '') return `${start}/>`;
  const inner =
    typeof content === 'string' ? escapeXml(content) : content.map((child) => (child ? write(child) : '')).join('');
  return `${start}>${inner}</${name}>`;
}

/** A whole document in UTF-8. */
export function document(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${write(root)}\n`;
}
