import { Inspection, type Category, type Decision, type Reason } from '#contracts';
import { readDecisions } from '#domain/gate';
import { isChildSafety, type Policy } from '#engines/policy';
import { CHILD_SAFETY } from '#platform/auth';
import type { Clip } from '#platform/database';

/** From this severity on, two people read a case. */
export const SEVERE = 4;
/** What a check that could not be made counts at most, and what has no category at all. */
const UNABLE_SEVERITY = 3;
const PLAIN_SEVERITY = 2;
const TITLE = 120;

/** What a case is filed under. */
export interface CaseFacts {
  category: Category | null;
  severity: number;
  /** Two people read it: the policy calls its category severe, and something was measured. */
  severe: boolean;
  language: string | null;
  /** 1..2. */
  doubt: number;
}

/** The decision that stopped a clip where it was stopped; later ones are of later stages. */
export function stoppingDecision(clip: Pick<Clip, 'decisions'>, heldAt: string | null): Decision | null {
  const all = readDecisions(clip.decisions).map(({ decision }) => decision);
  const stage = heldAt === 'prompt' ? 'prompt' : 'clip';
  return all.filter((one) => one.stage === stage).at(-1) ?? all.at(-1) ?? null;
}

/** What somebody has to look at first: what was measured before what could not be, then the gravest. */
function leading(reasons: readonly Reason[]): Reason | undefined {
  const measured = reasons.filter(({ score }) => score !== null);
  if (measured.length) return measured.toSorted((a, b) => b.severity - a.severity)[0];
  return reasons.find(({ category }) => !CHILD_SAFETY.includes(category));
}

function languageOf(clip: Pick<Clip, 'inspection'>): string | null {
  if (!clip.inspection) return null;
  const spoken = Inspection.parse(clip.inspection).speech.utterances.find(({ language }) => language);
  return spoken?.language?.split('-')[0]?.toLowerCase() ?? null;
}

/** What is known of a clip for filing its case. A clip that is held for its marks has no category. */
export function factsOf(clip: Clip, policies: readonly Policy[]): CaseFacts {
  const language = languageOf(clip);
  const doubt = 1 + Math.min(Math.max(clip.priority, 0), 1);
  const decision = clip.heldAt === 'marks' ? null : stoppingDecision(clip, clip.heldAt);
  if (decision && policies.some((policy) => isChildSafety(policy, decision)))
    return { category: 'sexual_minors', severity: 5, severe: true, language, doubt };
  const first = decision && leading(decision.reasons);
  if (!first) return { category: null, severity: PLAIN_SEVERITY, severe: false, language, doubt };
  const severity = first.score === null ? Math.min(first.severity, UNABLE_SEVERITY) : first.severity;
  return { category: first.category, severity, severe: severity >= SEVERE, language, doubt };
}

/** The beginning of a prompt, for lists. */
export function titleOf(prompt: string): string {
  const line = prompt.replace(/\s+/g, ' ').trim();
  return line.length > TITLE ? `${line.slice(0, TITLE - 1)}…` : line;
}
