import type { CaseKind, Category, RoutingRule } from '#contracts';

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

/** Words apart by commas or spaces. */
const listOf = (text: string) => text.split(/[\s,;]+/).filter(Boolean);

/** A rule as its form holds it. */
interface RuleFields {
  id?: string;
  name: string;
  queue: string;
  kinds: CaseKind[];
  categories: Category[];
  languages: string;
  tenants: string;
  severity: string;
}

/** The rule of a form. What is left empty is not asked for. */
export function ruleOf({ id, name, queue, kinds, categories, languages, tenants, severity }: RuleFields): RoutingRule {
  return {
    ...(id && { id }),
    ...{ name: name.trim(), queue },
    when: {
      ...(kinds.length > 0 && { kinds }),
      ...(categories.length > 0 && { categories }),
      ...(languages.trim() && { languages: listOf(languages) }),
      ...(tenants.trim() && { tenants: listOf(tenants) }),
      ...(severity && { min_severity: Number(severity) }),
    },
  };
}
