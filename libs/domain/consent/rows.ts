import {
  GrantAudience,
  GrantLimits,
  Inspection,
  type ClipState,
  type Grant,
  type Person,
  type Use,
  type UseHow,
  type UseState,
} from '#contracts';
import type { Clip, LikenessGrant, LikenessPerson, LikenessUse, Maker, Withdrawal } from '#platform/database';

/** A grant as its person sees it. */
export function grantView(row: LikenessGrant): Grant {
  return {
    id: row.id,
    object: 'consent.grant',
    audience: GrantAudience.parse(row.audience),
    limits: GrantLimits.parse(row.limits),
    places: row.places,
    until: row.until?.toISOString() ?? null,
    created_at: row.createdAt.toISOString(),
    ended_at: row.endedAt?.toISOString() ?? null,
  };
}

/** Id of the receipt of a person's erasure, known before there is one. */
export function receiptId(personId: string): string {
  return personId.replace(/^[^_]*/, 'era');
}

/** A person as its tenant sees it. */
export function personView(row: LikenessPerson & { grants: LikenessGrant[] }, user: string | null): Person {
  const live = row.grants.find(({ endedAt }) => endedAt === null);
  return {
    id: row.id,
    object: 'consent.person',
    state: row.state,
    user,
    handle: row.handle,
    grant: live ? grantView(live) : null,
    notice: noticeOf(row),
    keep_until: row.keepUntil.toISOString(),
    created_at: row.createdAt.toISOString(),
    revoked_at: row.revokedAt?.toISOString() ?? null,
    erased_at: row.erasedAt?.toISOString() ?? null,
    receipt: row.state === 'enrolled' ? null : receiptId(row.id),
  };
}

/** What the person read before they agreed. */
export function noticeOf(row: Pick<LikenessPerson, 'noticeVersion' | 'noticeSha256' | 'releasedAt'>): Person['notice'] {
  return { version: row.noticeVersion, sha256: row.noticeSha256, released_at: row.releasedAt.toISOString() };
}

/** What a state of the gate is to the person in the clip: before the release all is a draft. */
export function useState(state: ClipState): UseState {
  const ends = ['held', 'released', 'withdrawn', 'refused', 'failed', 'deleted'] as const;
  return ends.find((one) => one === state) ?? 'draft';
}

/** States in which the person can still end a clip. */
export const WITHDRAWABLE = ['draft', 'held', 'released'] as const satisfies readonly UseState[];

/** A use with what became of it. */
export interface UseRow {
  use: LikenessUse;
  clip: Clip;
  maker: Maker | null;
  withdrawal: Withdrawal | null;
}

/** A clip as the person in it sees it. */
export function useView({ use, clip, maker, withdrawal }: UseRow): Use {
  const state = useState(clip.state);
  const stills = clip.stillsSha256 && clip.inspection ? Inspection.parse(clip.inspection).stills : [];
  return {
    clip_id: use.clipId,
    object: 'consent.use',
    state,
    how: use.how as UseHow,
    grant_id: use.grantId,
    at: use.at.toISOString(),
    by: maker?.externalId ?? null,
    released_at: state === 'released' || state === 'withdrawn' ? (clip.completedAt?.toISOString() ?? null) : null,
    withdrawn_at: withdrawal?.at.toISOString() ?? null,
    available: state === 'released',
    can_withdraw: WITHDRAWABLE.some((one) => one === state),
    stills: stills.map(({ id }) => id),
  };
}
