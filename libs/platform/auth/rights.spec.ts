import { CATEGORIES, STAFF_ACTIONS, STAFF_ROLES, type Category, type StaffAction, type StaffRole } from '#contracts';
import { allowedActions, assertMay, mayAnywhere, mayDo, reachOf, type Place, type Rights } from './rights.js';

/**
 * Said a second time, so that a change of the table is made knowingly. A letter for each of reviewer, senior,
 * child_safety, policy, auditor, admin: `.` never; `c` cases that are no child-safety cases, in own queues and of own
 * tenants; `r` the same in every queue; `s` child-safety cases, in own queues and of own tenants; `t` own tenants;
 * `w` whoever has no tenants of their own; `*` always.
 */
const EXPECTED: Record<StaffAction, string> = {
  'session.own': '******',
  'shift.read': '******',
  'case.list': 'ccsrr.',
  'case.read': 'ccsrr.',
  'case.watch': 'ccs...',
  'case.take': 'ccs...',
  'case.note': 'ccs...',
  'case.decide': 'ccs...',
  'case.second': 'ccs...',
  'case.arbitrate': '.cs...',
  'case.release_severe': '.cs...',
  'queue.read': '******',
  'queue.edit': '.w...w',
  'routing.read': '.*.***',
  'routing.edit': '.w.w.w',
  'policy.read': '******',
  'policy.draft': '...w..',
  'policy.test': '...w..',
  'policy.approve': '.w.w..',
  'policy.publish': '...w..',
  'account.read': 'ttt.t.',
  'account.act': '.tt...',
  'likeness.read': 'ttt.t.',
  'register.read': '.t.tt.',
  'register.review': '.t....',
  'appeal.read': 'ccsrr.',
  'appeal.decide': 'ccs...',
  'statement.read': 'ttttt.',
  'child_safety.read': '..t...',
  'child_safety.view': '..t...',
  'child_safety.decide': '..t...',
  'child_safety.send': '..t...',
  'quality.read': '.*.***',
  'golden.edit': '.w.w..',
  'audit.read': '....tt',
  'audit.export': '....t.',
  'staff.read': '....**',
  'staff.edit': '.....w',
  'key.read': '....tt',
  'key.edit': '.....t',
  'webhook.read': '....tt',
  'webhook.edit': '.....t',
  'settings.read': '...***',
  'settings.edit': '.....w',
};

const QUEUES = [undefined, null, 'mine', 'theirs'];
const TENANTS = [undefined, null, 'mine', 'theirs'];
const KINDS: (Category | null | undefined)[] = [undefined, null, ...CATEGORIES];
const LIMITS: Omit<Rights, 'roles'>[] = [];
for (const queues of [null, [], ['mine']])
  for (const tenants of [null, [], ['mine']])
    for (const categories of [null, [], ['hate', 'sexual_minors'] as Category[]])
      LIMITS.push({ queues, tenants, categories });

/** The answer by the letter, written without the table. */
function expected(letter: string, limits: Omit<Rights, 'roles'>, place: Place): boolean {
  const tenantFits = limits.tenants === null || (place.tenantId === 'mine' && limits.tenants.includes('mine'));
  if (letter === '.') return false;
  if (letter === '*') return true;
  if (letter === 'w') return limits.tenants === null;
  if (letter === 't') return tenantFits;
  const queueFits =
    letter === 'r' || limits.queues === null || (place.queueId === 'mine' && limits.queues.includes('mine'));
  const { category } = place;
  if (category === undefined) return false;
  const minors = category === 'sexual_minors';
  const categoryFits =
    minors === (letter === 's') &&
    (limits.categories === null || (category !== null && limits.categories.includes(category)));
  return tenantFits && queueFits && categoryFits;
}

it('names every action and every role', () => {
  expect(Object.keys(EXPECTED)).toEqual([...STAFF_ACTIONS]);
  expect(Object.values(EXPECTED).every((letters) => letters.length === STAFF_ROLES.length)).toBe(true);
});

it.each([...STAFF_ACTIONS])('%s is allowed in exactly the cells that it should be', (action) => {
  const wrong: unknown[] = [];
  STAFF_ROLES.forEach((role, i) => {
    for (const limits of LIMITS)
      for (const queueId of QUEUES)
        for (const tenantId of TENANTS)
          for (const category of KINDS) {
            const place = { queueId, tenantId, category };
            const should = expected(EXPECTED[action][i]!, limits, place);
            if (mayDo({ roles: [role], ...limits }, action, place) !== should)
              wrong.push({ role, limits, place, should });
          }
  });
  expect(wrong.slice(0, 3)).toEqual([]);
});

const whole = { queues: null, tenants: null, categories: null };

it('two roles add up, and a child-safety case stays with the one that is trained for it', () => {
  const both: Rights = { ...whole, roles: ['senior', 'child_safety'] };
  expect(mayDo(both, 'case.take', { category: 'sexual_minors' })).toBe(true);
  expect(mayDo(both, 'case.take', { category: 'hate' })).toBe(true);
  const rest: StaffRole[] = STAFF_ROLES.filter((role) => role !== 'child_safety');
  expect(mayDo({ ...whole, roles: rest }, 'case.read', { category: 'sexual_minors' })).toBe(false);
});

it('a place that is not fully known is refused wherever a limit would look at it', () => {
  const limited: Rights = { roles: ['reviewer'], queues: ['a'], tenants: ['t'], categories: null };
  expect(mayDo(limited, 'case.take', { queueId: 'a', tenantId: 't', category: null })).toBe(true);
  expect(mayDo(limited, 'case.take', { queueId: 'a', category: null })).toBe(false);
  expect(mayDo(limited, 'case.take', { tenantId: 't', category: null })).toBe(false);
  expect(mayDo(limited, 'case.take', { queueId: 'a', tenantId: 't' })).toBe(false);
  expect(() => assertMay(limited, 'case.take')).toThrow(expect.objectContaining({ code: 'not_allowed' }) as Error);
});

it('somebody without a role may do nothing, and lists reach no further than single things', () => {
  expect(allowedActions({ ...whole, roles: [] })).toEqual([]);
  expect(mayAnywhere({ ...whole, roles: ['admin'] }, 'case.decide')).toBe(false);
  const reviewer: Rights = { roles: ['reviewer'], queues: ['a', 'b'], tenants: null, categories: ['hate'] };
  expect(reachOf(reviewer, 'case.list')).toEqual([
    { queues: ['a', 'b'], categories: ['hate'], uncategorised: false, tenants: null },
  ]);
});
