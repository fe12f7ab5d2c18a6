import { mixHex } from '../colour.js';
import { type Rng } from '../random.js';
import { n } from '../raster.js';

/** SVG of a vertical gradient and the reference to fill with it. */
export function verticalGradient(id: string, stops: readonly string[]): string {
  const parts = stops.map(
    (colour, i) => `<stop offset="${n(i / Math.max(1, stops.length - 1))}" stop-color="${colour}"/>`,
  );
  return `<linearGradient id="${id}" x1="0" y1="0" x2="0" y2="1">${parts.join('')}</linearGradient>`;
}

/** A rolling outline: sum of three sines, `rise` pixels high, over `width`; returns points left to right. */
export function rollingLine(rng: Rng, width: number, base: number, rise: number, waves: number): [number, number][] {
  const parts = [1, 2.3, 4.1].map((k) => ({ k: k * waves, phase: rng.range(0, 6.28), weight: rng.range(0.6, 1) / k }));
  const total = parts.reduce((sum, part) => sum + part.weight, 0);
  const points: [number, number][] = [];
  for (let i = 0; i <= 64; i++) {
    const u = i / 64;
    const y = parts.reduce((sum, part) => sum + Math.sin(u * part.k * 6.2832 + part.phase) * part.weight, 0) / total;
    points.push([u * width, base - ((y + 1) / 2) * rise]);
  }
  return points;
}

/** Closed path under a line, down to `bottom`. */
export function areaUnder(points: readonly [number, number][], bottom: number): string {
  const line = points.map(([x, y]) => `L${n(x)} ${n(y)}`).join('');
  const [first, last] = [points[0] as [number, number], points.at(-1) as [number, number]];
  return `M${n(first[0])} ${n(bottom)}${line}L${n(last[0])} ${n(bottom)}Z`;
}

/** Hills: one rolling mass with a lighter crest. */
export function hills(
  rng: Rng,
  width: number,
  height: number,
  colours: { crest: string; foot: string },
  waves: number,
): string {
  const line = rollingLine(rng, width, height * 0.55, height * 0.5, waves);
  const light = line.map(([x, y]) => `${n(x)},${n(y + 1)}`).join(' ');
  return (
    `<defs>${verticalGradient('h', [colours.crest, colours.foot])}</defs><path d="${areaUnder(line, height)}" fill="url(#h)"/>` +
    `<polyline points="${light}" fill="none" stroke="${mixHex(colours.crest, '#ffffff', 0.25)}" stroke-width="2.5" opacity="0.5"/>`
  );
}

/** Mountains: overlapping peaks with a lit and a shaded face and snow on top. */
export function mountains(
  rng: Rng,
  width: number,
  height: number,
  colours: { light: string; dark: string; snow: string },
  snowLine: number,
): string {
  const count = Math.max(3, Math.round(width / (height * 1.7)));
  const peaks = Array.from({ length: count }, (_, i) => ({
    x: ((i + rng.range(0.2, 0.8)) * width) / count,
    y: height * rng.range(0.04, 0.42),
    half: (width / count) * rng.range(0.7, 1.05),
  })).sort((a, b) => b.y - a.y || a.x - b.x);
  return peaks.map((peak) => onePeak(rng, peak, height, colours, snowLine)).join('');
}

function onePeak(
  rng: Rng,
  peak: { x: number; y: number; half: number },
  height: number,
  colours: { light: string; dark: string; snow: string },
  snowLine: number,
): string {
  const side = (sign: number) =>
    Array.from({ length: 6 }, (_, k) => {
      const t = (k + 1) / 6;
      const jitter = k < 5 ? rng.range(-0.06, 0.06) : 0;
      return [
        peak.x + sign * peak.half * (t + jitter),
        peak.y + (height - peak.y) * (t - (k < 5 ? rng.range(0, 0.06) : 0)),
      ] as const;
    });
  const left = side(-1);
  const right = side(1);
  const spine = Array.from(
    { length: 5 },
    (_, k) =>
      [
        peak.x + peak.half * rng.range(-0.02, 0.16) * (k + 1) * 0.4,
        peak.y + ((height - peak.y) * (k + 1)) / 5,
      ] as const,
  );
  const path = (points: readonly (readonly [number, number])[]) => points.map(([x, y]) => `L${n(x)} ${n(y)}`).join('');
  const top = `M${n(peak.x)} ${n(peak.y)}`;
  const whole = `${top}${path(right)}${path([...left].reverse())}Z`;
  const shaded = `${top}${path(spine)}${path([...right].reverse())}Z`;
  let body = `<path d="${whole}" fill="${colours.light}"/><path d="${shaded}" fill="${colours.dark}" opacity="0.55"/>`;
  if (snowLine > 0) {
    const depth = (height - peak.y) * snowLine;
    const reach = peak.half * snowLine;
    const edge = Array.from({ length: 7 }, (_, k) => {
      const u = k / 6;
      return [peak.x + reach * (1 - 2 * u), peak.y + depth * (k % 2 === 0 ? 1 : rng.range(0.55, 0.75))] as const;
    });
    const clip = `c${n(peak.x)}`.replace(/[.-]/g, '_');
    body += `<clipPath id="${clip}"><path d="${whole}"/></clipPath><g clip-path="url(#${clip})"><path d="M${n(peak.x)} ${n(peak.y - 4)}${path([[peak.x + reach * 1.2, peak.y + depth], ...edge, [peak.x - reach * 1.2, peak.y + depth]])}Z" fill="${colours.snow}"/><path d="${shaded}" fill="${colours.dark}" opacity="0.18"/></g>`;
  }
  return body;
}

