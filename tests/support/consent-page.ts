import type { Page, Route } from 'playwright-core';
import type { z } from 'zod';
import {
  EnrolChallenge,
  EnrolRelease,
  EnrolView,
  LivenessCheckName,
  Me,
  PutApproved,
  PutGrant,
  RevokeConsent,
  Use,
  type ConsentExport,
  type ErasureReceipt,
  type LivenessChallenge,
} from '#contracts';
import { createChallenge } from '#engines/liveness';

export const ENROLMENT_SECRET = 'ens_0123456789abcdef0123456789';
export const PERSON_SECRET = 'prs_0123456789abcdef0123456789';
const AT = '2026-11-28T10:00:00.000Z';
const LATER = '2027-11-28T10:00:00.000Z';
const SHA = 'a'.repeat(64);
const NOTICE = {
  en: 'The platform keeps a code of your face.\n\nIt is kept for 365 days and erased after that.\n\nYou can end it at any time on your own page.',
  fr: 'La plateforme garde un code de votre visage.\n\nIl est gardé 365 jours, puis effacé.\n\nVous pouvez y mettre fin à tout moment sur votre page.',
};

/** A challenge that is as short as one can be. */
export const shortChallenge = (locale: 'en' | 'fr' = 'en'): LivenessChallenge =>
  createChallenge({ random: () => 0, now: new Date(), ttlS: 600, locale, steps: 3 });

export const enrolView = (change: Partial<z.input<typeof EnrolView>> = {}): EnrolView =>
  EnrolView.parse({
    object: 'consent.enrol',
    state: 'open',
    platform: 'Lumière <b>Films</b>',
    locale: 'en',
    handle: null,
    notice: { version: '2026-11', sha256: SHA, text: NOTICE, keep_days: 365 },
    minimum_age: 18,
    tries_left: 3,
    challenge: null,
    result: null,
    expires_at: LATER,
    person: null,
    ...change,
  });

const reason = (en: string, fr: string) => ({ en, fr });

/** A recording that was refused for light and for the digits. */
export const refusedResult = () => ({
  passed: false,
  fault: 'liveness_failed' as const,
  reason: reason(
    'The recording does not show beyond doubt that you answered the challenge.',
    'L’enregistrement ne montre pas sans doute possible que vous avez répondu à l’épreuve.',
  ),
  checks: LivenessCheckName.options.map((name) => ({
    name,
    state: name === 'code' ? ('unable' as const) : name === 'face' ? ('failed' as const) : ('passed' as const),
    reason: reason(`About ${name}.`, `À propos de ${name}.`),
  })),
  voice: false,
});

export const use = (change: Partial<z.input<typeof Use>> = {}): Use =>
  Use.parse({
    clip_id: 'video_0123456789abcdef',
    object: 'consent.use',
    state: 'released',
    how: 'asked',
    grant_id: 'gra_1',
    at: AT,
    by: 'maker-7',
    released_at: AT,
    withdrawn_at: null,
    available: true,
    can_withdraw: true,
    stills: ['st_1'],
    ...change,
  });

const quiet = { available: false, can_withdraw: false, released_at: null } as const;

/** One clip of each state. */
export const someUses = (): Use[] => [
  use({ clip_id: 'video_draft', state: 'draft', by: null, released_at: null, stills: [] }),
  use(),
  use({ clip_id: 'video_held', state: 'held', how: 'inherited', released_at: null }),
  use({ clip_id: 'video_gone', state: 'withdrawn', ...quiet, withdrawn_at: AT, by: 'x\u202Efdp.exe' }),
  use({ clip_id: 'video_refused', state: 'refused', how: 'seen', ...quiet, stills: [] }),
];

export const meView = (change: Partial<z.input<typeof Me>> = {}): Me =>
  Me.parse({
    id: 'char_1',
    object: 'consent.me',
    state: 'enrolled',
    platform: 'Lumière Films',
    locale: 'en',
    handle: 'ana.b',
    name: 'Ana Beaumont',
    grant: {
      id: 'gra_1',
      object: 'consent.grant',
      audience: 'approved',
      limits: { no: ['violence', 'politics', 'swimwear', 'sexual'], never: ['smoking a cigarette'] },
      places: ['FR', 'CA'],
      until: LATER,
      created_at: AT,
      ended_at: null,
    },
    approved: ['maker-7', 'maker-9'],
    kept: { face: true, voice: false, portrait: true },
    notice: { version: '2026-11', sha256: SHA, released_at: AT, text: NOTICE },
    keep_until: LATER,
    created_at: AT,
    revoked_at: null,
    counts: { uses: 5, drafts: 2, released: 1, withdrawn: 1 },
    receipt: null,
    ...change,
  });

