import ipaddr from 'ipaddr.js';

const BROWSERS: [string, RegExp][] = [
  ['Edge', /\bEdgA?\//],
  ['Opera', /\bOPR\//],
  ['Firefox', /\b(Firefox|FxiOS)\//],
  ['Chrome', /\b(Chrome|CriOS|HeadlessChrome)\//],
  ['Safari', /\bSafari\//],
];
const SYSTEMS: [string, RegExp][] = [
  ['Android', /Android/],
  ['iOS', /iPhone|iPad/],
  ['Windows', /Windows/],
  ['macOS', /Mac OS X/],
  ['Linux', /Linux/],
];

/** Browser and system in a few words, for a person who looks for a session that is not theirs. */
export function deviceOf(userAgent: string | undefined): string {
  const named = (list: [string, RegExp][]) => list.find(([, sign]) => sign.test(userAgent ?? ''))?.[0];
  return [named(BROWSERS), named(SYSTEMS)].filter(Boolean).join(', ') || 'other';
}

/** The network of an address: /24 or /48. Enough to tell an office from elsewhere; not kept: the address itself. */
export function networkOf(address: string | undefined): string {
  if (!address || !ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  const v4 = parsed.kind() === 'ipv4';
  const bytes = parsed.toByteArray().map((byte, i) => (i < (v4 ? 3 : 6) ? byte : 0));
  return `${ipaddr.fromByteArray(bytes).toString()}/${v4 ? 24 : 48}`;
}
