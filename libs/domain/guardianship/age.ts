import type { AgeBand, AgeStanding, AgeStateKind, Audience } from '#contracts';

/** One thing that was learnt of an age. All numbers null: a declaration was taken back. */
export interface AgeFact {
  state: AgeStateKind;
  birthYear: number | null;
  /** Ages in years at `at`. */
  low: number | null;
  high: number | null;
  at: Date;
}

/** What is believed of an age, and on what kind of evidence. */
export interface AgeFinding {
  band: AgeBand;
  state: AgeStanding;
}

type Known = Exclude<AgeBand, 'unknown'>;

const YEAR_MS = 365.25 * 24 * 3600_000;

function bandOfYears(youngest: number, middle: number): Known {
  if (middle < 13) return 'under13';
  return youngest >= 18 ? 'adult' : 'teen';
}

/**
 * What one fact says at a moment, or null for a declaration taken back. Of a birth year the youngest possible age counts;
 * of a range, its lower end for adulthood, and its middle for being under 13.
 */
function bandAt({ birthYear, low, high, at }: AgeFact, now: Date): Known | null {
  if (birthYear !== null) {
    const youngest = now.getUTCFullYear() - birthYear - 1; // the birthday may still be ahead
    return bandOfYears(youngest, youngest);
  }
  if (low === null || high === null) return null;
  const passed = Math.floor((now.getTime() - at.getTime()) / YEAR_MS);
  return bandOfYears(low + passed, (low + high) / 2 + passed);
}

const YOUNGEST_FIRST = ['under13', 'teen', 'adult'] as const satisfies readonly Known[];

/**
 * The band by the strongest evidence:
 * - the last verification decides, unless a sign of under 13 came after it;
 * - without one, any sign of under 13 decides;
 * - else estimates before declarations, and of several of a kind the youngest: whoever was found a teen needs stronger
 *   evidence to be an adult, not another claim;
 * - since a guardian looks after a maker, only a verification makes an adult of them, or the passing of time.
 * @param facts oldest first
 * @param guardedSince when the oldest living link to a guardian became active
 */
export function ageOf(facts: readonly AgeFact[], now: Date, guardedSince: Date | null = null): AgeFinding {
  const verifiedAt = facts.findLastIndex(({ state }) => state === 'verified');
  const child = facts.find((fact, i) => i > verifiedAt && fact.state !== 'verified' && bandAt(fact, now) === 'under13');
  if (child) return { band: 'under13', state: child.state };
  const verified = facts[verifiedAt];
  if (verified) return { band: bandAt(verified, now) ?? 'unknown', state: 'verified' };
  const claimedSince = (fact: AgeFact) =>
    guardedSince !== null && fact.at >= guardedSince && bandAt(fact, fact.at) === 'adult';
  const takenBack = facts.findLastIndex((fact) => bandAt(fact, now) === null);
  const counts = (fact: AgeFact, i: number) =>
    !claimedSince(fact) && !(fact.state === 'declared' && i < takenBack && bandAt(fact, now) === 'adult');
  for (const state of ['estimated', 'declared'] as const) {
    const bands = facts.filter((fact, i) => fact.state === state && counts(fact, i)).map((fact) => bandAt(fact, now));
    const band = YOUNGEST_FIRST.find((one) => bands.includes(one));
    if (band) return { band, state };
  }
  return { band: 'unknown', state: 'unknown' };
}

/** Which set of the policy's thresholds counts for a band: an unknown age is treated as teen. */
export function audienceOf(band: AgeBand): Audience {
  return band === 'adult' ? 'adult' : 'teen';
}

/** Which rules of the policy count for a band. */
export function ruleBandOf(band: AgeBand): 'child' | 'teen' | 'adult' {
  if (band === 'under13') return 'child';
  return band === 'adult' ? 'adult' : 'teen';
}
