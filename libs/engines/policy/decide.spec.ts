import fc from 'fast-check';
import { CATEGORIES, Decision, type Outcome, type Signal } from '#contracts';
import { decide, isChildSafety, loadPolicy } from './index.js';
import { anyAudience, anySignal, anyStage, DEFAULT_POLICY, signal } from '../../../tests/support/policy-signals.js';

const policy = loadPolicy(DEFAULT_POLICY);
const STRENGTH: Record<Outcome, number> = { allow: 0, hold: 1, refuse: 2 };
const adult = (...signals: Signal[]) => decide(policy, { stage: 'prompt', audience: 'adult', signals });
const teen = (...signals: Signal[]) => decide(policy, { stage: 'prompt', audience: 'teen', signals });

describe('decide', () => {
  it('allows what is below every threshold, and says how well each category was covered', () => {
    const decision = adult(signal({ score: 0.49 }), signal({ category: 'hate', coverage: 'low' }));
    expect(Decision.parse(decision)).toEqual(decision);
    expect(decision).toMatchObject({ outcome: 'allow', reasons: [], categories: [], policy: policy.ref });
    expect(Object.keys(decision.coverage)).toEqual([...CATEGORIES]);
    expect(decision.coverage).toMatchObject({ violence: 'medium', hate: 'low', sexual: 'none' });
  });

  it('holds and refuses at the thresholds and names rule, score and threshold', () => {
    expect(adult(signal({ score: 0.5 })).outcome).toBe('hold');
    const decision = adult(signal({ score: 0.75 }), signal({ category: 'hate', score: 0.6 }));
    expect(decision.outcome).toBe('refuse');
    expect(decision.categories).toEqual(['violence']);
    expect(decision.reasons).toEqual([
      expect.objectContaining({
        rule: 'violence.refuse',
        detector: 'text.linear',
        score: 0.75,
        threshold: 0.75,
        severity: 3,
      }),
      expect.objectContaining({ rule: 'hate.hold', outcome: 'hold', score: 0.6, threshold: 0.5 }),
    ]);
    expect(decision.reasons[0]?.text).toEqual(policy.taxonomy.violence.refuse);
  });

  it('is stricter with teens, and takes an unknown audience for one', () => {
    const doubtful = signal({ score: 0.4 });
    expect(adult(doubtful).outcome).toBe('allow');
    expect(teen(doubtful).outcome).toBe('hold');
    const unknown = decide(policy, { stage: 'prompt', audience: 'unknown' as 'teen', signals: [doubtful] });
    expect(unknown).toMatchObject({ outcome: 'hold', audience: 'teen' });
  });

  it('never refuses alone where the policy leaves it to people', () => {
    expect(adult(signal({ category: 'political', score: 1 })).outcome).toBe('hold');
    expect(adult(signal(), signal({ detector: 'text.rules', category: 'political', score: 0.95 })).outcome).toBe(
      'refuse',
    );
  });

  it('refuses sexualised minors from a low score on, and marks them', () => {
    const decision = adult(signal({ category: 'sexual_minors', score: 0.5 }), signal({ score: 0.99 }));
    expect(decision).toMatchObject({ outcome: 'refuse', categories: ['sexual_minors', 'violence'] });
    expect(isChildSafety(policy, decision)).toBe(true);
    expect(isChildSafety(policy, adult(signal({ score: 0.99 })))).toBe(false);
    const unable = signal({ category: 'sexual_minors', state: 'unable', score: null });
    expect(isChildSafety(policy, adult(unable))).toBe(false);
  });

  it('combines weak findings', () => {
    const minors = signal({ category: 'sexual_minors', score: 0.25 });
    expect(adult(minors).outcome).toBe('allow');
    const decision = adult(minors, signal({ category: 'sexual', score: 0.4 }));
    expect(decision).toMatchObject({ outcome: 'refuse', categories: ['sexual_minors'] });
    expect(decision.reasons[0]).toMatchObject({ rule: 'sexual_with_minors', score: 0.25, threshold: 0.25 });

    const doubtful = signal({ score: 0.35 });
    const reason = 'some_rule, disguised_writing 0.42';
    expect(adult(doubtful).outcome).toBe('allow');
    expect(adult({ ...doubtful, reason: 'not_disguised_writing' }).outcome).toBe('allow');
    expect(adult(signal({ reason })).outcome).toBe('allow');
    expect(adult({ ...doubtful, reason }).reasons).toEqual([
      expect.objectContaining({ rule: 'disguised_words', category: 'violence' }),
    ]);

    const rule = signal({ detector: 'text.rules', category: 'hate', score: 0.6 });
    expect(adult(rule, signal({ category: 'hate', score: 0.74 })).reasons[0]?.rule).toBe('rule_and_model_agree');
    expect(adult(rule, signal({ category: 'illicit', score: 0.74 })).outcome).toBe('hold');
  });

  it('holds when there is nothing to decide from, and when a required detector is missing or unable', () => {
    expect(adult()).toMatchObject({ outcome: 'hold', categories: ['other'] });
    expect(adult().reasons[0]).toMatchObject({
      rule: 'required.text.linear',
      score: null,
      text: policy.wording.unable,
    });
    expect(adult(signal({ detector: 'text.rules' })).outcome).toBe('hold');
    expect(adult(signal({ score: null })).outcome).toBe('hold');
    expect(adult(signal({ score: Number.NaN })).outcome).toBe('hold');
    const clip = (...signals: Signal[]) => decide(policy, { stage: 'clip', audience: 'adult', signals }).outcome;
    const frames = signal({ detector: 'vision.nsfw', category: 'sexual', source: 'frames' });
    const faces = signal({ detector: 'likeness.face', category: 'likeness', source: 'face', score: 0 });
    expect(clip(frames, faces)).toBe('allow');
    expect(clip(frames)).toBe('hold');
    expect(clip({ ...frames, source: 'reference' }, faces)).toBe('hold');
    expect(clip(frames, faces, { ...frames, state: 'unable', score: null })).toBe('hold');
  });

  it('gives one reason for a detector that was unable in every category', () => {
    const blind = CATEGORIES.map((category) =>
      signal({ detector: 'text.rules', category, state: 'unable', score: null }),
    );
    const decision = adult(signal(), ...blind);
    expect(decision.reasons).toEqual([expect.objectContaining({ rule: 'unable.text.rules', category: 'other' })]);
  });

  it('carries injected findings through as such, beside real ones', () => {
    const real = signal({ score: 0.6 });
    const decision = adult(real, { ...real, score: 0.9, synthetic: true }, { ...real, score: 0.55 });
    expect(decision.reasons.map(({ score, synthetic }) => [score, synthetic])).toEqual([
      [0.9, true],
      [0.6, undefined],
    ]);
  });
});

