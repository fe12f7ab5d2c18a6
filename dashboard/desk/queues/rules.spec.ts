import type { RoutingRule } from '#contracts';
import { moved, ruleOf, sameRules } from './rules.js';

const rules: RoutingRule[] = ['a', 'b', 'c'].map((name) => ({ name, when: {}, queue: 'q' }));
const names = (list: RoutingRule[]) => list.map(({ name }) => name).join('');

it.each([
  [0, 1, 'bac'],
  [2, -1, 'acb'],
  [0, 9, 'bca'],
  [2, -9, 'cab'],
  [0, -1, 'abc'],
])('rule %d moved by %d: %s', (index, by, result) => {
  expect(names(moved(rules, index, by))).toBe(result);
  expect(names(rules)).toBe('abc');
});

it('another order is a change', () => {
  expect(sameRules(rules, moved(rules, 0, -1))).toBe(true);
  expect(sameRules(rules, moved(rules, 0, 1))).toBe(false);
});

it('what is left empty in the form is not asked for', () => {
  const empty = { name: ' a ', queue: 'q', kinds: [], categories: [], languages: ' ', tenants: '', severity: '' };
  expect(ruleOf(empty)).toEqual({ name: 'a', queue: 'q', when: {} });
  expect(ruleOf({ ...empty, id: 'r', kinds: ['hold'], languages: 'en, fr;de', severity: '3' })).toEqual({
    ...{ id: 'r', name: 'a', queue: 'q' },
    when: { kinds: ['hold'], languages: ['en', 'fr', 'de'], min_severity: 3 },
  });
});