/** A row of buildings with windows; `glow` paints lit windows, `dark` the others. */
export function skyline(
  rng: Rng,
  width: number,
  height: number,
  colours: { walls: readonly string[]; glow: string; dark: string; litShare: number },
): string {
  const parts: string[] = [];
  const module = height * 0.045;
  for (let x = -height * 0.05; x < width;) {
    const w = height * rng.range(0.13, 0.26);
    const h = height * rng.range(0.35, 0.94);
    const wall = rng.pick(colours.walls);
    const y = height - h;
    parts.push(`<rect x="${n(x)}" y="${n(y)}" width="${n(w)}" height="${n(h)}" fill="${wall}"/>`);
    parts.push(
      `<rect x="${n(x + w * 0.82)}" y="${n(y)}" width="${n(w * 0.18)}" height="${n(h)}" fill="#000000" opacity="0.13"/>`,
    );
    if (rng.chance(0.3))
      parts.push(
        `<rect x="${n(x + w * 0.45)}" y="${n(y - h * 0.12)}" width="${n(height * 0.008)}" height="${n(h * 0.12)}" fill="${wall}"/>`,
      );
    if (rng.chance(0.35))
      parts.push(
        `<rect x="${n(x + w * 0.2)}" y="${n(y - height * 0.03)}" width="${n(w * 0.4)}" height="${n(height * 0.03)}" fill="${wall}"/>`,
      );
    const columns = Math.max(2, Math.floor((w * 0.76) / module));
    const rows = Math.floor((h * 0.92) / (module * 1.25));
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) {
        const lit = rng.chance(colours.litShare);
        const wx = x + w * 0.07 + c * ((w * 0.76) / columns);
        const wy = y + module * 0.6 + r * module * 1.25;
        parts.push(
          `<rect x="${n(wx)}" y="${n(wy)}" width="${n(module * 0.55)}" height="${n(module * 0.75)}" fill="${lit ? colours.glow : colours.dark}" opacity="${lit ? n(rng.range(0.7, 1)) : '0.5'}"/>`,
        );
      }
    }
    x += w * rng.range(0.9, 1.15);
  }
  return parts.join('');
}

/** Tufts of grass along the top of a strip, for foregrounds. */
export function tufts(rng: Rng, width: number, height: number, colours: readonly string[], count: number): string {
  const parts: string[] = [];
  for (let i = 0; i < count; i++) {
    const x = rng.range(0, width);
    const colour = rng.pick(colours);
    for (let blade = 0; blade < 5; blade++) {
      const lean = rng.range(-0.5, 0.5) * height * 0.4;
      const tall = height * rng.range(0.4, 0.95);
      const bx = x + (blade - 2) * height * 0.09;
      const half = height * 0.035;
      parts.push(
        `<path d="M${n(bx - half)} ${n(height)}Q${n(bx)} ${n(height - tall * 0.5)} ${n(bx + lean)} ${n(height - tall)}Q${n(bx + half)} ${n(height - tall * 0.5)} ${n(bx + half)} ${n(height)}Z" fill="${colour}"/>`,
      );
    }
  }
  return parts.join('');
}

/** A strip of water whose upper edge is made of waves. */
export function waveStrip(
  rng: Rng,
  width: number,
  height: number,
  colours: { crest: string; body: string; foam: string },
  waves: number,
): string {
  const rise = height * 0.16;
  const phase = rng.range(0, 6.28);
  const points: [number, number][] = Array.from({ length: 161 }, (_, i) => {
    const u = i / 160;
    const a = u * waves * 6.2832 + phase;
    return [u * width, rise * (1.1 + Math.sin(a) * 0.55 + Math.sin(a * 2.17 + 1) * 0.3)];
  });
  const foam = points.map(([x, y]) => `${n(x)},${n(y + 2)}`).join(' ');
  return (
    `<defs>${verticalGradient('w', [colours.crest, colours.body])}</defs><path d="${areaUnder(points, height)}" fill="url(#w)"/>` +
    `<polyline points="${foam}" fill="none" stroke="${colours.foam}" stroke-width="${n(Math.max(1.5, height * 0.022))}" opacity="0.55"/>`
  );
}
