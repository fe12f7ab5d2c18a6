import type { GrantAudience, GrantContent, Me, PutGrant } from '#contracts';

/** A grant as it stands in the form. */
export interface GrantForm {
  audience: GrantAudience;
  no: GrantContent[];
  /** One thing a line. */
  never: string;
  ends: 'open' | 'day';
  /** `YYYY-MM-DD`: the last day on which it holds. */
  day: string;
  where: 'everywhere' | 'only';
  places: string[];
  approved: string[];
}

/** Kinds of content that can be ruled out. */
export const CONTENT: readonly GrantContent[] = ['violence', 'politics', 'swimwear', 'sexual'];
/** From narrow to wide. */
export const AUDIENCES: readonly GrantAudience[] = ['only_me', 'approved', 'mutuals', 'everyone'];

const pad = (value: number) => String(value).padStart(2, '0');
/** The day of a moment where the reader is. */
export const dayOf = (at: Date) => `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
/** The last moment of a day where the reader is. */
const endOf = (day: string) => new Date(`${day}T23:59:59`);

/** The form for what holds now; without a grant the narrowest one. */
export function formOf({ grant, approved }: Pick<Me, 'grant' | 'approved'>): GrantForm {
  return {
    audience: grant?.audience ?? 'only_me',
    no: grant ? [...grant.limits.no] : [...CONTENT],
    never: (grant?.limits.never ?? []).join('\n'),
    ends: grant?.until ? 'day' : 'open',
    day: grant?.until ? dayOf(new Date(grant.until)) : '',
    where: grant?.places.length ? 'only' : 'everywhere',
    places: [...(grant?.places ?? [])],
    approved: [...approved],
  };
}

const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

/** What the form asks the service for. */
export function grantOf(form: GrantForm): PutGrant {
  return {
    audience: form.audience,
    limits: { no: CONTENT.filter((kind) => form.no.includes(kind)), never: linesOf(form.never) },
    places: form.where === 'only' ? [...form.places].sort() : [],
    until: form.ends === 'day' && form.day ? endOf(form.day).toISOString() : null,
  };
}

/** What must be mended before the form can be sent. */
export function faultsIn(form: GrantForm, now: Date) {
  const lines = linesOf(form.never);
  return {
    never: lines.length > 20 ? 'tooMany' : lines.some((line) => line.length > 200) ? 'tooLong' : null,
    day: form.ends === 'day' && !(endOf(form.day) > now),
    places: form.where === 'only' && form.places.length === 0,
  } as const;
}

/** Whether two forms ask for the same. */
export function sameGrant(a: GrantForm, b: GrantForm): boolean {
  const plain = (form: GrantForm) => JSON.stringify([grantOf(form), [...form.approved].sort()]);
  return plain(a) === plain(b);
}
