import { plain } from '#kernel';
import type { ClipView, Decision } from '#contracts';
import type { Context } from '../context.js';
import { field } from '../terminal.js';
import { coverageLine, inspectionLines } from './inspection.js';
import { signalsTable, table } from './signals.js';

/** The decision that a clip's present state rests on. */
export function lastDecision({ decisions }: ClipView): Decision | undefined {
  return decisions.at(-1);
}

/** Why a clip is where it is, in one line. */
export function whyLine(clip: ClipView, { lang, words }: Context): string {
  if (clip.held_at === 'marks') return clip.error ? plain(clip.error.message, 300) : words.review.stages.marks;
  const reasons = lastDecision(clip)?.reasons ?? [];
  const [first] = reasons;
  if (!first) return '–';
  const score = first.score === null ? '' : ` ${first.score.toFixed(2)} ≥ ${first.threshold?.toFixed(2) ?? '–'}`;
  const synthetic = first.synthetic ? `, ${words.signals.synthetic}` : '';
  const note = first.note ? ` ${plain(first.note[lang], 300)}` : '';
  return `${first.text[lang]}${note} (${words.categories[first.category]}, ${plain(first.detector, 40)}${score}${synthetic})`;
}

const minute = (iso: string) => iso.slice(0, 16).replace('T', ' ');

/** Held clips as a table; numbered for picking. */
export function heldTable(clips: ClipView[], context: Context, numbered = false): string {
  const w = context.words.review;
  const rows = clips.map((clip, i) => [
    ...(numbered ? [String(i + 1)] : []),
    clip.id,
    minute(clip.updated_at),
    w.stages[clip.held_at ?? 'clip'],
    whyLine(clip, context),
    plain(clip.prompt, 90),
  ]);
  const head = [...(numbered ? ['#'] : []), w.table.id, w.table.since, w.table.at, w.table.why, w.table.prompt];
  return table(head, rows, [...(numbered ? [5] : []), 42, 18, 15, 32, 34]);
}

/** One clip with all that a decision needs. */
export function clipLines(clip: ClipView, context: Context): string[] {
  const { words } = context;
  const w = words.review;
  const f = w.fields;
  const { review, release, error } = clip;
  const decision = lastDecision(clip);
  const optional: [string, string | false | null | undefined][] = [
    [f.heldAt, clip.state === 'held' && clip.held_at && w.stages[clip.held_at]],
    [f.why, lastDecision(clip)?.reasons.length || clip.held_at === 'marks' ? whyLine(clip, context) : null],
    [f.maker, clip.maker && plain(clip.maker, 80)],
    [
      f.decided,
      review &&
        `${plain(review.outcome, 20)}, ${plain(review.category, 40)}: ${plain(review.reason, 400)} (${minute(review.at)})`,
    ],
    [f.statement, clip.statement_id],
    [f.release, release && `${release.id}, ${minute(release.released_at)}`],
    [f.fault, error && `${plain(error.code, 60)}: ${plain(error.message, 300)}`],
  ];
  return [
    field(f.clip, clip.id),
    field(f.state, w.states[clip.state]),
    field(f.prompt, plain(clip.prompt, 1000)),
    field(f.asked, `${clip.seconds} s, ${plain(clip.size, 20)}, ${plain(clip.model, 60)}`),
    field(f.audience, w.audiences[clip.audience]),
    ...optional.flatMap(([name, value]) => (value ? [field(name, value)] : [])),
    ...(decision ? [field(words.seen.coverage, coverageLine(decision.coverage, words))] : []),
    ...(clip.inspection ? inspectionLines(clip.inspection, context) : []),
    signalsTable(clip.signals, words),
  ];
}
