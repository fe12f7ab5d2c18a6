import { shownMessage } from '#kernel';
import type { FrameBox, ScreenText, Signal, Utterance } from '#contracts';
import { classifyText, textSignals, unableTextSignals, type TextModel } from '#engines/text';

/** Words with their place in the clip. */
interface Passage {
  text: string;
  fromS: number;
  toS: number;
  box?: FrameBox;
}

/** Detector names of words found in a clip: the policy has thresholds of their own for them. */
const FAMILY = { ocr: 'ocr', transcript: 'speech' } as const;

type Found = keyof typeof FAMILY;

function renamed(signals: Signal[], found: Found): Signal[] {
  return signals.map((signal) => ({ ...signal, detector: signal.detector.replace(/^text/, FAMILY[found]) }));
}

function placed(signal: Signal, { fromS, toS, box }: Passage): Signal {
  return { ...signal, at: { fromS, toS }, ...(box && { box }) };
}

/** What all passages say one after another: a sentence may be spread over several captions or breaths. */
function joined(passages: readonly Passage[]): Passage[] {
  if (passages.length < 2) return [];
  const fromS = Math.min(...passages.map((p) => p.fromS));
  const toS = Math.max(...passages.map((p) => p.toS));
  return [{ text: passages.map((p) => p.text).join('\n'), fromS, toS }];
}

function judge(passages: readonly Passage[], found: Found, textModel: () => TextModel): Signal[] {
  // Digits can be a code word, and two letters a word: only what holds neither is passed over.
  const readable = passages.filter(({ text }) => /[\p{L}\p{N}]/u.test(text));
  if (readable.length === 0) return [];
  try {
    const model = textModel();
    const strongest = new Map<string, Signal>();
    for (const passage of [...readable, ...joined(readable)]) {
      const verdict = classifyText(model, passage.text, { kind: found === 'ocr' ? 'caption' : 'social' });
      for (const signal of textSignals(verdict, found, model.ref)) {
        const key = `${signal.detector} ${signal.category}`;
        // The single passage is kept when the whole says no more: it names the second.
        if ((strongest.get(key)?.score ?? -1) < signal.score!) strongest.set(key, placed(signal, passage));
      }
    }
    return renamed([...strongest.values()], found);
  } catch (e) {
    return renamed(unableTextSignals(shownMessage(e), found), found);
  }
}

/** What the words on the screen mean: the strongest line per detector and category, none without words. Never throws. */
export function judgeScreenTexts(texts: readonly ScreenText[], textModel: () => TextModel): Signal[] {
  const order = [...texts].sort((a, b) => a.fromS - b.fromS || a.box.y - b.box.y);
  return judge(order, 'ocr', textModel);
}

/** What the spoken words mean: the strongest utterance per detector and category, none without words. Never throws. */
export function judgeUtterances(utterances: readonly Utterance[], textModel: () => TextModel): Signal[] {
  const spoken = utterances.flatMap(({ text, fromS, toS }) => (text === null ? [] : [{ text, fromS, toS }]));
  return judge(spoken, 'transcript', textModel);
}