describe('decide, for any signals,', () => {
  const input = fc.record({ stage: anyStage, audience: anyAudience, signals: fc.array(anySignal, { maxLength: 12 }) });

  it('does not depend on their order and can be replayed from stored JSON', () => {
    const shuffled = input.chain((given) =>
      fc
        .shuffledSubarray(given.signals, { minLength: given.signals.length })
        .map((signals) => [given, { ...given, signals }] as const),
    );
    fc.assert(
      fc.property(shuffled, ([given, other]) => {
        const decision = decide(policy, given);
        expect(decide(policy, other)).toEqual(decision);
        const stored = JSON.parse(JSON.stringify(given)) as typeof given;
        expect(decide(loadedAgain, stored)).toEqual(decision);
        expect(Decision.parse(JSON.parse(JSON.stringify(decision)))).toEqual(decision);
      }),
      { numRuns: 300 },
    );
  });

  it('never gets milder when a score is raised, a signal is added by an unable one, or the audience is a teen', () => {
    const raised = fc.tuple(input, fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }));
    fc.assert(
      fc.property(raised, ([given, at, by]) => {
        const before = STRENGTH[decide(policy, given).outcome];
        const index = at % Math.max(1, given.signals.length);
        const higher = given.signals.map((one, i) =>
          i === index && one.score !== null ? { ...one, score: one.score + (1 - one.score) * by } : one,
        );
        expect(STRENGTH[decide(policy, { ...given, signals: higher }).outcome]).toBeGreaterThanOrEqual(before);
        const blind = signal({ state: 'unable', score: null });
        const more = decide(policy, { ...given, signals: [...given.signals, blind] }).outcome;
        expect(STRENGTH[more]).toBeGreaterThanOrEqual(Math.max(before, STRENGTH.hold));
        expect(STRENGTH[decide(policy, { ...given, audience: 'teen' }).outcome]).toBeGreaterThanOrEqual(before);
      }),
      { numRuns: 500 },
    );
  });

  it('explains every outcome by its first reason, and a measured child-safety reason is always a refusal', () => {
    fc.assert(
      fc.property(input, (given) => {
        const { outcome, reasons, categories } = decide(policy, given);
        expect(reasons[0]?.outcome ?? 'allow').toBe(outcome);
        expect(categories.length > 0).toBe(outcome !== 'allow');
        for (const reason of reasons) {
          if (reason.score === null) continue;
          expect(reason.score).toBeGreaterThanOrEqual(reason.threshold as number);
          if (reason.category === 'sexual_minors') expect(reason.outcome).toBe('refuse');
        }
      }),
      { numRuns: 300 },
    );
  });

  const loadedAgain = loadPolicy(DEFAULT_POLICY);
});

