import { hsl, litHex, mixHex } from './colour.js';
import { type Rng } from './random.js';
import { type Place, type ScenePalette, type TimeOfDay, type Weather } from './types.js';

interface Sky {
  top: string;
  low: string;
  haze: string;
  light: string;
  ambient: string;
}

/** Two moods of light for each time of day; the seed chooses. */
const skies: Record<TimeOfDay, readonly Sky[]> = {
  dawn: [
    { top: '#6d8fc9', low: '#ffd0a6', haze: '#f6cdb4', light: '#ffe2b0', ambient: '#f3dccf' },
    { top: '#7f86c6', low: '#ffc3bb', haze: '#eec6c4', light: '#ffe9c4', ambient: '#ecd8d8' },
  ],
  day: [
    { top: '#2f8be0', low: '#bfe6fb', haze: '#cfe8f3', light: '#fff6d8', ambient: '#ffffff' },
    { top: '#3a9ad9', low: '#d3f0ee', haze: '#d6ecea', light: '#fff8dc', ambient: '#fffdf6' },
  ],
  dusk: [
    { top: '#3d3a78', low: '#ff9a5a', haze: '#e08a6c', light: '#ffb766', ambient: '#e2b09c' },
    { top: '#51306f', low: '#ff7f72', haze: '#d47f83', light: '#ffa36b', ambient: '#d8a5a6' },
  ],
  night: [
    { top: '#070d2b', low: '#27407a', haze: '#2a3f70', light: '#e8efff', ambient: '#6f7fb5' },
    { top: '#0b0a26', low: '#3a3270', haze: '#332f66', light: '#eef0ff', ambient: '#7a78b4' },
  ],
};

/** Colour of the ground in plain daylight. */
const grounds: Record<Place, string> = {
  meadow: '#7cb845',
  forest: '#5b8f3a',
  beach: '#efd9a2',
  sea: '#2b82b5',
  underwater: '#d8c48c',
  city: '#7e8794',
  street: '#5d636e',
  village: '#86b552',
  mountains: '#7fa860',
  desert: '#e6bd74',
  savanna: '#cdae55',
  snowfield: '#eef5fb',
  space: '#8d8a97',
  sky: '#ffffff',
  park: '#74b84a',
  lake: '#4f97b8',
  room: '#b98252',
  stadium: '#4ea33f',
  abstract: '#8a7fd0',
};

const greys: Partial<Record<Weather, { amount: number; dim: number }>> = {
  cloudy: { amount: 0.28, dim: 0.96 },
  rain: { amount: 0.6, dim: 0.8 },
  storm: { amount: 0.78, dim: 0.62 },
  snow: { amount: 0.45, dim: 0.96 },
  fog: { amount: 0.6, dim: 0.92 },
};

/** Colours of a scene: the light of the hour, dulled by the weather, on the ground of the place. */
export function paletteOf(place: Place, time: TimeOfDay, weather: Weather, rng: Rng): ScenePalette {
  if (place === 'space') return spacePalette(rng);
  if (place === 'abstract') return abstractPalette(rng);
  const sky = rng.pick(skies[time]);
  const grey = greys[weather];
  const grayTop = time === 'night' ? '#1a2030' : time === 'dusk' ? '#5d5566' : '#8b98a6';
  const grayLow = time === 'night' ? '#343b52' : time === 'dusk' ? '#a98f88' : '#c4ccd2';
  const amount = grey?.amount ?? 0;
  // Nights are dark already: there the weather takes only half as much.
  const dimmed = time === 'night' ? 0.5 + (grey?.dim ?? 1) / 2 : (grey?.dim ?? 1);
  const dim = Math.round(dimmed * 255)
    .toString(16)
    .padStart(2, '0');
  const ambient = litHex(
    mixHex(sky.ambient, time === 'night' ? '#6a7288' : '#dfe4ea', amount * 0.6),
    `#${dim}${dim}${dim}`,
  );
  const low = mixHex(sky.low, grayLow, amount);
  const ground =
    weather === 'snow' && !['sea', 'underwater', 'room', 'lake'].includes(place)
      ? mixHex(grounds[place], '#f4f8fc', 0.82)
      : grounds[place];
  if (place === 'underwater') return underwaterPalette(sky, ambient, ground, rng);
  return {
    skyTop: mixHex(sky.top, grayTop, amount),
    skyLow: low,
    haze: mixHex(sky.haze, grayLow, amount),
    light: sky.light,
    ambient,
    ground: litHex(ground, ambient),
    accent: hsl(rng.range(0, 360), 0.75, 0.6),
  };
}

function underwaterPalette(sky: Sky, ambient: string, ground: string, rng: Rng): ScenePalette {
  const light = litHex('#b9f0ea', sky.ambient);
  return {
    skyTop: litHex('#3fc3d6', ambient),
    skyLow: litHex('#0b4f8c', ambient),
    haze: litHex('#1a76a8', ambient),
    light,
    ambient: litHex('#bfe4ee', ambient),
    ground: litHex(litHex(ground, '#9fd6dc'), ambient),
    accent: hsl(rng.range(0, 60), 0.8, 0.65),
  };
}

function spacePalette(rng: Rng): ScenePalette {
  const hue = rng.range(200, 320);
  return {
    skyTop: hsl(hue, 0.6, 0.05),
    skyLow: hsl(hue + 25, 0.55, 0.16),
    haze: hsl(hue + 40, 0.5, 0.3),
    light: '#fff4dc',
    ambient: '#e9e9ff',
    ground: hsl(hue + 10, 0.12, 0.46),
    accent: hsl(hue + 150, 0.75, 0.65),
  };
}

function abstractPalette(rng: Rng): ScenePalette {
  const hue = rng.range(0, 360);
  return {
    skyTop: hsl(hue, 0.55, 0.34),
    skyLow: hsl((hue + 50) % 360, 0.7, 0.66),
    haze: hsl((hue + 30) % 360, 0.5, 0.7),
    light: hsl((hue + 60) % 360, 0.9, 0.85),
    ambient: '#ffffff',
    ground: hsl((hue + 180) % 360, 0.5, 0.5),
    accent: hsl((hue + 200) % 360, 0.75, 0.6),
  };
}
