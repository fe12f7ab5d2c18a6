import { newId, sleep } from '#kernel';
import type {
  CreateEnrolment,
  EnrolChallenge,
  EnrolRelease,
  EnrolView,
  EnrolmentResult,
  EnrolmentState,
  LivenessChallenge,
} from '#contracts';
import { createChallenge } from '#engines/liveness';
import { ageOfMaker } from '#domain/guardianship';
import { recordAudit } from '#platform/audit';
import { json, Prisma, type LikenessEnrolment, type Transaction } from '#platform/database';
import { promiseJob } from '#platform/queue';
import {
  consentEnded,
  ConsentError,
  enrolmentNotFound,
  handleTaken,
  secretUnknown,
  tooYoung,
  wrongState,
} from './errors.js';
import { ENDED_STATES, heldBy, MOST_TRIES, resultOf, stateOf, type Held } from './enrolment-rows.js';
import { FAULT_TEXTS } from './faults.js';
import type { Notice } from './notice.js';
import { pageUrl, platformOf, type ConsentParts } from './parts.js';
import { ageOn, openProfile, sealProfile, type Profile } from './profile.js';
import { once, sealRecording } from './recordings.js';
import { newSecret, sameHash, secretHash } from './secrets.js';

/** An enrolment that nobody ends is over after a day. */
const LIVES_MS = 24 * 3600_000;
/** Time to read, to record and to send. */
const CHALLENGE_S = 600;
/** Between two looks at a recording that is being judged. */
const LOOK_MS = 300;

/** An enrolment as it is kept. */
export type EnrolmentRow = LikenessEnrolment;

/** The way from a notice to a recording. What was recorded is judged elsewhere (`EnrolmentRunner`). */
export class Enrolments {
  constructor(private readonly parts: ConsentParts) {}

  /**
   * Begins an enrolment.
   * @returns the row and the secret of its page, which is kept nowhere
   * @throws ConsentError `handle_taken`; `enrolment_too_young` when the tenant says that the maker is no adult
   */
  async start(
    tenantId: string,
    { user, handle, locale }: CreateEnrolment,
    actor: string,
  ): Promise<{ row: LikenessEnrolment; secret: string; url: string }> {
    const { database, clock, makers, settings } = this.parts;
    const maker = user === undefined ? null : await makers.ensure(tenantId, user);
    const { band } = maker ? await ageOfMaker(database, maker.id, clock.now()) : { band: 'unknown' as const };
    if (band === 'under13' || (band === 'teen' && settings.minimumAge >= 18)) throw tooYoung(settings.minimumAge);
    const notice = await this.notice(tenantId);
    const secret = newSecret('ers');
    const row = await database.$transaction(async (tx) => {
      await this.assertFree(tx, tenantId, handle ?? null, null);
      const data = {
        id: newId('enr'),
        ...{ tenantId, makerId: maker?.id ?? null, state: 'open', locale, handle: handle ?? null },
        tokenHash: secretHash(secret),
        ...{ noticeSha256: notice.sha256, noticeVersion: notice.version },
        ...{ createdAt: clock.now(), expiresAt: new Date(clock.now().getTime() + LIVES_MS) },
      };
      await recordAudit(tx, { tenantId, actor, action: 'enrolment.started', subject: data.id });
      return tx.likenessEnrolment.create({ data });
    });
    return { row, secret, url: pageUrl(settings, secret) };
  }

  /** @throws ConsentError `enrolment_not_found`, for another tenant's as well */
  async get(tenantId: string, id: string): Promise<LikenessEnrolment> {
    const row = await this.parts.database.likenessEnrolment.findFirst({ where: { id, tenantId } });
    if (!row) throw enrolmentNotFound(id);
    return row;
  }

  /** The enrolment that a secret opens. @throws ConsentError `consent_link_invalid` */
  async withSecret(hash: string | null): Promise<LikenessEnrolment> {
    if (hash === null) throw secretUnknown();
    const row = await this.parts.database.likenessEnrolment.findUnique({ where: { tokenHash: hash } });
    if (!row || !sameHash(row.tokenHash, hash)) throw secretUnknown();
    return row;
  }

