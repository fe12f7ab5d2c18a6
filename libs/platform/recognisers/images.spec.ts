import { CATEGORIES, Signal } from '#contracts';
import {
  startStubRecognisers,
  stubJpeg,
  type StubRecognisersOptions,
} from '../../../tests/support/stub-recognisers.js';
import { type StubServer } from '../../../tests/support/stub-http.js';
import {
  azureImageModerator,
  chooseFrames,
  type ImageLimits,
  type ModeratedImage,
  openAiImageModerator,
  type ServiceOptions,
} from './index.js';

const signal = new AbortController().signal;
let stub: StubServer | undefined;
afterEach(async () => {
  await stub?.close();
  stub = undefined;
});

const KINDS = [
  ['openai', openAiImageModerator, ['sexual', 'violence', 'graphic_violence', 'self_harm'], 0.9, 0.09],
  ['azure', azureImageModerator, ['hate', 'self_harm', 'sexual', 'violence'], 0.95, 0],
] as const;

const clip = (...scores: number[]): ModeratedImage[] =>
  scores.map((score, i) => ({ timeS: i / 2, jpeg: stubJpeg(score), heat: score }));

describe.each(KINDS)('%s images', (name, create, covers, top, other) => {
  async function start(stubbed: StubRecognisersOptions = {}, more: Partial<ServiceOptions & ImageLimits> = {}) {
    stub = await startStubRecognisers(stubbed);
    return { stub, moderator: create({ baseUrl: stub.url, timeoutMs: 2000, backoffMs: 5, ...more }) };
  }

  it('gives each category its worst frame', async () => {
    const { stub, moderator } = await start({ key: 'k' }, { apiKey: 'k' });
    const signals = await moderator.moderate(clip(0.1, 0.9, 0.2), signal);
    expect(signals.map((one) => Signal.parse(one).category)).toEqual(covers);
    expect([...moderator.covers]).toEqual(covers);
    const sexual = signals.find(({ category }) => category === 'sexual');
    expect(sexual).toMatchObject({
      detector: `remote.${name}`,
      source: 'frames',
      state: 'measured',
      score: top,
      coverage: 'low',
      at: { fromS: 0.5, toS: 0.5 },
      model: { name: `remote.${name}`, version: name === 'azure' ? '2024-09-01' : 'omni-moderation-2024-09-26' },
    });
    expect(sexual?.series).toHaveLength(3);
    expect(sexual).not.toHaveProperty('probability');
    for (const one of signals) if (one.category !== 'sexual') expect(one.score).toBeCloseTo(other, 6);
    expect(stub.calls).toHaveLength(3);
  });

  it('sends a bounded number of frames, a bounded number at a time', async () => {
    let open = 0;
    let most = 0;
    const { stub, moderator } = await start(
      {
        fault: () => {
          most = Math.max(most, ++open);
          setTimeout(() => open--, 290);
          return 'slow';
        },
      },
      { maxFrames: 6, concurrency: 2 },
    );
    const images = clip(...Array.from({ length: 40 }, (_, i) => (i === 17 ? 0.9 : 0.1)));
    const signals = await moderator.moderate(images, signal);
    expect(stub.calls).toHaveLength(6);
    expect(most).toBe(2);
    expect(signals.find(({ category }) => category === 'sexual')?.at?.fromS).toBe(8.5);
  });

  it.each([
    'busy',
    'busy for long',
    'out of order',
    'forbidden',
    'malformed',
    'truncated',
    'wrong type',
    'other shape',
    'partial',
    'huge',
    'redirect',
    'silent',
  ] as const)('is unable for all it covers when one frame of three meets: %s', async (fault) => {
    const { moderator } = await start(
      // The picture decides, so that repeats meet the same fault.
      { fault: (_, { fields }) => (JSON.stringify(fields).includes(base64(0.3)) ? fault : null) },
      { timeoutMs: fault === 'silent' ? 100 : 2000, attempts: 2, apiKey: 'sk-secret' },
    );
    const signals = await moderator.moderate(clip(0.1, 0.3, 0.9), signal);
    expect(signals.map(({ category }) => category)).toEqual(covers);
    for (const one of signals) {
      expect(Signal.parse(one)).toMatchObject({ state: 'unable', score: null, coverage: 'none' });
      expect(one.reason).toMatch(/\w/);
    }
    expect(JSON.stringify(signals)).not.toContain('sk-secret');
  });

  it('passes over a failure that passes', async () => {
    const { stub, moderator } = await start({ fault: (n) => (n === 1 ? 'busy' : null) });
    const signals = await moderator.moderate(clip(0.1, 0.9), signal);
    expect(signals.every(({ state }) => state === 'measured')).toBe(true);
    expect(stub.calls).toHaveLength(3);
  });

  it('is unable without frames, without a server, and after the deadline of the clip', async () => {
    const { moderator } = await start({ fault: () => 'silent' }, { deadlineMs: 80, timeoutMs: 60_000 });
    const started = Date.now();
    const late = await moderator.moderate(clip(0.1, 0.2), signal);
    expect(Date.now() - started).toBeLessThan(3000);
    const none = await moderator.moderate([], signal);
    expect((await moderator.moderate([{ timeS: NaN, jpeg: stubJpeg(0) }], signal))[0]?.state).toBe('unable');
    await stub?.close();
    const gone = await moderator.moderate(clip(0.1), signal);
    expect(gone[0]?.reason).toBe('The service cannot be reached.');
    for (const signals of [late, none, gone]) {
      expect(signals).toHaveLength(covers.length);
      for (const { state, score } of signals) expect([state, score]).toEqual(['unable', null]);
    }
    expect(none[0]?.reason).toBe('No frame could be looked at.');
  });

  it('is unable for a frame that is too large, without sending it', async () => {
    const { stub, moderator } = await start();
    const signals = await moderator.moderate([{ timeS: 0, jpeg: new Uint8Array(21 * 1024 * 1024) }], signal);
    expect(signals.every(({ state }) => state === 'unable')).toBe(true);
    expect(stub.calls).toHaveLength(0);
  });

  it("throws the caller's reason", async () => {
    const { moderator } = await start({ fault: () => 'silent' });
    const leave = new AbortController();
    const work = moderator.moderate(clip(0.1), leave.signal);
    setTimeout(() => leave.abort(new Error('gone')), 30);
    await expect(work).rejects.toThrow('gone');
    await expect(moderator.moderate(clip(0.1), leave.signal)).rejects.toThrow('gone');
  });
});

