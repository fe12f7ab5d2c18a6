import { AppError, sleep } from '#kernel';
import { Part, type Watcher } from './part.js';

const missing = () => new AppError('internal', 'model_missing', 'no such model');

describe('Part', () => {
  it('gives frames in order, one at a time, and the result at the end', async () => {
    const seen: number[] = [];
    let inside = 0;
    const part = new Part<number, number[]>('slow', async () => ({
      async look(frame) {
        expect(++inside).toBe(1);
        await sleep(5 - frame);
        seen.push(frame);
        inside--;
      },
      finish: () => seen,
    }));
    await Promise.all([0, 1, 2, 3].map((n) => part.push(n)));
    expect(await part.finish()).toEqual({ ok: true, value: [0, 1, 2, 3] });
    expect(part.ms).toBeGreaterThan(5);
  });

  const broken: [string, () => Promise<Watcher<number, number>>][] = [
    ['does not load', () => Promise.reject(missing())],
    ['fails on a frame', async () => ({ look: () => Promise.reject(missing()), finish: () => 1 })],
    ['fails at the end', async () => ({ look: () => undefined, finish: () => Promise.reject(missing()) })],
  ];

  it.each(broken)('tells why a detector that %s has no result, and asks it nothing more', async (_what, begin) => {
    const part = new Part<number, number>('broken', begin);
    await part.push(1);
    await part.push(2);
    expect(await part.finish()).toEqual({ ok: false, reason: 'no such model' });
  });
});