  /** All that the person's page shows. The address of the person's own page is in the first answer after the end only. */
  async view(row: LikenessEnrolment): Promise<EnrolView> {
    const { settings, clock } = this.parts;
    const state = stateOf(row, clock.now());
    const notice = await this.notice(row.tenantId);
    const held = state === 'challenged' ? heldBy(row) : null;
    return {
      object: 'consent.enrol',
      state,
      platform: await platformOf(this.parts.database, row.tenantId),
      locale: row.locale === 'fr' ? 'fr' : 'en',
      handle: row.handle,
      notice: { version: notice.version, sha256: notice.sha256, text: notice.text, keep_days: settings.keepDays },
      minimum_age: settings.minimumAge,
      tries_left: Math.max(0, MOST_TRIES - row.tries),
      challenge: held && new Date(held.challenge.expiresAt) > clock.now() ? held.challenge : null,
      result: resultOf(row),
      expires_at: row.expiresAt.toISOString(),
      person: state === 'done' ? await this.handOver(row) : null,
    };
  }

  /**
   * Takes the written release: before it nothing is recorded. Under the age nothing of it is kept and the enrolment is
   * over, so that nobody tries other years.
   * @throws ConsentError `notice_changed`, `enrolment_too_young`, `handle_taken`, `enrolment_state`
   */
  async release(row: LikenessEnrolment, body: EnrolRelease): Promise<void> {
    const { clock, sealer, settings } = this.parts;
    const now = clock.now();
    this.assertState(row, ['open', 'released'], 'The release was given already.');
    const notice = await this.notice(row.tenantId);
    if (body.notice_sha256 !== notice.sha256) {
      const message = 'The notice changed meanwhile. Read it again before you agree.';
      throw new ConsentError('conflict', 'notice_changed', message, { param: 'notice_sha256' });
    }
    const age = ageOn(body.birth_date, now);
    if (!(age >= settings.minimumAge && age < 130)) {
      await this.change(row, { state: 'failed', handle: null, profileSealed: null }, 'enrolment.too_young');
      throw tooYoung(settings.minimumAge);
    }
    const profile: Profile = {
      ...{ name: body.name, characterName: null, birthDate: body.birth_date },
      ...{ attested: ['is_me', 'is_adult'], attestedAt: now.toISOString() },
    };
    const handle = body.handle ?? row.handle;
    const data = {
      ...{ state: 'released', handle, releasedAt: now },
      ...{ noticeSha256: notice.sha256, noticeVersion: notice.version },
      profileSealed: sealProfile(sealer, profile, row.id),
    };
    await this.change(row, data, 'enrolment.released', (tx) => this.assertFree(tx, row.tenantId, handle, row.id));
  }

  /** Draws a challenge; one before it is void. @throws ConsentError `enrolment_state`, `enrolment_expired` */
  async challenge(row: LikenessEnrolment, { pace }: EnrolChallenge): Promise<LivenessChallenge> {
    this.assertState(row, ['released', 'challenged'], 'Agree to the notice first; while a recording is checked, wait.');
    const locale = row.locale === 'fr' ? 'fr' : 'en';
    const challenge = createChallenge({ now: this.parts.clock.now(), ttlS: CHALLENGE_S, locale, pace });
    const held: Held = { challenge, received: null };
    await this.change(row, { state: 'challenged', challenge: json(held) }, 'enrolment.challenged');
    return challenge;
  }

  /**
   * Takes the answer to the challenge and has it judged. The challenge is used up by it.
   * @param characterName what the platform calls the character
   * @throws ConsentError `enrolment_required`, `challenge_expired`, `recording_too_large`, `enrolment_state`
   */
  async receive(
    row: LikenessEnrolment,
    file: { path: string; bytes: number },
    { mirrored, characterName }: { mirrored: boolean; characterName?: string },
  ): Promise<void> {
    const { clock, sealer, blobs, database } = this.parts;
    const held = heldBy(row);
    this.assertState(row, ['challenged'], 'Fetch the challenge first, then record your answer to it.');
    if (!held || !row.profileSealed) throw wrongState('Fetch the challenge first, then record your answer to it.');
    const now = clock.now();
    if (now >= new Date(held.challenge.expiresAt)) {
      throw new ConsentError('conflict', 'challenge_expired', 'The challenge has expired. Fetch a new one.');
    }
    const { sealed, sha256 } = await sealRecording(sealer, row.id, file);
    const profile = { ...openProfile(sealer, row.profileSealed, row.id), characterName: characterName ?? null };
    const answered: Held = { ...held, received: { at: now.toISOString(), mirrored } };
    // Named before it is stored: whatever happens, the row leads whoever cleans up to it.
    const data = {
      ...{ state: 'checking', tries: row.tries + 1, recordingSha256: sha256, challenge: json(answered) },
      ...{ result: Prisma.DbNull, profileSealed: sealProfile(sealer, profile, row.id) },
    };
    await this.change(row, data, 'enrolment.recorded');
    await blobs.put(once(sealed));
    const dedupeKey = enrolJobId({ id: row.id, tries: row.tries + 1 });
    await database.$transaction((tx) => promiseJob(tx, { job: 'person.enrol', payload: { id: row.id }, dedupeKey }));
  }

