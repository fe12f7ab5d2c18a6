import { Inspection, Signal, type BankMatch } from '#contracts';
import type { Transcriber } from '#engines/speech';
import { loadTextModel } from '#engines/text';
import type { ImageModerator } from '#platform/recognisers';
import { looked } from '../../../tests/support/looked.js';
import { Inspector, type InspectionServices } from './inspector.js';
import type { Looked, RunTask } from './tasks.js';

const transcriber = (transcribe: Transcriber['transcribe']): Transcriber => ({
  model: { name: 'test', version: '1' },
  transcribe,
});
const speaking = (seconds: number) => ({
  segments: [{ fromS: 1, toS: 1 + seconds, seconds, samples: new Float32Array(16_000) }],
  seconds,
  examinedS: 4,
});

function inspect(seen: Partial<Looked>, services: Partial<InspectionServices> = {}, timeoutMs = 10_000) {
  const asked: unknown[] = [];
  const run = ((_task: string, payload: unknown) => {
    asked.push(payload);
    return Promise.resolve(looked(seen));
  }) as unknown as RunTask;
  const inspector = new Inspector({
    ...{ run, textModel: () => loadTextModel(), transcriber: null, moderator: null },
    ...services,
  });
  return inspector.inspect('clip.mp4', { timeoutMs }).then((result) => ({ ...result, asked }));
}

const of = (signals: Signal[], detector: string) => signals.filter((signal) => signal.detector === detector);

describe('Inspector', () => {
  it('gives an inspection and signals that fit their contracts, and asks for no frames that nobody judges', async () => {
    const { inspection, signals, asked } = await inspect({});
    expect(Inspection.parse(inspection)).toEqual(inspection);
    for (const signal of signals) expect(Signal.parse(signal)).toEqual(signal);
    expect(asked).toEqual([{ path: 'clip.mp4', images: 0 }]);
    expect(inspection.speech.state).toBe('silent');
  });

  it('notes speech that nobody is configured to write down, with its seconds', async () => {
    const { inspection, signals } = await inspect({ speech: speaking(2.5) });
    expect(inspection.speech).toMatchObject({ state: 'unable', seconds: 2.5, utterances: [{ text: null }] });
    expect(of(signals, 'speech.transcript')[0]).toMatchObject({ state: 'unable' });
    expect(of(signals, 'speech.unheard')[0]).toMatchObject({
      state: 'measured',
      score: 0.25,
      at: { fromS: 1, toS: 3.5 },
    });
  });

  it('judges what was said', async () => {
    const said = transcriber(async () => ({ text: 'I will kill you and your whole family', language: 'en' }));
    const { inspection, signals } = await inspect({ speech: speaking(2.5) }, { transcriber: said });
    expect(inspection.speech).toMatchObject({
      state: 'heard',
      utterances: [{ text: expect.stringMatching(/kill/) as string }],
    });
    expect(of(signals, 'speech.unheard')).toEqual([]);
    const violence = [...of(signals, 'speech.linear'), ...of(signals, 'speech.rules')].filter(
      (s) => s.category === 'violence',
    );
    expect(Math.max(...violence.map((s) => s.score ?? 0))).toBeGreaterThan(0.5);
  });

  it.each([
    ['fails', async () => Promise.reject(new Error('down'))],
    ['never answers', () => new Promise<never>(() => undefined)],
  ])('is unable, never silent, when the transcriber %s', async (_what, transcribe) => {
    const { inspection, signals } = await inspect(
      { speech: speaking(3) },
      { transcriber: transcriber(transcribe) },
      500,
    );
    expect(inspection.speech.state).toBe('unable');
    expect(of(signals, 'speech.unheard')[0]?.score).toBeCloseTo(0.3, 6);
  });

  it('takes sound that could not be decoded for no silence', async () => {
    const { inspection, signals } = await inspect({ speech: { failed: 'damaged' } });
    expect(inspection.speech).toMatchObject({ state: 'unable', seconds: null });
    expect(of(signals, 'speech.sound')[0]).toMatchObject({
      state: 'unable',
      note: { fr: expect.any(String) as string },
    });
  });

  it('shows frames to a remote moderator and takes what it finds', async () => {
    const images = [{ timeS: 1, jpeg: new Uint8Array(3) }];
    const found: Signal = { ...looked().signals[0]!, detector: 'remote.test', score: 0.7 };
    const moderator: ImageModerator = {
      model: found.model,
      covers: ['sexual'],
      moderate: async (given) => (expect(given).toEqual(images), [found]),
    };
    const { signals, asked } = await inspect({ images }, { moderator });
    expect(asked).toEqual([{ path: 'clip.mp4', images: 8 }]);
    expect(of(signals, 'remote.test')[0]?.score).toBe(0.7);
  });

  it('gives each finding the still of its moment', async () => {
    const picture = { width: 4, height: 2, blurred: new Uint8Array(1), clear: new Uint8Array(1) };
    const stills = [
      { id: 'still_1', atS: 0.2, ...picture },
      { id: 'still_2', atS: 1.6, ...picture },
    ];
    const { signals, inspection } = await inspect({ stills });
    expect(of(signals, 'vision.nsfw')[0]?.still).toBe('still_2');
    expect(inspection.stills).toEqual([
      { id: 'still_1', atS: 0.2, width: 4, height: 2 },
      { id: 'still_2', atS: 1.6, width: 4, height: 2 },
    ]);
  });

  it('looks the fingerprint up where there are banks', async () => {
    const match = { atS: 1 } as BankMatch;
    const run = (async () => looked()) as unknown as RunTask;
    const inspector = new Inspector({ run, textModel: () => loadTextModel(), transcriber: null, moderator: null });
    const lookUp = async () => ({ matches: [match], signals: [] });
    expect((await inspector.inspect('x', { timeoutMs: 1000, lookUp })).inspection.matches).toEqual([match]);
  });
});
