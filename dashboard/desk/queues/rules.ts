import type { RoutingRule } from '#contracts';

/** Moves one rule by so many places; past an end it stays there. */
export function moved(rules: readonly RoutingRule[], index: number, by: number): RoutingRule[] {
  const to = Math.min(rules.length - 1, Math.max(0, index + by));
  const result = [...rules];
  const [rule] = result.splice(index, 1);
  result.splice(to, 0, rule!);
  return result;
}

/** The same rules in the same order. */
export const sameRules = (a: readonly RoutingRule[], b: readonly RoutingRule[]) =>
  JSON.stringify(a) === JSON.stringify(b);
