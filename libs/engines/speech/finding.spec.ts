import { type ModelRef, Signal, SpeechFinding } from '#contracts';
import { AppError } from '#kernel';
import {
  assembleSpeech,
  noSoundTrack,
  type SpeechSegment,
  type SpeechSegments,
  speechSignals,
  transcribeAll,
  type Transcriber,
} from './index.js';

const vad: ModelRef = { name: 'silero-vad', version: '6.2' };
const segment = (fromS: number, seconds: number): SpeechSegment => ({
  fromS,
  toS: fromS + seconds + 0.3,
  seconds,
  samples: new Float32Array(1600),
});
const found = (...segments: SpeechSegment[]): SpeechSegments => ({
  segments,
  seconds: segments.reduce((sum, one) => sum + one.seconds, 0),
  examinedS: 10,
});
const two = found(segment(1, 2), segment(5, 1.5));

/** What is assembled must fit the contract. */
function assemble(...args: Parameters<typeof assembleSpeech>) {
  const finding = SpeechFinding.parse(assembleSpeech(...args));
  return { finding, signals: speechSignals(finding).map((one) => Signal.parse(one)) };
}

describe('assembleSpeech', () => {
  it('is heard when every utterance has words', () => {
    const { finding, signals } = assemble(two, [{ text: ' Good evening. ', language: 'en' }, { text: '晚安' }], [vad]);
    expect(finding).toEqual({
      state: 'heard',
      seconds: 3.5,
      utterances: [
        { fromS: 1, toS: 3.3, text: 'Good evening.', language: 'en' },
        { fromS: 5, toS: 6.8, text: '晚安' },
      ],
      models: [vad],
    });
    expect(signals).toEqual([]);
  });

  it('is silent when sound was examined and holds no speech, or there is no sound track', () => {
    expect(assemble(found(), [], [vad])).toMatchObject({ finding: { state: 'silent', seconds: 0 }, signals: [] });
    expect(speechSignals(noSoundTrack())).toEqual([]);
    expect(noSoundTrack().state).toBe('silent');
  });

  it('is unable when one utterance has no transcript, and says how much that is', () => {
    const { finding, signals } = assemble(two, [{ text: 'Good evening.' }, { failed: 'The service is out.' }], [vad]);
    expect(finding).toMatchObject({ state: 'unable', seconds: 3.5 });
    expect(finding.utterances.map(({ text }) => text)).toEqual(['Good evening.', null]);
    expect(finding.reason).toBe('1.5 s of 3.5 s of speech could not be transcribed: The service is out.');
    expect(signals).toEqual([
      {
        detector: 'speech.transcript',
        category: 'other',
        source: 'transcript',
        state: 'unable',
        score: null,
        reason: finding.reason,
        coverage: 'none',
        model: vad,
        at: { fromS: 5, toS: 6.8 },
      },
    ]);
  });

  it.each([
    ['blank', { text: '  ' }],
    ['marks only', { text: '…' }],
    ['a remark', { text: '[BLANK_AUDIO] (music) *sighs*' }],
  ])('does not take %s for a transcript', (_, heard) => {
    const { finding } = assemble(found(segment(1, 2)), [heard], [vad]);
    expect(finding).toMatchObject({ state: 'unable', utterances: [{ text: null }] });
  });

  it('is unable when nobody transcribed at all, or fewer answers came than utterances', () => {
    const none = assemble(two, { failed: 'No transcriber is configured.' }, [vad]).finding;
    expect(none.reason).toBe('3.5 s of 3.5 s of speech could not be transcribed: No transcriber is configured.');
    expect(assemble(two, [{ text: 'One.' }], [vad]).finding).toMatchObject({ state: 'unable', seconds: 3.5 });
    expect(assemble(two, [], []).signals[0]?.model.name).toBe('silero-vad');
  });

  it('is unable when the sound could not be examined, or there was none in the sound track', () => {
    expect(assemble({ failed: 'no model' }, [], []).finding).toMatchObject({ state: 'unable', seconds: null });
    const empty = { ...found(), examinedS: 0 };
    expect(assemble(empty, [], [vad])).toMatchObject({
      finding: { state: 'unable', seconds: null },
      signals: [{ state: 'unable', score: null }],
    });
  });
});

describe('transcribeAll', () => {
  const transcriber = (transcribe: Transcriber['transcribe']): Transcriber => ({ model: vad, transcribe });

  it('keeps order, and lets one failure stand alone', async () => {
    let asked = 0;
    const heard = await transcribeAll(
      [segment(0, 1), segment(2, 1), { ...segment(4, 1), samples: null }, segment(6, 1)],
      transcriber(async () => {
        const turn = asked++;
        await new Promise((done) => setTimeout(done, 30 - turn * 10));
        if (turn === 1) throw new AppError('unavailable', 'x', 'The service is out.');
        if (turn === 2) throw new Error('connect 10.0.0.1 failed');
        return { text: `word ${turn}` };
      }),
      { deadlineMs: 5000 },
    );
    expect(heard).toEqual([
      { text: 'word 0' },
      { failed: 'The service is out.' },
      { failed: 'there is more speech in this clip than can be transcribed' },
      { failed: 'An internal fault; the log of the service has the details.' },
    ]);
  });

  it('gives up after the deadline, even a transcriber that does not listen', async () => {
    const started = Date.now();
    const heard = await transcribeAll(
      [segment(0, 1), segment(2, 1), segment(4, 1)],
      transcriber(() => new Promise(() => undefined)),
      { deadlineMs: 60, concurrency: 1 },
    );
    expect(Date.now() - started).toBeLessThan(2000);
    expect(heard).toHaveLength(3);
    for (const one of heard) expect(one).toMatchObject({ failed: expect.stringContaining('60 ms') as string });
  });

  it("throws the caller's reason when the caller leaves", async () => {
    const leave = new AbortController();
    const work = transcribeAll(
      [segment(0, 1)],
      transcriber(() => new Promise(() => undefined)),
      { deadlineMs: 5000, signal: leave.signal },
    );
    leave.abort(new Error('gone'));
    await expect(work).rejects.toThrow('gone');
  });
});
