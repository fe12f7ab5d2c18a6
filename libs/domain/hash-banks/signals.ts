import type { BankKind, Category, Signal } from '#contracts';
import { FINGERPRINT_MODEL, SAME_DISTANCE } from '#engines/fingerprint';
import type { BankLookUp, ExactMatch, FoundMatch } from './matching.js';

/** Names of the detectors, by the kind of bank. Own releases are information and make no signal. */
export const BANK_DETECTORS = { block: 'fingerprint.block', reupload: 'fingerprint.reupload' } as const;
/** Told when a clip's pictures are too plain to be compared; the policy decides what that means. */
export const PLAIN_DETECTOR = 'fingerprint.plain';
type JudgingKind = keyof typeof BANK_DETECTORS;
const KINDS = Object.keys(BANK_DETECTORS) as JudgingKind[];

/**
 * Score of a match: `1 - distance / 64`. The same picture coded again (10 bits) is 0.84 or more; a candidate that a
 * person should compare (up to 31 bits) is 0.51 or more; nothing near is 0. It is no probability.
 */
export function bankScore(distance: number): number {
  return 1 - distance / 64;
}

/** Share of the seconds from which a clip counts as the refused one again; below, the score stays under a refusal. */
const WHOLE_SHARE = 0.5;
const PARTLY_SCORE = 0.8;

interface Finding {
  kind: BankKind;
  category: Category;
  score: number;
  reason: string;
  atS?: number;
}

function ofMatch({ bank, category, distance, share, atS }: FoundMatch): Finding {
  const sort = distance <= SAME_DISTANCE ? 'the same picture' : 'a near picture';
  const reason = `Bank "${bank.name}": ${sort}, ${distance} of 256 bits apart; ${Math.round(100 * share)} % of the seconds match.`;
  // One common second, a title card say, makes no copy of a clip that was refused: a person compares.
  const partly = bank.kind === 'reupload' && share < WHOLE_SHARE;
  const score = partly ? Math.min(bankScore(distance), PARTLY_SCORE) : bankScore(distance);
  return { kind: bank.kind, category: category ?? 'other', score, reason, atS };
}

function ofFile({ bank, category, algorithm }: ExactMatch): Finding {
  const reason = `Bank "${bank.name}": the very same file (${algorithm}).`;
  return { kind: bank.kind, category: category ?? 'other', score: 1, reason };
}

/**
 * Signals of what the banks say: for `fingerprint.block` and `fingerprint.reupload` the strongest match of each
 * category, or a score of 0 where nothing is near; `unable` of both when the banks could not tell.
 */
export function bankSignals(found: BankLookUp): Signal[] {
  const base = { source: 'fingerprint', model: { ...FINGERPRINT_MODEL } } as const;
  if (found.state === 'unable') {
    return KINDS.map((kind) => ({
      ...base,
      detector: BANK_DETECTORS[kind],
      category: 'other',
      state: 'unable',
      score: null,
      reason: found.reason,
      coverage: 'none',
    }));
  }
  const findings = [...found.matches.map(ofMatch), ...found.exact.map(ofFile)];
  const plain: Signal[] = found.plain
    ? [
        {
          ...base,
          detector: PLAIN_DETECTOR,
          category: 'other',
          state: 'unable',
          score: null,
          reason: 'The pictures are too plain to be told apart by their fingerprints.',
          coverage: 'none',
        },
      ]
    : [];
  return KINDS.flatMap((kind) => {
    const strongest = new Map<Category, Finding>();
    for (const finding of findings.filter((one) => one.kind === kind)) {
      const known = strongest.get(finding.category);
      if (!known || finding.score > known.score) strongest.set(finding.category, finding);
    }
    // Banks know what is in them and nothing else: a low coverage.
    const nothing: Finding = { kind, category: 'other', score: 0, reason: 'Nothing in the banks is near.' };
    return [...(strongest.size ? strongest.values() : [nothing])].map(({ category, score, reason, atS }): Signal => ({
      ...base,
      detector: BANK_DETECTORS[kind],
      category,
      state: 'measured',
      score,
      reason,
      coverage: 'low',
      ...(atS !== undefined && { at: { fromS: atS, toS: atS + 1 } }),
    }));
  }).concat(plain);
}
