import type {
  Approved,
  ConsentExport,
  EnrolChallenge,
  EnrolRelease,
  EnrolView,
  ErasureReceipt,
  LivenessChallenge,
  Me,
  PutGrant,
  Revocation,
  RevokeConsent,
  UseList,
} from '#contracts';
import { asFault, call, Fault, taken } from '../shared/fault.js';
import { pause, send } from '../shared/wire.js';

const ENROL = '/v1/consent/enrol';
const ME = '/v1/consent/me';
/** Between two questions while a recording is checked. */
const POLL_MS = 1500;
/** A phone changes networks; that is no reason to give up. */
const MAX_LOST_ANSWERS = 8;

/** Where an enrolment stands. @throws Fault */
export const enrolment = (secret: string, signal?: AbortSignal) =>
  call<EnrolView>('GET', ENROL, secret, signal ? { signal } : {});

/** Signs the notice, before anything is recorded. @throws Fault */
export const release = (secret: string, body: EnrolRelease) =>
  call<unknown>('POST', `${ENROL}/release`, secret, { body });

/** What is to be done in the recording; the one before ends. @throws Fault */
export const challenge = (secret: string, body: EnrolChallenge) =>
  call<LivenessChallenge>('POST', `${ENROL}/challenge`, secret, { body });

/** Sends the recording. @param sent called with the share that was sent @throws Fault */
export async function sendRecording(
  secret: string,
  { file, mirrored }: { file: File; mirrored: boolean },
  sent: (share: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const form = new FormData();
  // Fields before the file: it can be read only as far as they say.
  form.append('mirrored', String(mirrored));
  form.append('video', file, file.name);
  const answer = await send(`${ENROL}/recording`, form, { authorization: `Bearer ${secret}` }, sent, signal).catch(
    (e: unknown) => {
      throw signal.aborted ? e : asFault(e);
    },
  );
  taken(answer);
}

/** Asks until the recording was judged. @throws Fault */
export async function judged(secret: string, signal: AbortSignal): Promise<EnrolView> {
  for (let missed = 0; ;) {
    let wait = POLL_MS;
    try {
      const view = await enrolment(secret, signal);
      if (view.state !== 'checking') return view;
      missed = 0;
    } catch (e) {
      if (!(e instanceof Fault) || !['offline', 'rate', 'busy'].includes(e.kind) || ++missed > MAX_LOST_ANSWERS)
        throw e;
      wait = Math.max(wait, (e.retryAfterS ?? 0) * 1000);
    }
    await pause(wait, signal);
  }
}

/** The person's own page. @throws Fault */
export const me = (secret: string) => call<Me>('GET', ME, secret);
/** A new grant in place of the one before. @throws Fault */
export const putGrant = (secret: string, body: PutGrant) => call<unknown>('PUT', `${ME}/grant`, secret, { body });
/** The whole list of approved people. @throws Fault */
export const putApproved = (secret: string, users: string[]) =>
  call<Approved>('PUT', `${ME}/approved`, secret, { body: { users } });
/** Clips with the person, newest first. @throws Fault */
export const uses = (secret: string, after: string | null) =>
  call<UseList>('GET', `${ME}/uses?limit=20${after ? `&after=${encodeURIComponent(after)}` : ''}`, secret);
/** Withdraws one clip. @throws Fault */
export const withdraw = (secret: string, clip: string) =>
  call<unknown>('POST', `${ME}/uses/${encodeURIComponent(clip)}/withdraw`, secret, { body: {} });
/** Ends everything. @throws Fault */
export const revoke = (secret: string, body: RevokeConsent) =>
  call<Revocation>('POST', `${ME}/revoke`, secret, { body });
/** All that is kept. @throws Fault */
export const exported = (secret: string) => call<ConsentExport>('GET', `${ME}/export`, secret);

/** A picture of a clip as an address of this page. Every look is on record. @throws Fault */
export async function still(secret: string, clip: string, id: string): Promise<string> {
  const path = `${ME}/uses/${encodeURIComponent(clip)}/still?still=${encodeURIComponent(id)}`;
  const answer = await fetch(path, {
    headers: { authorization: `Bearer ${secret}` },
    credentials: 'omit',
    cache: 'no-store',
  }).catch(() => {
    throw new Fault('offline');
  });
  if (!answer.ok) throw new Fault('refused');
  return URL.createObjectURL(await answer.blob());
}

/** The receipt; null while the key is being destroyed. @throws Fault */
export async function receipt(id: string): Promise<ErasureReceipt | null> {
  return call<ErasureReceipt>('GET', `/v1/consent/receipts/${encodeURIComponent(id)}`, null).catch((e: unknown) => {
    if (e instanceof Fault && (e.kind === 'unknown' || e.kind === 'changed')) return null;
    throw e;
  });
}
