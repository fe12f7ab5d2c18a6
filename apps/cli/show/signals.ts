import { plain } from '#kernel';
import Table from 'cli-table3';
import type { Signal } from '#contracts';
import type { Words } from '../words/index.js';

/** Scores below this say that nothing was found; the table leaves them out. */
const QUIET = 0.05;

/** A table that stays readable when it is copied: plain lines, no colours. */
export function table(head: string[], rows: string[][], colWidths?: (number | null)[]): string {
  const t = new Table({ head, style: { head: [], border: [] }, wordWrap: true, ...(colWidths && { colWidths }) });
  t.push(...rows);
  return t.toString();
}

function row(signal: Signal, words: Words): string[] {
  const w = words.signals;
  const { category, detector, source, state, score, coverage, at, reason, synthetic } = signal;
  const notes = [
    synthetic && w.synthetic,
    at && w.at(at.fromS.toFixed(1), at.toS.toFixed(1)),
    reason && plain(reason, 160),
  ];
  return [
    words.categories[category],
    plain(detector, 40),
    source,
    state === 'unable' ? w.unable : (score ?? 0).toFixed(2),
    w.coverages[coverage],
    notes.filter(Boolean).join('; '),
  ];
}

const weight = ({ state, score }: Signal) => (state === 'unable' ? 2 : (score ?? 0));

/** Signals as a table, what could not be judged first, then the strongest; the quiet ones are counted below it. */
export function signalsTable(signals: readonly Signal[], words: Words, { all = false } = {}): string {
  const w = words.signals;
  const sorted = [...signals].sort((a, b) => weight(b) - weight(a));
  const shown = all ? sorted : sorted.filter((signal) => weight(signal) >= QUIET || signal.synthetic);
  const lines = [];
  if (shown.length) {
    const head = [w.category, w.detector, w.source, w.score, w.coverage, w.note];
    lines.push(
      table(
        head,
        shown.map((signal) => row(signal, words)),
        [26, 24, 12, 11, 12, 34],
      ),
    );
  }
  if (shown.length < signals.length) lines.push(w.quiet(signals.length - shown.length));
  return lines.join('\n');
}
