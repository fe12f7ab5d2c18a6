import { plain } from '#kernel';
import type { Decision, Inspection, SpeechFinding } from '#contracts';
import type { Context } from '../context.js';
import { field } from '../terminal.js';
import type { Words } from '../words/index.js';

/** Entries of one kind that are shown; more would push the signals off the screen. */
const MOST = 12;

const second = (value: number) => value.toFixed(1);

function speechLines({ state, seconds, utterances }: SpeechFinding, { seen }: Words): string[] {
  if (state === 'silent') return [seen.silent];
  if (seconds === null) return [seen.soundUnable];
  const lost = utterances.filter(({ text }) => text === null);
  const lostS = lost.reduce((sum, { fromS, toS }) => sum + toS - fromS, 0);
  const heard = utterances.flatMap(({ text, fromS, toS }) =>
    text === null ? [] : [`${second(fromS)}–${second(toS)} s: ${plain(text, 300)}`],
  );
  return [...heard, ...(lost.length ? [seen.unheard(second(lostS))] : [])];
}

function faceLines(faces: Inspection['faces'], { seen }: Words): string[] {
  return faces.map(({ fromS, toS, widthPx, state, age }) => {
    const facts = [seen.face(second(fromS), second(toS), Math.round(widthPx))];
    if (age) facts.push(seen.age(Math.round(age.mean), Math.round(age.low), Math.round(age.high)));
    if (state === 'unable') facts.push(seen.faceUnable);
    return facts.join('; ');
  });
}

function textLines(texts: Inspection['texts'], { seen }: Words): string[] {
  return texts.map(({ text, kind, fromS, toS }) => {
    const note = kind === 'text' ? '' : ` (${seen.kinds[kind]})`;
    return `${second(fromS)}–${second(toS)} s: ${plain(text, 160)}${note}`;
  });
}

/** How well the pictures were covered, best first; what nothing looked at is named as such, never as clean. */
export function coverageLine(coverage: Decision['coverage'], words: Words): string {
  const levels = ['high', 'medium', 'low', 'none'] as const;
  const groups = levels.flatMap((level) => {
    const categories = Object.entries(coverage).filter(([, found]) => found === level);
    const names = categories.map(([category]) => words.categories[category as keyof typeof words.categories]);
    return names.length ? [`${words.signals.coverages[level]}: ${names.join(', ')}`] : [];
  });
  return groups.join(words.separator);
}

/** What was seen and heard in a clip besides scores. */
export function inspectionLines(inspection: Inspection, { words }: Context): string[] {
  const { seen } = words;
  const groups: [string, string[]][] = [
    [seen.faces, faceLines(inspection.faces, words)],
    [seen.texts, textLines(inspection.texts, words)],
    [seen.speech, speechLines(inspection.speech, words)],
    [
      seen.matches,
      inspection.matches.map(({ bank, distance, atS }) => seen.match(plain(bank.name, 60), distance, second(atS))),
    ],
    [seen.stills, inspection.stills.length ? [inspection.stills.map(({ id }) => id).join(', ')] : []],
  ];
  return groups.flatMap(([name, lines]) => lines.slice(0, MOST).map((line, i) => field(i === 0 ? name : '', line)));
}
