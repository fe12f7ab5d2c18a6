import { CATEGORIES, STAFF_ACTIONS, type Category, type Locale, type StaffAction, type StaffRole } from '#contracts';
import { AuthError } from './keys.js';

/** A member of staff who is signed in, as of this request. */
export interface StaffCaller {
  id: string;
  name: string;
  roles: readonly StaffRole[];
  /** Queues, categories and tenants that they are limited to; null is no limit. */
  queues: readonly string[] | null;
  categories: readonly Category[] | null;
  tenants: readonly string[] | null;
  sessionId: string;
  locale: Locale;
}

/** What rights are judged by. */
export type Rights = Pick<StaffCaller, 'roles' | 'queues' | 'categories' | 'tenants'>;

/**
 * Where something is to be done. Null says that there is none (a case without a category, a queue of no case);
 * what is left out is not known, and is refused wherever a limit would have to look at it.
 */
export interface Place {
  queueId?: string | null;
  category?: Category | null;
  tenantId?: string | null;
}

/** One way to be allowed an action. */
export interface Right {
  roles: readonly StaffRole[];
  /** Only in queues that the person is limited to, if they are. */
  queue?: 'own';
  /** Only on such cases; a case without a category is no child-safety case. */
  category?: 'child_safety' | 'not_child_safety';
  /** `own`: only for tenants that the person is limited to, if they are. `whole`: concerns every tenant, so nobody who is limited. */
  tenant?: 'own' | 'whole';
}

/** Categories that only those trained for it may see. */
export const CHILD_SAFETY: readonly Category[] = ['sexual_minors'];

const EVERYBODY = ['reviewer', 'senior', 'child_safety', 'policy', 'auditor', 'admin'] as const;
const READERS = ['reviewer', 'senior'] as const;

/** Work on cases: usual ones for readers, child-safety ones for those trained for it. */
const onCases = (usual: readonly StaffRole[], childSafety = true): Right[] => [
  { roles: usual, queue: 'own', category: 'not_child_safety', tenant: 'own' },
  ...(childSafety
    ? [{ roles: ['child_safety'], queue: 'own', category: 'child_safety', tenant: 'own' } satisfies Right]
    : []),
];
const ofTenants = (...roles: StaffRole[]): Right[] => [{ roles, tenant: 'own' }];
const ofAll = (...roles: StaffRole[]): Right[] => [{ roles, tenant: 'whole' }];
const anywhere = (...roles: StaffRole[]): Right[] => [{ roles }];

/**
 * Who may do what: the one table of it. An action is allowed when one of its rights fits; no line, no right. It is
 * asked by {@link assertMay} in the service layer, and by the route's guard for the role alone.
 *
 * - Admins run the place and decide no case: whoever gives rights does not use them unseen.
 * - Auditors read and change nothing.
 * - Child-safety cases are for `child_safety` alone, whatever else a person is.
 */
export const RIGHTS: Readonly<Record<StaffAction, readonly Right[]>> = {
  'session.own': anywhere(...EVERYBODY),
  'shift.read': anywhere(...EVERYBODY),
  'case.list': [
    ...onCases([...READERS]),
    { roles: ['policy', 'auditor'], category: 'not_child_safety', tenant: 'own' },
  ],
  'case.read': [
    ...onCases([...READERS]),
    { roles: ['policy', 'auditor'], category: 'not_child_safety', tenant: 'own' },
  ],
  'case.watch': onCases([...READERS]),
  'case.take': onCases([...READERS]),
  'case.note': onCases([...READERS]),
  'case.decide': onCases([...READERS]),
  'case.second': onCases([...READERS]),
  'case.arbitrate': onCases(['senior']),
  'case.release_severe': onCases(['senior']),
  'queue.read': anywhere(...EVERYBODY),
  'queue.edit': ofAll('senior', 'admin'),
  'routing.read': anywhere('senior', 'policy', 'auditor', 'admin'),
  'routing.edit': ofAll('senior', 'policy', 'admin'),
  'policy.read': anywhere(...EVERYBODY),
  'policy.draft': ofAll('policy'),
  'policy.test': ofAll('policy'),
  'policy.approve': ofAll('policy', 'senior'),
  'policy.publish': ofAll('policy'),
  'account.read': ofTenants('reviewer', 'senior', 'child_safety', 'auditor'),
  'account.act': ofTenants('senior', 'child_safety'),
  'likeness.read': ofTenants('reviewer', 'senior', 'child_safety', 'auditor'),
  'register.read': ofTenants('senior', 'policy', 'auditor'),
  'register.review': ofTenants('senior'),
  'appeal.read': [
    ...onCases([...READERS]),
    { roles: ['policy', 'auditor'], category: 'not_child_safety', tenant: 'own' },
  ],
  'appeal.decide': onCases([...READERS]),
  'statement.read': ofTenants('reviewer', 'senior', 'child_safety', 'policy', 'auditor'),
  'child_safety.read': ofTenants('child_safety'),
  'child_safety.view': ofTenants('child_safety'),
  'child_safety.decide': ofTenants('child_safety'),
  'child_safety.send': ofTenants('child_safety'),
  'quality.read': anywhere('senior', 'policy', 'auditor', 'admin'),
  'golden.edit': ofAll('senior', 'policy'),
  'audit.read': ofTenants('auditor', 'admin'),
  'audit.export': ofTenants('auditor'),
  'staff.read': anywhere('auditor', 'admin'),
  'staff.edit': ofAll('admin'),
  'key.read': ofTenants('auditor', 'admin'),
  'key.edit': ofTenants('admin'),
  'webhook.read': ofTenants('auditor', 'admin'),
  'webhook.edit': ofTenants('admin'),
  'settings.read': anywhere('policy', 'auditor', 'admin'),
  'settings.edit': ofAll('admin'),
};

