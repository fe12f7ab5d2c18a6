import { mixHex } from '../colour.js';
import { type Place } from '../types.js';
import { type Sheet, type Stage } from '../stage.js';
import { roomSheets, stadiumSheets } from './interior.js';
import { foreground, groundSheet, hillSheet, mountainSheet, roadExtra, skylineSheet, treeSheet } from './land.js';
import { shoreSheet, underwaterSheets, waterSheet, waveSheets } from './water.js';

const broadleaf = ['deciduous-tree', 'deciduous-tree', 'evergreen-tree'];
const conifers = ['evergreen-tree'];
const flowers = ['blossom', 'tulip', 'hibiscus', 'sunflower', 'rose', 'white-flower', 'four-leaf-clover'];

/** Sheets of each place from far to near; front sheets come last. */
const builders: Record<Place, (stage: Stage) => Promise<Sheet[]>> = {
  meadow: async (s) => [
    await mountainSheet(s, 0.2, 0.62, 0.1),
    await hillSheet(s, { rise: 0.11, haze: 0.42, depth: 0.25, colour: '#6fa552', waves: 1.5 }),
    await hillSheet(s, {
      rise: 0.07,
      haze: 0.18,
      depth: 0.5,
      colour: '#76b04c',
      waves: 1,
      planting: { icons: broadleaf, count: 7, size: [0.5, 0.8] },
    }),
    await groundSheet(s, {
      colour: '#7cb845',
      plantings: [{ icons: flowers, count: 16, size: [0.12, 0.2], from: 0.16, to: 0.98 }],
    }),
    await foreground(s, ['#5c9c33', '#6fae3f', '#4c8a30']),
  ],
  park: async (s) => [
    await skylineSheet(s, { rise: 0.26, haze: 0.55, depth: 0.15 }),
    await treeSheet(s, {
      icons: ['deciduous-tree'],
      count: 9,
      size: [0.9, 1.3],
      haze: 0.25,
      depth: 0.45,
      foot: s.horizon / s.height + 0.02,
    }),
    await groundSheet(s, {
      colour: '#74b84a',
      extra: pathExtra(s),
      plantings: [{ icons: flowers, count: 9, size: [0.12, 0.2], from: 0.14, to: 0.4 }],
    }),
    await treeSheet(s, {
      icons: ['deciduous-tree'],
      count: 2.2,
      size: [1.5, 1.9],
      haze: 0.03,
      depth: 0.85,
      foot: s.groundFar / s.height - 0.03,
    }),
    await foreground(s, ['#4f9433', '#62a83f'], 22),
  ],
  forest: async (s) => [
    await mountainSheet(s, 0.26, 0.6, 0.1),
    await treeSheet(s, {
      icons: conifers,
      count: 14,
      size: [1.3, 1.9],
      haze: 0.55,
      depth: 0.25,
      foot: s.horizon / s.height + 0.01,
    }),
    await treeSheet(s, {
      icons: [...conifers, ...broadleaf],
      count: 10,
      size: [1.7, 2.3],
      haze: 0.28,
      depth: 0.5,
      foot: s.horizon / s.height + 0.05,
    }),
    await groundSheet(s, {
      colour: '#5b8f3a',
      plantings: [
        {
          icons: ['mushroom', 'herb', 'brown-mushroom', 'rock', 'fallen-leaf', 'seedling'],
          count: 11,
          size: [0.12, 0.24],
          from: 0.2,
          to: 0.98,
        },
      ],
    }),
    await treeSheet(s, {
      icons: ['evergreen-tree', 'deciduous-tree'],
      count: 2.4,
      size: [2.3, 2.9],
      haze: 0.02,
      depth: 0.85,
      foot: s.groundFar / s.height - 0.02,
    }),
    await foreground(s, ['#3d7030', '#4c8138', '#2f5f2b'], 40, 0.11),
  ],
  beach: async (s) => [
    await waterSheet(s, '#2e9cc4', 0.8),
    ...(await waveSheets(s, '#3bb0d0', [0.58, 0.64], 9)),
    await shoreSheet(s, 0.66),
    await treeSheet(s, {
      icons: ['palm-tree'],
      count: 1.6,
      size: [1.8, 2.4],
      haze: 0.02,
      depth: 0.9,
      foot: s.groundFar / s.height,
    }),
  ],
  sea: async (s) => [
    await mountainSheet(s, 0.1, 0.68, 0.08),
    await waterSheet(s, '#2b82b5', 0.8),
    ...(await waveSheets(s, '#2f8fc0', [0.56, 0.63, 0.7, 0.8, 0.89], 3)),
  ],
  lake: async (s) => [
    await mountainSheet(s, 0.26, 0.5, 0.1),
    await treeSheet(s, {
      icons: [...conifers, 'deciduous-tree'],
      count: 16,
      size: [0.5, 0.85],
      haze: 0.35,
      depth: 0.22,
      foot: s.horizon / s.height + 0.004,
    }),
    await waterSheet(s, '#4f97b8', 1),
    ...(await waveSheets(s, '#5aa3c0', [0.72, 0.86], 1)),
    await foreground(s, ['#5f8a3a', '#7a9a45'], 26, 0.14),
  ],
  underwater: async (s) => [
    ...(await underwaterSheets(s)),
    await groundSheet(s, {
      colour: '#d8c48c',
      wavy: 0.06,
      plantings: [
        {
          icons: ['coral', 'coral', 'rock', 'spiral-shell', 'oyster'],
          count: 9,
          size: [0.2, 0.5],
          from: 0.25,
          to: 0.9,
        },
      ],
    }),
    await foreground(s, ['#1f7a5e', '#2c9270', '#167050'], 22, 0.2),
  ],
  city: async (s) => [
    await skylineSheet(s, { rise: 0.46, haze: 0.6, depth: 0.1 }),
    await skylineSheet(s, { rise: 0.38, haze: 0.32, depth: 0.3 }),
    await skylineSheet(s, { rise: 0.28, haze: 0.1, depth: 0.55, foot: s.horizon / s.height + 0.04 }),
    await groundSheet(s, { colour: '#6f7682', wavy: 0.004, broad: 4, fine: 7, extra: roadExtra(s) }),
    await treeSheet(s, {
      icons: ['deciduous-tree'],
      count: 3,
      size: [0.8, 1],
      haze: 0.05,
      depth: 1,
      foot: s.horizon / s.height + 0.09,
    }),
  ],
  street: async (s) => [
    await skylineSheet(s, { rise: 0.34, haze: 0.5, depth: 0.15 }),
    await treeSheet(s, {
      icons: [
        'house',
        'houses',
        'office-building',
        'convenience-store',
        'hotel',
        'bank',
        'post-office',
        'department-store',
      ],
      count: 5,
      size: [1.15, 1.6],
      haze: 0.1,
      depth: 0.6,
      foot: s.horizon / s.height + 0.045,
    }),
    await groundSheet(s, { colour: '#8d9189', wavy: 0.004, broad: 4, fine: 7, extra: roadExtra(s) }),
    await treeSheet(s, {
      icons: ['deciduous-tree'],
      count: 2,
      size: [1.1, 1.4],
      haze: 0.03,
      depth: 1,
      foot: s.horizon / s.height + 0.11,
    }),
  ],
  village: async (s) => [
    await mountainSheet(s, 0.22, 0.6, 0.1),
    await hillSheet(s, { rise: 0.09, haze: 0.35, depth: 0.3, colour: '#78ab55', waves: 1.3 }),
    await treeSheet(s, {
      icons: ['house', 'house-with-garden', 'church', 'houses', 'deciduous-tree', 'hut', 'evergreen-tree'],
      count: 8,
      size: [0.85, 1.2],
      haze: 0.16,
      depth: 0.5,
      foot: s.horizon / s.height + 0.05,
    }),
    await groundSheet(s, {
      colour: '#86b552',
      extra: pathExtra(s),
      plantings: [{ icons: flowers, count: 9, size: [0.12, 0.2], from: 0.12, to: 0.35 }],
    }),
    await foreground(s, ['#5c9c33', '#6fae3f'], 22),
  ],
  mountains: async (s) => [
    await mountainSheet(s, 0.42, 0.6, 0.08),
    await mountainSheet(s, 0.32, 0.3, 0.22, '#66758c'),
    await hillSheet(s, {
      rise: 0.08,
      haze: 0.2,
      depth: 0.5,
      colour: '#6a9657',
      waves: 1.2,
      planting: { icons: conifers, count: 12, size: [0.45, 0.8] },
    }),
    await groundSheet(s, {
      colour: '#7fa860',
      plantings: [
        {
          icons: ['rock', 'white-flower', 'evergreen-tree', 'herb'],
          count: 9,
          size: [0.14, 0.34],
          from: 0.16,
          to: 0.95,
        },
      ],
    }),
    await foreground(s, ['#5a8a44', '#6b9a4e'], 24),
  ],
  desert: async (s) => [
    await hillSheet(s, { rise: 0.14, haze: 0.5, depth: 0.15, colour: '#d8a662', waves: 0.9 }),
    await hillSheet(s, { rise: 0.1, haze: 0.25, depth: 0.35, colour: '#dfb06a', waves: 0.7 }),
    await groundSheet(s, {
      colour: '#e6bd74',
      wavy: 0.09,
      broad: 12,
      fine: 8,
      plantings: [{ icons: ['cactus', 'rock', 'cactus', 'rock'], count: 5, size: [0.25, 0.75], from: 0.18, to: 0.6 }],
    }),
  ],
  savanna: async (s) => [
    await mountainSheet(s, 0.14, 0.66, 0.08, '#8d7f8a'),
    await hillSheet(s, {
      rise: 0.05,
      haze: 0.35,
      depth: 0.3,
      colour: '#c2a552',
      waves: 0.8,
      planting: { icons: ['deciduous-tree', 'palm-tree'], count: 5, size: [0.5, 0.8] },
    }),
    await groundSheet(s, {
      colour: '#cdae55',
      plantings: [
        { icons: ['rock', 'sheaf-of-rice', 'sheaf-of-rice', 'herb'], count: 8, size: [0.16, 0.3], from: 0.2, to: 0.95 },
      ],
    }),
    await treeSheet(s, {
      icons: ['deciduous-tree'],
      count: 0.9,
      size: [1.9, 2.3],
      haze: 0.04,
      depth: 0.85,
      foot: s.groundFar / s.height - 0.03,
    }),
    await foreground(s, ['#b3903c', '#c7a54a', '#9d7f35'], 44, 0.12),
  ],
  snowfield: async (s) => [
    await mountainSheet(s, 0.34, 0.5, 0.1, '#8da3c0'),
    await hillSheet(s, {
      rise: 0.1,
      haze: 0.25,
      depth: 0.35,
      colour: '#dfeaf6',
      waves: 1.1,
      planting: { icons: conifers, count: 6, size: [0.5, 0.9] },
    }),
    await groundSheet(s, {
      colour: '#eef5fb',
      broad: 6,
      plantings: [{ icons: ['rock', 'evergreen-tree', 'ice'], count: 4, size: [0.18, 0.4], from: 0.16, to: 0.5 }],
    }),
  ],
  space: async (s) =>
    s.scene.subjects.some((x) => /animal|person|head|road|building|plant/.test(x.kind))
      ? [
          await groundSheet(s, {
            colour: s.palette.ground,
            wavy: 0.07,
            broad: 16,
            fine: 8,
            plantings: [{ icons: ['rock'], count: 6, size: [0.15, 0.35], from: 0.2, to: 0.9 }],
          }),
        ]
      : [],
  sky: async (s) => [await hillSheet(s, { rise: 0.07, haze: 0.62, depth: 0.1, colour: '#7aa86a', waves: 1.2 })],
  room: roomSheets,
  stadium: stadiumSheets,
  abstract: async () => [],
};

function pathExtra(stage: Stage): (w: number, h: number) => string {
  const sand = stage.shade('#d9c193', 0.06);
  const edge = mixHex(sand, '#5a4a2a', 0.35);
  return (w, h) => {
    const y = (t: number, lift: number) => (h * (0.42 + 0.03 * Math.sin(t * 6) + lift)).toFixed(1);
    const line = (lift: number, back = false) =>
      Array.from({ length: 21 }, (_, i) => (back ? 20 - i : i))
        .map((i) => `L${((i / 20) * w).toFixed(1)} ${y(i / 20, lift)}`)
        .join('');
    return `<path d="M0 ${y(0, 0)}${line(0)}${line(0.3, true)}Z" fill="${sand}" stroke="${edge}" stroke-width="3" stroke-opacity="0.4"/>`;
  };
}

/** Everything that stands still in the world, far to near. */
export async function placeSheets(stage: Stage): Promise<Sheet[]> {
  const sheets = await builders[stage.scene.place](stage);
  return [...sheets.filter((sheet) => sheet.front !== true), ...sheets.filter((sheet) => sheet.front === true)];
}