describe('a finished clip', () => {
  const frames = (overrides: Partial<Signal> = {}) =>
    signal({ detector: 'vision.nsfw', category: 'sexual', source: 'frames', ...overrides });
  const faces = signal({ detector: 'likeness.face', category: 'likeness', source: 'face', score: 0 });
  const judge = (signals: Signal[], asked: Signal[] = []) =>
    decide(policy, { stage: 'clip', audience: 'adult', signals: [frames(), faces, ...signals], asked });
  const doubtful = signal({ score: 0.4 });

  it('holds where no face was compared, and refuses a face of somebody who did not agree', () => {
    const bare = (signals: Signal[]) =>
      decide(policy, { stage: 'clip', audience: 'adult', signals: [frames(), ...signals] });
    expect(bare([])).toMatchObject({ outcome: 'hold', reasons: [{ rule: 'required.likeness.face' }] });
    expect(bare([{ ...faces, state: 'unable', score: null }]).outcome).toBe('hold');
    expect(bare([{ ...faces, score: 0.6 }])).toMatchObject({ outcome: 'hold', categories: ['likeness'] });
    expect(bare([{ ...faces, score: 1 }])).toMatchObject({ outcome: 'refuse', categories: ['likeness'] });
  });

  it('acts on no shadow signal, measured or unable, and counts it for coverage', () => {
    const shadow = signal({ detector: 'new.one', source: 'frames', score: 1, coverage: 'low', shadow: true });
    expect(judge([shadow])).toMatchObject({ outcome: 'allow', coverage: { violence: 'low' } });
    expect(judge([{ ...shadow, state: 'unable', score: null }]).outcome).toBe('allow');
    expect(judge([{ ...shadow, shadow: false }]).outcome).toBe('refuse');
  });

  it('takes words read in the clip for no coverage of its pictures', () => {
    const read = signal({ detector: 'ocr.linear', source: 'ocr', coverage: 'medium' });
    expect(judge([read]).coverage.violence).toBe('none');
  });

  it('holds where the words were doubtful and the pictures are covered thinly', () => {
    expect(judge([]).outcome).toBe('allow');
    expect(judge([], [signal({ score: 0.29 })]).outcome).toBe('allow');
    const held = judge([signal({ detector: 'vision.objects.blade', source: 'frames', coverage: 'low' })], [doubtful]);
    expect(held).toMatchObject({ outcome: 'hold', categories: ['violence'] });
    expect(held.reasons[0]).toMatchObject({ rule: 'doubtful_words_and_thin_coverage', score: 0.4, threshold: 0.3 });
    const remote = signal({ detector: 'remote.openai', source: 'frames', coverage: 'medium' });
    expect(judge([remote], [doubtful]).outcome).toBe('allow');
  });

  it('decides on the words asked for only once', () => {
    expect(judge([], [signal({ category: 'likeness', score: 0.99 })]).outcome).toBe('allow');
  });

  it('holds speech that nobody wrote down when the words name a person or quote, else notes it', () => {
    const unheard = (score: number) =>
      signal({ detector: 'speech.unheard', category: 'other', source: 'transcript', score });
    const named = signal({ detector: 'text.rules', category: 'likeness', score: 0.3 });
    const quoted = signal({ detector: 'prompt.quotes_speech', category: 'other', score: 1 });
    expect(judge([unheard(0.9)]).outcome).toBe('allow');
    expect(judge([unheard(0.19)], [named, quoted]).outcome).toBe('allow');
    expect(judge([unheard(0.25)], [named])).toMatchObject({ outcome: 'hold', categories: ['likeness'] });
    expect(judge([unheard(0.25)], [quoted])).toMatchObject({ outcome: 'hold', categories: ['other'] });
  });

  it('never acts on an apparent age, a blade or a mark alone', () => {
    const young = signal({ detector: 'face.apparent_minor', category: 'other', source: 'face', score: 0.99 });
    const weak = [
      signal({ detector: 'vision.objects.blade', source: 'frames', score: 0.99 }),
      signal({ detector: 'ocr.third_party_mark', category: 'copyright', source: 'ocr', score: 0.99 }),
    ];
    expect(judge([young]).outcome).toBe('allow');
    expect(judge(weak).outcome).toBe('allow');
    expect(judge([{ ...young, score: 0.45 }, frames({ score: 0.3 })])).toMatchObject({
      outcome: 'hold',
      categories: ['sexual'],
    });
    expect(judge(weak, [signal({ score: 0.25 })])).toMatchObject({ outcome: 'hold', categories: ['violence'] });
  });

  it.each([
    ['sexual', 'frames', 0.15],
    ['violence', 'frames', 0.3],
    ['graphic_violence', 'transcript', 0.3],
    ['self_harm', 'ocr', 0.3],
    ['illicit', 'frames', 0.3],
    ['extremism', 'frames', 0.3],
  ] as const)(
    'stops a clip for good when somebody looks under 18 beside a weak finding: %s',
    (category, source, score) => {
      const young = signal({ detector: 'face.apparent_minor', category: 'other', source: 'face', score: 0.5 });
      const weak = signal({ detector: 'anything', category, source, score });
      expect(judge([weak]).outcome).toBe('allow');
      const decision = judge([young, weak]);
      expect(decision).toMatchObject({ outcome: 'refuse' });
      expect(isChildSafety(policy, decision)).toBe(true);
      const asked = judge([young], [signal({ detector: 'text.linear', category, source: 'prompt', score: 0.25 })]);
      expect([asked.outcome, isChildSafety(policy, asked)]).toEqual(['refuse', true]);
      expect(
        judge([
          { ...young, score: 0.3 },
          { ...weak, score: score - 0.01 },
        ]).outcome,
      ).toBe('allow');
    },
  );

  it('tells people what exactly could not be examined', () => {
    const note = { en: 'The sound is damaged.', fr: 'Le son est endommagé.' };
    const unable = signal({
      detector: 'speech.finder',
      category: 'other',
      source: 'sound',
      state: 'unable',
      score: null,
    });
    expect(judge([{ ...unable, note }]).reasons[0]).toMatchObject({
      outcome: 'hold',
      note,
      rule: 'unable.speech.finder',
    });
  });
});