/** Part of the world that one right opens to a person; lists ask the database for the union of them. */
export interface Reach {
  /** Null is every queue, and what is in none. */
  queues: readonly string[] | null;
  /** Null is every category. */
  categories: readonly Category[] | null;
  /** Whether cases without a category are in it. */
  uncategorised: boolean;
  /** Null is every tenant, and what belongs to none. */
  tenants: readonly string[] | null;
}

function categoriesOf(right: Right, { categories: limit }: Rights): Pick<Reach, 'categories' | 'uncategorised'> {
  const allowed = {
    child_safety: CHILD_SAFETY,
    not_child_safety: CATEGORIES.filter((category) => !CHILD_SAFETY.includes(category)),
  };
  if (!right.category) return { categories: null, uncategorised: true };
  const some = allowed[right.category];
  return {
    categories: limit ? some.filter((category) => limit.includes(category)) : some,
    uncategorised: right.category === 'not_child_safety' && limit === null,
  };
}

/** Where a person may do something; empty when nowhere. */
export function reachOf(staff: Rights, action: StaffAction): Reach[] {
  return RIGHTS[action]
    .filter((right) => right.roles.some((role) => staff.roles.includes(role)))
    .filter((right) => right.tenant !== 'whole' || staff.tenants === null)
    .map((right) => ({
      queues: right.queue ? staff.queues : null,
      ...categoriesOf(right, staff),
      tenants: right.tenant ? staff.tenants : null,
    }));
}

function within(reach: Reach, { queueId, category, tenantId }: Place): boolean {
  const has = (some: readonly string[] | null, id: string | null | undefined) =>
    some === null || (typeof id === 'string' && some.includes(id));
  if (!has(reach.queues, queueId) || !has(reach.tenants, tenantId)) return false;
  return category === null ? reach.uncategorised : has(reach.categories, category);
}

/** True when the person may do it there. */
export function mayDo(staff: Rights, action: StaffAction, place: Place = {}): boolean {
  return reachOf(staff, action).some((reach) => within(reach, place));
}

/** True when the person may do it somewhere: what a route's guard asks before anything is read. */
export function mayAnywhere(staff: Rights, action: StaffAction): boolean {
  return reachOf(staff, action).length > 0;
}

/** Everything that a person may do somewhere. */
export function allowedActions(staff: Rights): StaffAction[] {
  return STAFF_ACTIONS.filter((action) => mayAnywhere(staff, action));
}

/** The refusal of an action; it does not tell which limit it was. */
export function notAllowed(action: StaffAction): AuthError {
  return new AuthError(
    'forbidden',
    'not_allowed',
    `Your role does not allow "${action}" here. Ask somebody who manages staff if you need it.`,
  );
}

/**
 * Called in the service layer before anything is done or shown.
 * @throws AuthError `not_allowed`
 */
export function assertMay(staff: Rights, action: StaffAction, place: Place = {}): void {
  if (!mayDo(staff, action, place)) throw notAllowed(action);
}