  /**
   * Waits until a recording was judged.
   * @returns the id of the new person
   * @throws ConsentError with the fault as its code; `enrolment_checking` after `timeoutMs`
   */
  async judged({ tenantId, id }: LikenessEnrolment, timeoutMs: number, gone: AbortSignal): Promise<string> {
    const until = Date.now() + timeoutMs;
    for (;;) {
      const row = await this.get(tenantId, id);
      if (row.personId !== null) return row.personId;
      if (row.state !== 'checking') throw refused(resultOf(row));
      if (Date.now() > until || gone.aborted) break;
      await sleep(LOOK_MS);
    }
    const message = 'The recording is still being checked. Ask for the state of the enrolment.';
    throw new ConsentError('unavailable', 'enrolment_checking', message, { retryAfterS: 10 });
  }

  /** What is shown to people of this tenant. */
  private async notice(tenantId: string): Promise<Notice> {
    const { database, notice, settings } = this.parts;
    return notice({ ...settings, platform: await platformOf(database, tenantId) });
  }

  private async handOver(row: LikenessEnrolment): Promise<EnrolView['person']> {
    const secret = newSecret('prs');
    const where = { id: row.personId ?? '', state: 'enrolled' as const, tokenHash: null };
    const [person] = await this.parts.database.likenessPerson.updateManyAndReturn({
      where,
      data: { tokenHash: secretHash(secret) },
    });
    return person
      ? { person_id: person.id, handle: person.handle ?? '', manage_url: pageUrl(this.parts.settings, secret) }
      : null;
  }

  private assertState(row: LikenessEnrolment, states: EnrolmentState[], otherwise: string): void {
    const state = stateOf(row, this.parts.clock.now());
    if (states.includes(state)) return;
    if (state === 'expired' || state === 'failed') {
      throw new ConsentError('gone', `enrolment_${state}`, 'This enrolment is over. Ask for a new one.');
    }
    throw state === 'done' ? wrongState('This enrolment is done.') : wrongState(otherwise);
  }

  /** Changes the row if it still is as it was read. */
  private async change(
    row: LikenessEnrolment,
    data: Prisma.LikenessEnrolmentUpdateManyMutationInput,
    action: string,
    within?: (tx: Transaction) => Promise<void>,
  ): Promise<void> {
    const { id, version, state, tenantId } = row;
    await this.parts.database.$transaction(async (tx) => {
      await within?.(tx);
      const where = { id, version, state };
      const { count } = await tx.likenessEnrolment.updateMany({ where, data: { ...data, version: version + 1 } });
      if (count === 0) throw wrongState('This enrolment changed in the same moment. Load it again.');
      await recordAudit(tx, { tenantId, actor: `enrolment:${id}`, action, subject: id });
    });
  }

  private async assertFree(tx: Transaction, tenantId: string, handle: string | null, id: string | null): Promise<void> {
    if (handle === null) return;
    const taken = await tx.likenessPerson.count({ where: { tenantId, handle } });
    const others = { tenantId, handle, state: { notIn: [...ENDED_STATES] }, expiresAt: { gt: this.parts.clock.now() } };
    const asked = await tx.likenessEnrolment.count({ where: { ...others, ...(id !== null && { id: { not: id } }) } });
    if (taken + asked > 0) throw handleTaken();
  }
}

/** Queue id of the judging of a recording: promising the same one twice is one job. */
export function enrolJobId({ id, tries }: Pick<LikenessEnrolment, 'id' | 'tries'>): string {
  return `${id}-${tries}`;
}

/** @throws ConsentError when nothing about a person can be changed any more */
export function assertEnrolled({ state }: { state: string }): void {
  if (state !== 'enrolled') throw consentEnded();
}

/** Why a recording did not pass, as an error of the API. */
function refused(result: EnrolmentResult | null): ConsentError {
  const fault = result?.fault ?? 'not_checked';
  const failed = result?.checks.filter(({ state }) => state !== 'passed') ?? [];
  const list = failed.map(({ name, reason }) => `${name}: ${reason.en}`).join(' ');
  const message = [FAULT_TEXTS[fault].en, fault === 'liveness_failed' ? list : ''].join(' ').trim();
  const kind = fault === 'not_checked' ? 'unavailable' : 'invalid';
  return new ConsentError(kind, fault === 'not_checked' ? 'recording_not_checked' : fault, message, { param: 'video' });
}
