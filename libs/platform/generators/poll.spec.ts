import { startStubEngine, stubClip, type StubEngine } from '../../../tests/support/stub-engine.js';
import { GeneratorError, openAiVideosGenerator, pollUntilDone, type Generator } from './index.js';

const signal = new AbortController().signal;
const quick = { intervalMs: 5, deadlineMs: 5000, signal };
const req = { clipId: 'clip_1', prompt: 'a kite', seconds: 4, size: '720x1280', seed: '1', model: 'sora-2' } as const;

let stub: StubEngine;

beforeAll(async () => {
  stub = await startStubEngine({ profile: 'openai', clip: stubClip(), ticks: 8 });
});
afterAll(() => stub.close());

describe('pollUntilDone', () => {
  it('failures between good answers do not add up, and the wait that the engine asks for is kept', async () => {
    const generator = openAiVideosGenerator({
      name: 'engine',
      baseUrl: stub.url,
      profile: 'openai',
      allowPrivate: true,
    });
    const ref = await generator.create(req, signal);
    let asked = 0;
    const shaky: Generator = {
      ...generator,
      name: 'shaky',
      poll: async (...args) => {
        if (asked++ % 2 === 0) return generator.poll(...args);
        throw new GeneratorError('generator_unavailable', 'Passing.', 'shaky', { retryAfterS: 0.05 });
      },
    };
    const started = Date.now();
    expect((await pollUntilDone(shaky, ref, { ...quick, tolerance: 1 })).status).toBe('completed');
    expect(Date.now() - started).toBeGreaterThan(7 * 50);
  });
});
