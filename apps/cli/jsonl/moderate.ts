import type { Category, Outcome } from '#contracts';
import { linesOf } from './lines.js';

/** What is said of one text. */
export interface Judgement {
  scores: Record<Category, number>;
  /** 0..1 */
  unsafe: number;
  decision: Outcome;
}

/** Judges one text; `kind` and `lang` as they stand in its line. */
export type Judge = (text: string, about: { kind?: string; lang?: string }) => Judgement;

/** Why a line could not be judged. */
export type LineFault = 'json' | 'object' | 'text' | 'kind' | 'lang' | 'long' | 'utf8';

/** What was done with a file. */
export interface JsonlTally {
  /** Lines that were judged. */
  lines: number;
  decisions: Record<Outcome, number>;
  /** Lines that could not be read; they are left out of the output. */
  bad: number;
}

/** Where lines come from and go to. */
export interface JsonlStreams {
  source: AsyncIterable<Uint8Array>;
  /** Takes whole lines, and resolves when it can take more. */
  write: (text: string) => Promise<void>;
  onFault: (line: number, fault: LineFault) => void;
}

const ADDED = ['scores', 'unsafe', 'decision'];

type Item = Record<string, unknown> & { text: string; kind?: string | null; lang?: string | null };

function read(line: string): Item | LineFault {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'json';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'object';
  const item = value as Record<string, unknown>;
  if (typeof item.text !== 'string') return 'text';
  for (const name of ['kind', 'lang'] as const) {
    const given = item[name];
    if (given !== undefined && given !== null && typeof given !== 'string') return name;
  }
  return item as Item;
}

/** The line with the judgement added. Its own fields stay as they were written, to the digit. */
function written(line: string, item: Item, judgement: Judgement): string {
  if (ADDED.some((name) => name in item)) return JSON.stringify({ ...item, ...judgement });
  const body = line.trim().slice(0, -1);
  return `${body},${JSON.stringify(judgement).slice(1)}`;
}

/**
 * Reads one JSON object a line, adds `scores`, `unsafe` and `decision`, and writes it. Streams: memory does not grow
 * with the file. Empty lines are skipped; what cannot be read is reported and left out.
 */
export async function moderateLines({ source, write, onFault }: JsonlStreams, judge: Judge): Promise<JsonlTally> {
  const tally: JsonlTally = { lines: 0, decisions: { allow: 0, hold: 0, refuse: 0 }, bad: 0 };
  const one = (line: string, number: number): string => {
    const item = read(line);
    if (typeof item === 'string') {
      tally.bad++;
      onFault(number, item);
      return '';
    }
    const judgement = judge(item.text, { kind: item.kind ?? undefined, lang: item.lang ?? undefined });
    tally.lines++;
    tally.decisions[judgement.decision]++;
    return `${written(line, item, judgement)}\n`;
  };
  for await (const lines of linesOf(source)) {
    let text = '';
    for (const line of lines) {
      if ('fault' in line) {
        tally.bad++;
        onFault(line.number, line.fault);
      } else if (line.text.trim() !== '') text += one(line.text, line.number);
    }
    if (text) await write(text);
  }
  return tally;
}
