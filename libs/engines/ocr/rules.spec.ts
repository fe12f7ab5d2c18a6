import { Signal } from '#contracts';
import { kindOf, markIn, screenSignals, unableScreenText } from './index.js';
import { better, withAccents } from './combine.js';
import { decodeCtc } from './ppocr.js';
import { cornersOf, hullOf, inReadingOrder, readable, smallestQuad, unclip } from './quads.js';
import { regionsOf } from './regions.js';
import { mergeTexts, vote } from './lines.js';
import { readInstalled } from './installed.js';

describe('kinds of lines', () => {
  it.each(['@someone', 'TikTok @user.name_1', 'follow @ann_b now', 'www.example.org', 'https://example.org/x', 'example.fr'])(
    'takes %s for a handle',
    (text) => expect(kindOf(text)).toBe('handle'),
  ); // prettier-ignore

  it.each([
    ['shutterstock', 'Shutterstock'],
    ['shutterst0ck', 'Shutterstock'],
    ['gettyimages', 'Getty Images'],
    ['Getty Images', 'Getty Images'],
    ['shutterstock.com', 'Shutterstock'],
    ['alamy alamy alamy', 'Alamy'],
    ['Adobe Stock | #1234', 'Adobe Stock'],
    ['Made with Runway', 'Runway'],
    ['Sora', 'Sora'],
    ['TikTok', 'TikTok'],
    ['Created with Kling AI', 'Kling'],
    ['CapCut', 'CapCut'],
  ])('knows the mark in %s', (text, name) => {
    expect(markIn(text)?.name).toBe(name);
    expect(kindOf(text)).toBe('mark');
  });

  it.each(['The runway was closed today', 'Luma went home', 'Stock prices fall', 'I saw it on YouTube', 'a@b', '3.14 metres', 'Fin.'])(
    'takes %s for plain text',
    (text) => expect(kindOf(text)).toBe('text'),
  ); // prettier-ignore
});

describe('signals', () => {
  const base = { frames: 2, confidence: 0.9, box: { x: 0, y: 0, width: 0.2, height: 0.1 } };
  it('reports each mark once, with its whole time, and no handle', () => {
    const signals = screenSignals([
      { ...base, text: 'shutterstock', kind: 'mark', fromS: 2, toS: 3 },
      { ...base, text: 'Shutterstock', kind: 'mark', fromS: 5, toS: 6 },
      { ...base, text: '@someone', kind: 'handle', fromS: 0, toS: 9 },
      { ...base, text: 'gettyimages are nice', kind: 'text', fromS: 0, toS: 9 },
    ]);
    expect(signals).toHaveLength(1);
    expect(signals[0]).toMatchObject({
      detector: 'ocr.third_party_mark',
      category: 'copyright',
      source: 'ocr',
      score: 0.6,
      coverage: 'low',
      at: { fromS: 2, toS: 6 },
    });
    expect(signals.map((signal) => Signal.parse(signal))).toEqual(signals);
  });

  it('says that it could not read, without a score', () => {
    expect(unableScreenText('No frame.')).toMatchObject([{ detector: 'ocr.text', state: 'unable', score: null }]);
  });
});

describe('geometry of boxes', () => {
  it('finds a turned rectangle again', () => {
    const drawn = { centre: { x: 50, y: 40 }, length: 60, height: 12, angle: 0.4 };
    const found = smallestQuad(hullOf([...cornersOf(drawn), drawn.centre]));
    expect(found.length).toBeCloseTo(60, 6);
    expect(found.height).toBeCloseTo(12, 6);
    expect(found.angle).toBeCloseTo(0.4, 6);
    expect(found.centre.x).toBeCloseTo(50, 6);
  });

  it('grows a box by its area over its perimeter', () => {
    const grown = unclip({ centre: { x: 0, y: 0 }, length: 30, height: 10, angle: 0 }, 1.5);
    expect([grown.length, grown.height]).toEqual([30 + 11.25, 10 + 11.25]);
  });

  it('reads a nearly square box along its level side', () => {
    const upright = readable({ centre: { x: 0, y: 0 }, length: 13, height: 10, angle: Math.PI / 2 });
    expect(upright).toMatchObject({ length: 10, height: 13, angle: 0 });
  });

  it('orders by line, then from the left', () => {
    const at = (x: number, y: number) => ({ centre: { x, y }, length: 20, height: 10, angle: 0 });
    const order = inReadingOrder([at(90, 12), at(10, 40), at(10, 10)], (quad) => quad);
    expect(order.map(({ centre }) => [centre.x, centre.y])).toEqual([
      [10, 10],
      [90, 12],
      [10, 40],
    ]);
  });

  it('joins a U and keeps other patches apart', () => {
    const rows = ['#..#.', '#..#.', '####.', '.....', '....#'];
    const map = Float32Array.from(rows.join(''), (c) => (c === '#' ? 0.9 : 0));
    expect(regionsOf(map, 5, 5, 0.3, 10).map(({ area }) => area)).toEqual([8, 1]);
    expect(regionsOf(map, 5, 5, 0.3, 1)).toHaveLength(1);
  });
});

