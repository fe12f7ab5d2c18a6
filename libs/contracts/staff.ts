import { z } from 'zod';
import { Category, Locale } from './taxonomy.js';

/** What people who work here are. A guardian is none of them: theirs is an account of the platform. */
export const STAFF_ROLES = ['reviewer', 'senior', 'child_safety', 'policy', 'auditor', 'admin'] as const;

/** One role of a member of staff. */
export const StaffRole = z.enum(STAFF_ROLES);
export type StaffRole = z.infer<typeof StaffRole>;

/** Everything that staff can do, by name. Who may do what stands in `libs/platform/auth/rights.ts`. */
export const STAFF_ACTIONS = [
  /** One's own sessions, password and second factor. */
  'session.own',
  /** One's own shift, and the stream of events that concern it. */
  'shift.read',
  'case.list',
  'case.read',
  /** Looks at what is not released: stills in the clear, the clip itself. */
  'case.watch',
  'case.take',
  'case.note',
  'case.decide',
  /** Reads a case as the second reader, blind. */
  'case.second',
  /** Decides between two readers. */
  'case.arbitrate',
  /** Releases what the policy calls severe. */
  'case.release_severe',
  'queue.read',
  'queue.edit',
  'routing.read',
  'routing.edit',
  'policy.read',
  'policy.draft',
  /** Back-tests and shadow mode. */
  'policy.test',
  'policy.approve',
  /** Publishes and rolls back. */
  'policy.publish',
  /** Makers: their history and standing. */
  'account.read',
  'account.act',
  'likeness.read',
  'register.read',
  'register.review',
  'appeal.read',
  'appeal.decide',
  'statement.read',
  'child_safety.read',
  /** Opens sealed evidence; each look is on record. */
  'child_safety.view',
  'child_safety.decide',
  'child_safety.send',
  'quality.read',
  'golden.edit',
  'audit.read',
  'audit.export',
  'staff.read',
  'staff.edit',
  'key.read',
  'key.edit',
  'webhook.read',
  'webhook.edit',
  'settings.read',
  'settings.edit',
] as const;

/** One thing that staff can do. */
export const StaffAction = z.enum(STAFF_ACTIONS);
export type StaffAction = z.infer<typeof StaffAction>;

const ids = z.array(z.string().min(1).max(100)).max(200).nullable();

/** What a member of staff is limited to; null is no limit. An empty list is nothing at all. */
export const StaffLimits = z.strictObject({
  queues: ids.default(null),
  categories: z.array(Category).max(50).nullable().default(null),
  tenants: ids.default(null),
});
export type StaffLimits = z.infer<typeof StaffLimits>;

const email = z.string().trim().toLowerCase().max(254).pipe(z.email('This is no e-mail address.'));
const name = z.string().trim().min(1).max(100);
const roles = z
  .array(StaffRole)
  .min(1)
  .max(STAFF_ROLES.length)
  .transform((given) => STAFF_ROLES.filter((role) => given.includes(role)));
/** Longer than any person types; what is longer is hashed for nothing. */
const secret = z.string().min(1).max(1000);
/** An absolute time. */
const time = z.iso.datetime();

/** Body of `POST /v1/staff/sign-in`. */
export const StaffSignIn = z.strictObject({ email: z.string().max(254), password: secret });
export type StaffSignIn = z.infer<typeof StaffSignIn>;

/** Answer to a right password: the second factor is asked for, or set up. The ticket is good for ten minutes. */
export const StaffTicket = z.object({
  object: z.literal('staff.ticket'),
  need: z.enum(['totp', 'totp_setup']),
  ticket: z.string(),
  /** Only when it is set up: what the authenticator app reads, as an address and as a picture. */
  otpauth_url: z.string().optional(),
  qr_svg: z.string().optional(),
});
export type StaffTicket = z.infer<typeof StaffTicket>;

/** Body of `POST /v1/staff/totp`: six digits, or a recovery code. */
export const StaffCode = z.strictObject({ ticket: z.string().max(4000), code: z.string().trim().min(6).max(40) });
export type StaffCode = z.infer<typeof StaffCode>;

/** Body of `POST /v1/staff/accept`: the token of the invitation's address. */
export const AcceptInvitation = z.strictObject({ token: z.string().max(200), password: secret });
export type AcceptInvitation = z.infer<typeof AcceptInvitation>;

/** Body of `POST /v1/staff/password`; every other session of the person ends. */
export const ChangePassword = z.strictObject({ password: secret, new_password: secret });
export type ChangePassword = z.infer<typeof ChangePassword>;

