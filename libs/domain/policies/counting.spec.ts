import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#kernel';
import type { Signal } from '#contracts';
import { decide, loadPolicy } from '#engines/policy';
import { BacktestCount, tryClip } from './counting.js';

const TEXT = readFileSync(join(projectRoot, 'policies/default.yaml'), 'utf8');
const live = loadPolicy(TEXT);
const laxer = loadPolicy(TEXT.replace('adult: { hold: 0.5, refuse: 0.75 }', 'adult: { hold: 0.6, refuse: 0.9 }'));

const words = (score: number, category: Signal['category'] = 'violence'): Signal => ({
  ...{ detector: 'text.linear', category, source: 'prompt', state: 'measured', score, coverage: 'medium' },
  model: { name: 'test', version: '1' },
});
const frames = (score: number): Signal => ({ ...words(score, 'sexual'), detector: 'vision.nsfw', source: 'frames' });

const recordOf = (stage: 'prompt' | 'clip', signals: Signal[], asked: Signal[] = []) => ({
  at: '2026-01-01T00:00:00.000Z',
  decision: decide(live, { stage, audience: 'adult', signals, asked }),
  signals,
  ...(asked.length && { asked }),
});
const past = (records: ReturnType<typeof recordOf>[], person: 'release' | 'refuse' | null = null) => ({
  ...{ id: 'video_1', records, person },
});

it('decides as on the day with the same version', () => {
  const clip = past([recordOf('prompt', [words(0.4)]), recordOf('clip', [frames(0.6)], [words(0.4)])]);
  expect(tryClip(live, clip)).toMatchObject({ decided: 'hold', would: 'hold', category: 'sexual', words_only: false });
});

it('takes the worst of both stages, and the last decision of each', () => {
  const clip = past([
    recordOf('prompt', [words(0.8)]),
    recordOf('prompt', [words(0.1)]),
    recordOf('clip', [frames(0.9)]),
  ]);
  expect(tryClip(live, clip)).toMatchObject({ decided: 'refuse', decided_reason: { detector: 'vision.nsfw' } });
  expect(tryClip(live, past([]))).toBeNull();
});

it('says when only the words were ever judged', () => {
  const tried = tryClip(laxer, past([recordOf('prompt', [words(0.55)])], 'refuse'));
  expect(tried).toMatchObject({ decided: 'hold', would: 'release', words_only: true, person: 'refuse' });
});

it('counts by category, age band and both fates, with bounded examples, and can go on from what is stored', () => {
  const first = new BacktestCount();
  const refused = past([recordOf('prompt', [words(0.55)])], 'refuse');
  const released = past([recordOf('prompt', [words(0.55)])], 'release');
  for (let i = 0; i < 8; i++) first.add(tryClip(laxer, { ...refused, id: `video_${i}` }));
  first.add(null);
  const second = new BacktestCount(JSON.parse(JSON.stringify(first.result())) as never);
  second.add(tryClip(laxer, released));
  for (let i = 0; i < 200; i++) second.add(tryClip(laxer, past([recordOf('prompt', [words(0.1)])])));
  const result = second.result();
  expect(result).toMatchObject({ clips: 209, changed: 9, unreadable: 1 });
  expect(result.cells).toHaveLength(2);
  expect(result.cells[0]).toMatchObject({
    category: 'violence',
    clips: 9,
    people_refused: 8,
    people_released: 1,
    words_only: 9,
  });
  expect(result.cells.map(({ samples }) => samples.length)).toEqual([5, 2]);
  expect(result.against_people.would_release_refused.clips).toBe(8);
  expect(result.against_people.would_refuse_released.clips).toBe(0);
});