function base64(score: number): string {
  return Buffer.from(stubJpeg(score)).toString('base64');
}

describe('openAiImageModerator', () => {
  it('is unable when the service only reads text, whose zeros mean nothing', async () => {
    stub = await startStubRecognisers({ textOnly: true });
    const signals = await openAiImageModerator({ baseUrl: stub.url }).moderate(clip(0.9), signal);
    expect(signals.map(({ state }) => state)).toEqual(['unable', 'unable', 'unable', 'unable']);
  });

  it('never claims what is judged in text only', () => {
    const covered = new Set<string>([
      ...openAiImageModerator({ baseUrl: 'http://x' }).covers,
      ...azureImageModerator({ baseUrl: 'http://x' }).covers,
    ]);
    expect(CATEGORIES.filter((one) => !covered.has(one))).toContain('sexual_minors');
  });
});

describe('chooseFrames', () => {
  const frames = (count: number, hot: number[] = []) =>
    Array.from({ length: count }, (_, i) => ({ timeS: i, heat: hot.includes(i) ? 1 : 0.1 }));

  it('takes all when there are few, in order of time', () => {
    expect(chooseFrames([...frames(5)].reverse(), 8).map((f) => f.timeS)).toEqual([0, 1, 2, 3, 4]);
  });

  it('takes half evenly, first and last among them, and half by heat', () => {
    expect(chooseFrames(frames(31, [7, 8, 22]), 6).map((f) => f.timeS)).toEqual([0, 7, 8, 15, 22, 30]);
  });

  it('works at the edges', () => {
    expect(chooseFrames(frames(9, [4]), 2).map((f) => f.timeS)).toEqual([0, 4]);
    expect(chooseFrames(frames(9, [4]), 1).map((f) => f.timeS)).toEqual([4]);
    expect(chooseFrames(frames(9), 0)).toEqual([]);
    expect(chooseFrames(frames(9), 4)).toHaveLength(4);
  });
});