/** Body of `POST /v1/staff/recovery_codes`: the old ones end. */
export const RenewRecoveryCodes = z.strictObject({ password: secret });
export type RenewRecoveryCodes = z.infer<typeof RenewRecoveryCodes>;

/** Recovery codes, shown once. */
export const RecoveryCodes = z.object({ object: z.literal('staff.recovery_codes'), codes: z.array(z.string()) });
export type RecoveryCodes = z.infer<typeof RecoveryCodes>;

/** Body of `POST /v1/staff/locale`. */
export const ChooseLocale = z.strictObject({ locale: Locale });
export type ChooseLocale = z.infer<typeof ChooseLocale>;

/** Who is signed in, what they may do, and what unsafe requests must carry. */
export const StaffSessionView = z.object({
  object: z.literal('staff.session'),
  id: z.string(),
  staff: z.object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    roles: z.array(StaffRole),
    locale: Locale,
    queues: z.array(z.string()).nullable(),
    categories: z.array(Category).nullable(),
    tenants: z.array(z.string()).nullable(),
  }),
  /** Allowed somewhere; the service looks at queue and category as well. */
  may: z.array(StaffAction),
  /** Value of the header `x-imprimatur-csrf` of every request that changes something. */
  csrf: z.string(),
  /** The session ends then at the latest, and after 30 minutes without a request. */
  expires_at: time,
  /** Only in the answer that set up the second factor. */
  recovery_codes: z.array(z.string()).optional(),
  /** Recovery codes that are left; a small number is a reason to renew them. */
  recovery_codes_left: z.number().int(),
});
export type StaffSessionView = z.infer<typeof StaffSessionView>;

/** How somebody proved to be who they are. */
export const SignInMethod = z.enum(['totp', 'recovery_code', 'oidc']);
export type SignInMethod = z.infer<typeof SignInMethod>;

/** A session in one's own list. */
export const StaffSessionItem = z.object({
  id: z.string(),
  object: z.literal('staff.session_item'),
  /** Browser and system, in a few words. */
  device: z.string(),
  /** The network that it was opened from, not the whole address. */
  network: z.string(),
  method: SignInMethod,
  current: z.boolean(),
  created_at: time,
  last_seen_at: time,
  expires_at: time,
});
export type StaffSessionItem = z.infer<typeof StaffSessionItem>;

/** Whether people of a company sign in with its own accounts. */
export const StaffSignInOptions = z.object({ object: z.literal('staff.sign_in_options'), oidc: z.boolean() });
export type StaffSignInOptions = z.infer<typeof StaffSignInOptions>;

/** Whether somebody can sign in. */
export const StaffState = z.enum(['invited', 'active', 'disabled']);
export type StaffState = z.infer<typeof StaffState>;

/** A member of staff as those who manage staff see them. */
export const StaffMember = z.object({
  id: z.string(),
  object: z.literal('staff'),
  name: z.string(),
  email: z.string(),
  state: StaffState,
  roles: z.array(StaffRole),
  locale: Locale,
  queues: z.array(z.string()).nullable(),
  categories: z.array(Category).nullable(),
  tenants: z.array(z.string()).nullable(),
  /** True once a second factor is set up. */
  totp: z.boolean(),
  /** True once they signed in with the company's account. */
  oidc: z.boolean(),
  created_at: time,
  last_sign_in_at: time.nullable(),
  disabled_at: time.nullable(),
});
export type StaffMember = z.infer<typeof StaffMember>;

/** Body of `POST /v1/desk/staff`. */
export const CreateStaff = z.strictObject({
  email,
  name: name.optional(),
  roles,
  locale: Locale.default('en'),
  ...StaffLimits.shape,
});
export type CreateStaff = z.infer<typeof CreateStaff>;

/** Body of `PUT /v1/desk/staff/{id}`; what is left out stays. */
export const PutStaff = z.strictObject({
  name: name.optional(),
  roles: roles.optional(),
  locale: Locale.optional(),
  queues: ids.optional(),
  categories: z.array(Category).max(50).nullable().optional(),
  tenants: ids.optional(),
});
export type PutStaff = z.infer<typeof PutStaff>;

/** Answer that holds an invitation; its address is shown once and handed over by whoever invited. */
export const StaffInvitation = z.object({
  object: z.literal('staff.invitation'),
  staff: StaffMember,
  /** The secret is in the fragment, which browsers send to nobody. */
  url: z.string(),
  expires_at: time,
});
export type StaffInvitation = z.infer<typeof StaffInvitation>;
