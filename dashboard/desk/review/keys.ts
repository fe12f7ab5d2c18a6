import type { CaseOutcome, Category } from '#contracts';

/** Key of each action. */
export const OUTCOME_KEYS: Readonly<Record<CaseOutcome, string>> = {
  release: 'a',
  release_limited: 'l',
  refuse: 'r',
  escalate: 'e',
  child_safety: 'c',
};

/** Key of each category, shown on the picker. */
export const CATEGORY_KEYS: Readonly<Record<Category, string>> = {
  sexual: 's',
  sexual_minors: 'm',
  violence: 'v',
  graphic_violence: 'g',
  hate: 'h',
  harassment: 'b',
  self_harm: 'f',
  illicit: 'd',
  political: 'p',
  likeness: 'k',
  copyright: 'y',
  extremism: 'x',
  other: 'o',
};

/** Limits of a release, as they are chosen. */
export interface Limits {
  label: boolean;
  age_gate: 13 | 16 | 18 | null;
  no_remix: boolean;
}

/** How far a decision is. */
export interface Flow {
  step: 'look' | 'limits' | 'category' | 'reason' | 'ready';
  outcome: CaseOutcome | null;
  limits: Limits;
  category: Category | null;
  /** What was chosen from the templates or written. */
  reason: string;
}

/** What the keys depend on. */
export interface Choices {
  /** What this reader may decide here; empty while the case is not theirs. */
  outcomes: readonly CaseOutcome[];
  /** The category that the detectors speak for. */
  suggested: Category;
  reasons: (outcome: CaseOutcome, category: Category) => readonly string[];
}

/** What happens besides the decision. */
export type Act =
  { do: 'submit' | 'play' | 'note' | 'undo' | 'help' | 'write' | 'back' | 'forward' } | { do: 'jump'; nth: number };

/** What a key leads to. `null` when it means nothing, and the browser may have it. */
export type Step = { flow: Flow; act?: Act } | null;

/** The beginning of a decision. */
export const START: Flow = {
  step: 'look',
  outcome: null,
  limits: { label: false, age_gate: 18, no_remix: false },
  category: null,
  reason: '',
};

const OUTCOMES = Object.entries(OUTCOME_KEYS) as [CaseOutcome, string][];
const CATEGORIES = Object.entries(CATEGORY_KEYS) as [Category, string][];

/** Any choice of an action, by key or pointer. A release with limits asks for them first. */
export function chooseOutcome(flow: Flow, outcome: CaseOutcome, { suggested }: Choices): Flow {
  return {
    ...flow,
    outcome,
    category: outcome === 'child_safety' ? 'sexual_minors' : suggested,
    step: outcome === 'release_limited' ? 'limits' : 'category',
    reason: '',
  };
}

/** A category, by key or pointer. The suggested reason is taken with it. */
export function chooseCategory(flow: Flow, category: Category, { reasons }: Choices): Flow {
  return { ...flow, category, step: 'reason', reason: reasons(flow.outcome!, category)[0] ?? '' };
}

/** True when at least one limit is chosen. */
export const limited = ({ label, age_gate, no_remix }: Limits) => label || age_gate !== null || no_remix;

const AGES = { '1': 13, '2': 16, '3': 18 } as const;

function onLimits(flow: Flow, key: string): Step {
  const { limits } = flow;
  const age = AGES[key as keyof typeof AGES];
  if (age) return { flow: { ...flow, limits: { ...limits, age_gate: limits.age_gate === age ? null : age } } };
  if (key === 'w') return { flow: { ...flow, limits: { ...limits, label: !limits.label } } };
  if (key === 'x') return { flow: { ...flow, limits: { ...limits, no_remix: !limits.no_remix } } };
  if (key === 'Enter') return { flow: limited(limits) ? { ...flow, step: 'category' } : flow };
  return null;
}

function onCategory(flow: Flow, key: string, choices: Choices): Step {
  if (key === 'Enter') return { flow: chooseCategory(flow, flow.category!, choices) };
  const category = CATEGORIES.find(([, letter]) => letter === key)?.[0];
  return category ? { flow: chooseCategory(flow, category, choices) } : null;
}

function onReason(flow: Flow, key: string, { reasons }: Choices): Step {
  if (key === 'Enter') return { flow: { ...flow, step: 'ready' } };
  if (key === 't') return { flow: { ...flow, step: 'ready' }, act: { do: 'write' } };
  const reason = reasons(flow.outcome!, flow.category!)[Number(key) - 1];
  return reason ? { flow: { ...flow, reason, step: 'ready' } } : null;
}

function onLook(flow: Flow, key: string, choices: Choices): Step {
  if (/^[1-9]$/.test(key)) return { flow, act: { do: 'jump', nth: Number(key) - 1 } };
  const outcome = OUTCOMES.find(([, letter]) => letter === key)?.[0];
  if (outcome) return choices.outcomes.includes(outcome) ? { flow: chooseOutcome(flow, outcome, choices) } : null;
  return null;
}

const ALWAYS: Readonly<Record<string, Act>> = {
  '?': { do: 'help' },
  ArrowLeft: { do: 'back' },
  ArrowRight: { do: 'forward' },
};
const WHILE_LOOKING: Readonly<Record<string, Act>> = { p: { do: 'play' }, n: { do: 'note' }, u: { do: 'undo' } };

const EARLIER = { limits: 'look', category: 'look', reason: 'category', ready: 'reason', look: 'look' } as const;

/** What one key does. Letters are small ones; keys held with Ctrl, Alt or Meta never come here. */
export function press(flow: Flow, key: string, choices: Choices): Step {
  if (ALWAYS[key]) return { flow, act: ALWAYS[key] };
  if (key === 'Escape') return flow.step === 'look' ? null : { flow: { ...flow, step: EARLIER[flow.step] } };
  switch (flow.step) {
    case 'look':
      return WHILE_LOOKING[key] ? { flow, act: WHILE_LOOKING[key] } : onLook(flow, key, choices);
    case 'limits':
      return onLimits(flow, key);
    case 'category':
      return onCategory(flow, key, choices);
    case 'reason':
      return onReason(flow, key, choices);
    case 'ready':
      if (key === 't') return { flow, act: { do: 'write' } };
      return key === 'Enter' ? { flow, act: { do: 'submit' } } : null;
  }
}