const receiptOf = (withdraw: 'none' | 'all') =>
  ({
    receipt: {
      version: 1,
      id: 'era_1',
      person_id: 'char_1',
      enrolled_at: AT,
      revoked_at: AT,
      erased_at: AT,
      reason: 'revoked',
      withdraw,
      destroyed: ['key', 'face_template', 'profile', 'portrait', 'names'],
      notice_sha256: SHA,
    },
  }) satisfies Partial<z.input<typeof ErasureReceipt>>;

const PIXEL = Buffer.from('UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAwA0JaQAA3AA/vuUAAA=', 'base64');

/** The service as far as the page of consent speaks to it. Bodies that the contracts refuse are refused. */
export class StagedConsent {
  asked: string[] = [];
  /** Heads of the requests: every one must bring the secret. */
  bearers = new Set<string>();
  bodies: unknown[] = [];
  /** Answers of the next recordings, the last one for all after it. */
  results: Partial<z.input<typeof EnrolView>>[] = [{ state: 'released', result: refusedResult(), tries_left: 2 }];
  /** Polls during which a recording is checked. */
  polls = 1;
  challenge = shortChallenge();
  me = meView();
  uses = someUses();
  receiptAfter = 1;

  constructor(public view = enrolView()) {}

  /** Puts itself between the page and the service. */
  async stand(page: Page): Promise<this> {
    await page.route('**/v1/consent/**', (route) => this.answer(route));
    return this;
  }

  private async answer(route: Route): Promise<void> {
    const request = route.request();
    const { pathname } = new URL(request.url());
    const what = `${request.method()} ${pathname.replace('/v1/consent/', '')}`;
    this.asked.push(what);
    const bearer = request.headers().authorization;
    if (bearer) this.bearers.add(bearer);
    const multipart = request.headers()['content-type']?.startsWith('multipart/');
    const body = multipart ? null : (request.postDataJSON() as unknown);
    if (body) this.bodies.push(body);
    try {
      const json = this.json(what, body);
      if (json === PIXEL) return await route.fulfill({ contentType: 'image/webp', body: PIXEL });
      return await route.fulfill(json === null ? { status: 404, json: notFound } : { json });
    } catch (e) {
      const error = { message: String(e), code: 'invalid', param: null, type: 'invalid_request_error' };
      return route.fulfill({ status: 400, json: { error } });
    }
  }

  private json(what: string, body: unknown): unknown {
    switch (what) {
      case 'GET enrol':
        return this.poll();
      case 'POST enrol/release':
        EnrolRelease.parse(body);
        return (this.view = { ...this.view, state: 'released' });
      case 'POST enrol/challenge':
        EnrolChallenge.parse(body);
        this.view = { ...this.view, state: 'challenged', result: null };
        return this.challenge;
      case 'POST enrol/recording':
        this.view = { ...this.view, state: 'checking' };
        return { object: 'consent.enrol', state: 'checking' };
      default:
        return this.own(what, body);
    }
  }

  private poll(): EnrolView {
    if (this.view.state === 'checking' && this.polls-- <= 0) {
      this.polls = 1;
      const next = this.results.length > 1 ? this.results.shift()! : this.results[0]!;
      this.view = enrolView({ ...this.view, ...next });
    }
    return this.view;
  }

  private own(what: string, body: unknown): unknown {
    if (what === 'GET me') return this.me;
    if (what === 'GET me/uses') return { object: 'list', data: this.uses, has_more: false };
    if (what === 'GET me/export') return { object: 'consent.export' } satisfies Partial<z.input<typeof ConsentExport>>;
    if (what === 'PUT me/grant') {
      const grant = PutGrant.parse(body);
      this.me = meView({ ...this.me, grant: { ...this.me.grant!, ...grant } });
      return this.me.grant;
    }
    if (what === 'PUT me/approved') {
      const { users } = PutApproved.parse(body);
      this.me = { ...this.me, approved: users };
      return { object: 'consent.approved', users };
    }
    if (what === 'POST me/revoke') return this.revoked(RevokeConsent.parse(body).withdraw);
    const clip = /^(GET|POST) me\/uses\/(\w+)\/(still|withdraw)$/.exec(what);
    if (clip?.[3] === 'still') return PIXEL;
    if (clip) {
      this.uses = this.uses.map((one) =>
        one.clip_id === clip[2] ? { ...one, state: 'withdrawn', can_withdraw: false } : one,
      );
      return {};
    }
    if (what === 'GET receipts/era_1' && this.receiptAfter-- <= 0) return receiptOf('all');
    return null;
  }

  private revoked(withdraw: 'none' | 'all') {
    this.me = { ...this.me, state: 'revoked', name: null, grant: null, receipt: 'era_1' };
    return {
      id: 'char_1',
      object: 'consent.revocation',
      state: 'revoked',
      revoked_at: AT,
      withdraw,
      affected: this.uses.map(({ clip_id, state }) => ({ clip_id, state, withdraws: state === 'released' })),
      receipt: 'era_1',
    };
  }
}

const notFound = {
  error: { message: 'Nothing is there.', code: 'not_found', param: null, type: 'invalid_request_error' },
};