describe('readings', () => {
  it.each([
    ['rescued today', 'rescued tocey', 'rescued today'],
    ['Elève a lecole', 'Élève à Pécole', 'Élève à lécole'],
    ['loeuvre d’aout', "l'œuvre d’août", "l'œuvre d’août"],
    ['《Ca alors I', '« Ça alors !', '« Ça alors I'],
    ['Noel', '', 'Noel'],
  ])('spells %s with %s as %s', (quick, careful, text) => expect(withAccents(quick, careful)).toBe(text));

  it.each([
    ['93789', '03789', '93789'],
    ['code 93 789', 'côde 03 789', 'côde 93 789'],
    ['a 7 heures', 'à 7 heures', 'à 7 heures'],
  ])('leaves the digits of %s as they are beside %s, however sure', (text, other, read) =>
    expect(better({ text, confidence: 0.9 }, { text: other, confidence: 0.95 }).text).toBe(read),
  );

  it('drops a piece of a line in its place, and keeps what stands elsewhere or says something else', () => {
    const one = (text: string, x: number, width: number, y = 0.8) => ({
      ...{ text, kind: 'text' as const, fromS: 0, toS: 1, frames: 2, confidence: 0.9 },
      ...{ box: { x, y, width, height: 0.05 }, seen: new Set([0, 1]) },
    });
    const merged = mergeTexts([
      one('Breaking news today', 0.1, 0.6),
      one('Breal', 0.1, 0.15),
      one('today', 0.5, 0.1, 0.2),
      one('Nine', 0.5, 0.1),
    ]);
    expect(merged.map(({ text }) => text)).toEqual(['Breaking news today', 'today', 'Nine']);
  });

  it('joins repeats and drops blanks', () => {
    const step = (best: number) => [0, 1, 2].map((c) => (c === best ? 0.8 : 0.1));
    const values = Float32Array.from([1, 1, 0, 1, 2, 2].flatMap(step));
    expect(decodeCtc(values, ['a', 'b'])).toMatchObject({ text: 'aab' });
    expect(decodeCtc(Float32Array.from(step(0)), ['a', 'b'])).toEqual({ text: '', confidence: 0 });
  });

  it('lets the many outvote the sure', () => {
    const readings = ['Hello world', 'Hello world', 'Jumpy frog'].map((text, i) => ({
      text,
      confidence: 0.8 + i / 20,
    }));
    expect(vote(readings).text).toBe('Hello world');
  });

  it('merges the same line and keeps lines that differ in a digit', () => {
    const one = (text: string, fromS: number, confidence: number, seen: number[]) => ({
      ...{ text, kind: 'text' as const, fromS, toS: fromS, frames: seen.length, confidence },
      ...{ box: { x: 0, y: 0, width: 1, height: 0.1 }, seen: new Set(seen) },
    });
    const merged = mergeTexts([
      one('Opening night', 0, 0.8, [0]),
      one('Opening nìght', 1, 0.9, [1, 2]),
      one('Room 101', 0, 0.9, [0]),
      one('Room 102', 1, 0.9, [1]),
      one('Opening night', 9, 0.9, [18]),
    ]);
    expect(merged.map(({ text, frames }) => [text, frames])).toEqual([
      ['Opening nìght', 3],
      ['Room 101', 1],
      ['Room 102', 1],
      ['Opening night', 1],
    ]);
  });

  it('refuses altered data', () => {
    const path = '@tesseract.js-data/fra/package.json';
    expect(() => readInstalled(path, '0'.repeat(64))).toThrow(
      expect.objectContaining({ code: 'ocr_data_altered' }) as Error,
    );
    expect(() => readInstalled('no-such/file', '')).toThrow(
      expect.objectContaining({ code: 'ocr_data_missing' }) as Error,
    );
  });
});
