import type { CaseKind, Category, QueuePurpose, RoutingRule, RoutingTest } from '#contracts';
import { CHILD_SAFETY } from '#platform/auth';

/** What rules look at. */
export interface Routed {
  kind: CaseKind;
  category: Category | null;
  language: string | null;
  tenantId: string;
  severity: number;
}

/** A queue as routing knows it. */
export interface RoutableQueue {
  id: string;
  purpose: QueuePurpose;
  isDefault: boolean;
}

/** Where a case goes, by which rule, and what each rule said. */
export interface Route {
  queueId: string;
  rule: string | null;
  steps: RoutingTest['steps'];
}

/** Why a rule does not fit a case; null when it does. */
function obstacle({ when }: Pick<RoutingRule, 'when'>, one: Routed): string | null {
  if (when.kinds && !when.kinds.includes(one.kind)) return `kind is ${one.kind}`;
  if (when.categories && !(one.category && when.categories.includes(one.category)))
    return `category is ${one.category ?? 'none'}`;
  if (when.languages && !(one.language && when.languages.includes(one.language)))
    return `language is ${one.language ?? 'unknown'}`;
  if (when.tenants && !when.tenants.includes(one.tenantId)) return `tenant is ${one.tenantId}`;
  if (when.min_severity && one.severity < when.min_severity) return `severity is ${one.severity}`;
  return null;
}

/**
 * The queue of a case: that of the first rule that fits, else the default one. What concerns children goes only to queues that
 * are kept for it, whatever a rule says.
 */
export function routeCase(rules: readonly RoutingRule[], queues: readonly RoutableQueue[], one: Routed): Route {
  const child = one.category !== null && CHILD_SAFETY.includes(one.category);
  const open = queues.filter(({ purpose }) => (purpose === 'child_safety') === child);
  const steps: Route['steps'] = [];
  for (const rule of rules) {
    const queue = open.find(({ id }) => id === rule.queue);
    const because = obstacle(rule, one) ?? (queue ? null : 'its queue does not take such cases');
    steps.push({ rule: rule.name, fits: because === null, because: because ?? 'every condition is met' });
    if (because === null) return { queueId: rule.queue, rule: rule.name, steps };
  }
  const usual = child ? open[0] : open.find(({ isDefault }) => isDefault);
  if (!usual) throw new Error('there is no default queue');
  return { queueId: usual.id, rule: null, steps };
}
