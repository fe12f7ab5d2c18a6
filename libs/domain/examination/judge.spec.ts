import { Signal, type ScreenText } from '#contracts';
import { AppError } from '#kernel';
import { loadTextModel } from '#engines/text';
import { judgeScreenTexts, judgeUtterances } from './judge.js';

const model = () => loadTextModel();
const line = (text: string, fromS = 0): ScreenText => ({
  text,
  kind: 'text',
  fromS,
  toS: fromS + 2,
  frames: 4,
  confidence: 0.9,
  box: { x: 0.1, y: 0.8, width: 0.5, height: 0.05 },
});
const of = (signals: Signal[], detector: string, category: Signal['category']) =>
  signals.find((s) => s.detector === detector && s.category === category);

describe('words found in a clip', () => {
  it('says nothing without words, or where there are only signs', () => {
    expect(judgeScreenTexts([], model)).toEqual([]);
    expect(judgeScreenTexts([line('--'), line('...'), line('♪')], model)).toEqual([]);
    expect(judgeUtterances([{ fromS: 0, toS: 3, text: null }], model)).toEqual([]);
  });

  it('keeps the strongest line of each category with its second and place', () => {
    const signals = judgeScreenTexts(
      [line('Fresh bread every morning'), line('Kill all of them, they are vermin', 4)],
      model,
    );
    for (const signal of signals) expect(Signal.parse(signal)).toEqual(signal);
    const hate = of(signals, 'ocr.linear', 'hate')!;
    expect(hate).toMatchObject({ source: 'ocr', state: 'measured', at: { fromS: 4 }, box: { y: 0.8 } });
    expect(hate.score).toBeGreaterThan(
      of(judgeScreenTexts([line('Fresh bread every morning')], model), 'ocr.linear', 'hate')!.score!,
    );
  });

  it('reads digits that are a code word beside other lines', () => {
    const apart = judgeScreenTexts([line('white sky above'), line('1488', 3)], model);
    expect(of(apart, 'ocr.rules', 'extremism')!.score).toBeGreaterThan(0.5);
  });

  it('reads a sentence that is spread over captions', () => {
    const parts = ['how to build', 'a pipe bomb', 'at home'];
    const whole = judgeUtterances(
      parts.map((text, i) => ({ fromS: i, toS: i + 1, text })),
      model,
    );
    const alone = parts.map((text) => judgeUtterances([{ fromS: 0, toS: 1, text }], model));
    const score = (signals: Signal[]) =>
      Math.max(of(signals, 'speech.linear', 'illicit')!.score!, of(signals, 'speech.rules', 'illicit')!.score!);
    expect(score(whole)).toBeGreaterThan(Math.max(...alone.map(score)) - 1e-9);
    expect(score(whole)).toBeGreaterThan(0.5);
  });

  it('is unable, never silent, when the model does not load', () => {
    const broken = () => {
      throw new AppError('internal', 'model_missing', 'no weights');
    };
    const signals = judgeScreenTexts([line('Fresh bread')], broken);
    expect(signals.length).toBeGreaterThan(0);
    expect(
      signals.every((s) => s.state === 'unable' && s.detector.startsWith('ocr.') && s.reason === 'no weights'),
    ).toBe(true);
  });
});
