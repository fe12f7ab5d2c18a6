import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

interface NotoFile {
  icons: Record<string, { body: string; width?: number; height?: number }>;
  aliases: Record<string, { parent: string }>;
  width: number;
  height: number;
}

interface NotoSet {
  icons: Map<string, string>;
  /** Icon name by the code points of an emoji, without variation selectors. */
  byChar: Map<string, string>;
}

const require = createRequire(import.meta.url);
let loaded: NotoSet | undefined;
const variants = /skin-tone|-tone\d|^keycap/;

function load(): NotoSet {
  const file = JSON.parse(readFileSync(require.resolve('@iconify-json/noto/icons.json'), 'utf8')) as NotoFile;
  const chars = JSON.parse(readFileSync(require.resolve('@iconify-json/noto/chars.json'), 'utf8')) as Record<
    string,
    string
  >;
  const icons = new Map<string, string>();
  const size = `${file.width} ${file.height}`;
  for (const [name, icon] of Object.entries(file.icons)) {
    if (variants.test(name)) continue;
    if (size === '128 128') icons.set(name, icon.body);
  }
  for (const [alias, { parent }] of Object.entries(file.aliases)) {
    const body = icons.get(parent);
    if (body !== undefined && !icons.has(alias)) icons.set(alias, body);
  }
  const byChar = new Map<string, string>();
  for (const [code, name] of Object.entries(chars)) byChar.set(code.replaceAll('-fe0f', ''), name);
  return { icons, byChar };
}

function noto(): NotoSet {
  return (loaded ??= load());
}

/** Inner SVG (viewBox 0 0 128 128) of a Noto emoji; undefined when there is no such icon. */
export function iconBody(name: string): string | undefined {
  return noto().icons.get(name);
}

/** Names of every icon, without skin-tone variants. */
export function iconNames(): IterableIterator<string> {
  return noto().icons.keys();
}

/** Name of the icon that draws one emoji character, skin tone and variation selectors left aside. */
export function iconOfEmoji(emoji: string): string | undefined {
  const codes = [...emoji]
    .map((c) => (c.codePointAt(0) as number).toString(16))
    .filter((code) => code !== 'fe0f' && !/^1f3f[b-f]$/.test(code));
  const { byChar, icons } = noto();
  for (let end = codes.length; end > 0; end--) {
    const name = byChar.get(codes.slice(0, end).join('-'));
    if (name !== undefined && icons.has(name)) return name;
  }
  return undefined;
}
