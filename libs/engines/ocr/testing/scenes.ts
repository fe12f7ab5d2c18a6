/** Grounds without a letter on them, and sentences to put on them. */
import { randomFrom } from './draw.js';

export const ENGLISH = [
  'The quick brown fox jumps over the lazy dog',
  'Breaking news: 25 people were rescued today',
  'Visit our new shop at 14 Main Street',
  'Do not try this at home, please',
] as const;

/** All accents of French: é è ê ë à â ç ù û ô œ î ï É À Ç « ». */
export const FRENCH = [
  'Élève à l’école, où êtes-vous passé ?',
  '« Ça alors ! » s’écria la sœur de Noël',
  'Le garçon naïf a bâti un château sur l’île',
  'À bientôt, l’œuvre d’août est prête et brûle',
] as const;

const hex = (value: number) =>
  Math.max(0, Math.min(255, Math.round(value)))
    .toString(16)
    .padStart(2, '0');

/** A colour from three random numbers. */
function colour(random: () => number, low = 30, high = 220): string {
  const one = () => hex(low + (high - low) * random());
  return `#${one()}${one()}${one()}`;
}

const n = (value: number) => value.toFixed(1);

type Painter = (random: () => number) => string;

function shapes(count: number, one: (random: () => number, i: number) => string): Painter {
  return (random) =>
    `<rect width="100%" height="100%" fill="${colour(random)}"/>` +
    Array.from({ length: count }, (_, i) => one(random, i)).join('');
}

const PAINTERS: readonly Painter[] = [
  // Hills under a sky
  (random) =>
    `<defs><linearGradient id="s" x2="0" y2="1"><stop stop-color="${colour(random)}"/><stop offset="1" stop-color="${colour(random)}"/></linearGradient></defs><rect width="100%" height="100%" fill="url(#s)"/>` +
    [0, 1, 2]
      .map(
        (i) =>
          `<path d="M0 ${400 + 90 * i} Q ${n(300 * random())} ${n(250 + 90 * i)} 640 ${400 + 80 * i} T 1280 ${380 + 90 * i} V720 H0Z" fill="${colour(random)}"/>`,
      )
      .join(''),
  // Discs
  shapes(
    60,
    (r) =>
      `<circle cx="${n(1280 * r())}" cy="${n(720 * r())}" r="${n(10 + 70 * r())}" fill="${colour(r)}" opacity="0.8"/>`,
  ),
  // Buildings with windows
  shapes(9, (r, i) => {
    const [x, top] = [i * 150, 100 + 300 * r()];
    const windows = Array.from(
      { length: 40 },
      (_, k) =>
        `<rect x="${n(x + 12 + (k % 5) * 24)}" y="${n(top + 20 + Math.floor(k / 5) * 45)}" width="12" height="22" fill="${r() > 0.5 ? '#ffe9a0' : '#26303c'}"/>`,
    );
    return `<rect x="${x}" y="${n(top)}" width="140" height="720" fill="${colour(r, 40, 140)}"/>${windows.join('')}`;
  }),
  // Grass and hair: many thin strokes
  shapes(1800, (r) => {
    const [x, y] = [1280 * r(), 300 + 450 * r()];
    return `<path d="M${n(x)} ${n(y)} q ${n(8 * r() - 4)} -20 ${n(20 * r() - 10)} -45" stroke="${colour(r)}" stroke-width="2" fill="none"/>`;
  }),
  // Brick wall
  shapes(
    420,
    (r, i) =>
      `<rect x="${n((i % 20) * 66 + (Math.floor(i / 20) % 2) * 33 - 33)}" y="${n(Math.floor(i / 20) * 35)}" width="62" height="31" fill="${colour(r, 110, 170)}"/>`,
  ),
  // Waves
  shapes(
    45,
    (r, i) =>
      `<path d="M-20 ${16 * i} ${Array.from({ length: 22 }, () => `q 15 ${n(-14 * r())} 30 0 t 30 0`).join(' ')}" stroke="${colour(r)}" stroke-width="${n(1 + 3 * r())}" fill="none"/>`,
  ),
  // A net of wires and fences
  shapes(
    80,
    (r) =>
      `<path d="M${n(1280 * r())} 0 L${n(1280 * r())} 720" stroke="${colour(r)}" stroke-width="${n(1 + 4 * r())}"/>`,
  ),
  // Leaves
  shapes(
    500,
    (r) =>
      `<ellipse cx="${n(1280 * r())}" cy="${n(720 * r())}" rx="${n(6 + 22 * r())}" ry="${n(3 + 7 * r())}" fill="${colour(r, 20, 160)}" transform="rotate(${n(360 * r())} 640 360)"/>`,
  ),
  // A stylised face
  (random) =>
    `<rect width="100%" height="100%" fill="${colour(random)}"/><ellipse cx="640" cy="360" rx="190" ry="250" fill="#d8a684"/><circle cx="570" cy="310" r="24" fill="#fff"/><circle cx="710" cy="310" r="24" fill="#fff"/><circle cx="574" cy="312" r="11"/><circle cx="706" cy="312" r="11"/><path d="M560 470 Q640 530 720 470" stroke="#8a3030" stroke-width="14" fill="none"/><path d="M450 300 Q640 20 830 300" stroke="#3a2412" stroke-width="70" fill="none"/>`,
  // Film grain
  (random) =>
    `<filter id="g"><feTurbulence type="fractalNoise" baseFrequency="${n(0.1 + 0.8 * random())}" numOctaves="3" seed="${Math.floor(99 * random())}"/></filter><rect width="100%" height="100%" fill="${colour(random)}"/><rect width="100%" height="100%" filter="url(#g)" opacity="0.6"/>`,
];

/** Number of grounds that {@link groundOf} knows. */
export const GROUNDS = 30;

/** A ground without text, 0..29: ten kinds with three sets of colours and places each. */
export function groundOf(index: number): string {
  const paint = PAINTERS[index % PAINTERS.length] as Painter;
  return paint(randomFrom(1000 + index));
}
