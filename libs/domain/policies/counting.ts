import type { Audience, BacktestCell, BacktestResult, BacktestSample, Category, ClipFate, Reason } from '#contracts';
import { decide, type Policy } from '#engines/policy';
import type { DecisionRecord } from '#domain/gate';

/** Examples for each cell: of what changes, and of what stays. */
const SAMPLES = { changed: 5, same: 2 };
/** Examples of contradictions to people. */
const AGAINST = 50;

const FATES = { allow: 'release', hold: 'hold', refuse: 'refuse' } as const;
const STRENGTH: Record<ClipFate, number> = { release: 0, hold: 1, refuse: 2 };

/** What becomes of a clip by its decisions, and the first reason. */
interface Judged {
  fate: ClipFate;
  reason: Reason | null;
  category: Category | null;
}

/** A past clip as a back-test reads it. */
export interface PastClip {
  id: string;
  records: readonly DecisionRecord[];
  /** What a person decided, if one did. */
  person: 'release' | 'refuse' | null;
}

function judged(decisions: readonly DecisionRecord['decision'][]): Judged {
  return decisions
    .map(({ outcome, reasons, categories }) => ({
      ...{ fate: FATES[outcome], reason: reasons[0] ?? null, category: categories[0] ?? null },
    }))
    .reduce<Judged>((worst, one) => (STRENGTH[one.fate] > STRENGTH[worst.fate] ? one : worst), {
      ...{ fate: 'release', reason: null, category: null },
    });
}

/**
 * Decides about a past clip anew: on the signals of the last decision at each stage, as on the day.
 * @returns null when nothing was ever decided about it
 */
export function tryClip(policy: Policy, { id, records, person }: PastClip): BacktestSample | null {
  const last = [...new Map(records.map((record) => [record.decision.stage, record])).values()];
  const [first] = last;
  if (!first) return null;
  const decided = judged(last.map(({ decision }) => decision));
  const anew = last.map(({ decision: { stage, audience }, signals, asked }) =>
    decide(policy, { stage, audience, signals, ...(asked && { asked }) }),
  );
  const would = judged(anew);
  return {
    clip_id: id,
    category: would.category ?? decided.category,
    audience: first.decision.audience,
    decided: decided.fate,
    would: would.fate,
    person,
    decided_reason: decided.reason,
    would_reason: would.reason,
    words_only: !last.some(({ decision }) => decision.stage === 'clip'),
  };
}

/** A result in which nothing is counted yet. */
export function emptyResult(): BacktestResult {
  const none = () => ({ clips: 0, samples: [] });
  return {
    ...{ clips: 0, changed: 0, unreadable: 0, cells: [] },
    against_people: { would_release_refused: none(), would_refuse_released: none() },
  };
}

const keyOf = (one: { category: Category | null; audience: Audience; decided: ClipFate; would: ClipFate }) =>
  [one.category, one.audience, one.decided, one.would].join(' ');

/** Counts tried clips. It holds counts and a bounded number of examples, however many clips there are. */
export class BacktestCount {
  private readonly cells: Map<string, BacktestCell>;

  /** @param result where an interrupted count goes on */
  constructor(private readonly so: BacktestResult = emptyResult()) {
    this.cells = new Map(so.cells.map((cell) => [keyOf(cell), cell]));
  }

  /** Counts a clip. @param tried null when its signals could not be read */
  add(tried: BacktestSample | null): void {
    if (!tried) {
      this.so.unreadable++;
      return;
    }
    const { category, audience, decided, would, person } = tried;
    const changed = decided !== would;
    this.so.clips++;
    if (changed) this.so.changed++;
    const key = keyOf(tried);
    const cell: BacktestCell = this.cells.get(key) ?? {
      ...{ category, audience, decided, would },
      ...{ clips: 0, words_only: 0, people_released: 0, people_refused: 0, samples: [] },
    };
    this.cells.set(key, cell);
    cell.clips++;
    if (would === 'release' && tried.words_only) cell.words_only++;
    if (person === 'release') cell.people_released++;
    if (person === 'refuse') cell.people_refused++;
    if (cell.samples.length < (changed ? SAMPLES.changed : SAMPLES.same)) cell.samples.push(tried);
    const { would_release_refused: refused, would_refuse_released: released } = this.so.against_people;
    const list =
      person === 'refuse' && would === 'release'
        ? refused
        : person === 'release' && would === 'refuse'
          ? released
          : null;
    if (!list) return;
    list.clips++;
    if (list.samples.length < AGAINST) list.samples.push(tried);
  }

  /** The counts so far: what would let out what a person refused first, then what changes, then the largest. */
  result(): BacktestResult {
    const weight = (cell: BacktestCell) =>
      cell.would === 'release' && cell.people_refused ? 2 : cell.decided === cell.would ? 0 : 1;
    const cells = [...this.cells.values()].sort((a, b) => weight(b) - weight(a) || b.clips - a.clips);
    return { ...this.so, cells };
  }
}
