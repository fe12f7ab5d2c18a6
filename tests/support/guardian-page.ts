import type { Page, Route } from 'playwright-core';
import {
  AcceptGuardianship,
  CATEGORIES,
  GuardianAlert,
  GuardianLimits,
  GuardianSummary,
  GuardianTeen,
  type GuardianAlertKind,
} from '#contracts';

export const INVITATION = 'gui_0123456789abcdef0123456789';
export const SESSION = 'gus_0123456789abcdef0123456789';
const AT = '2026-11-28T10:00:00.000Z';

export const teenView = (change: Partial<GuardianTeen> = {}): GuardianTeen =>
  GuardianTeen.parse({
    id: 'gua_1',
    object: 'guardian.teen',
    maker: 'leo <i>',
    platform: 'Lumière Films',
    state: 'active',
    number: null,
    expires_at: null,
    active_at: AT,
    ended_at: null,
    ended_by: null,
    limits: {
      object: 'guardian.limits',
      version: 2,
      updated_at: AT,
      cameo: false,
      remix: true,
      daily_generations: 5,
      quiet_hours: { from: '21:30', to: '06:30', time_zone: 'Europe/Paris' },
      blocked_categories: ['graphic_violence', 'political'],
    },
    unseen_alerts: 2,
    ...change,
  });

const alert = (id: string, kind: GuardianAlertKind, en: string, fr: string, seen = false): GuardianAlert => ({
  id,
  object: 'guardian.alert',
  link: 'gua_1',
  kind,
  code: kind === 'limit' ? 'quiet_hours' : null,
  text: { en, fr },
  count: kind === 'limit' ? 3 : 1,
  at: AT,
  last_at: AT,
  seen_at: seen ? AT : null,
});

export const someAlerts = (): GuardianAlert[] =>
  [
    alert('gal_1', 'self_harm', 'A request was about self-harm.', 'Une demande parlait d’automutilation.'),
    alert(
      'gal_2',
      'limit',
      'Clips were asked for in the quiet hours.',
      'Des clips ont été demandés aux heures de repos.',
    ),
    alert('gal_3', 'cameo', 'A clip asked for a person’s likeness.', 'Un clip demandait l’image d’une personne.', true),
  ].map((one) => GuardianAlert.parse(one));

export function summaryOf(days: number): GuardianSummary {
  const last = Date.parse('2026-11-28T00:00:00Z');
  return GuardianSummary.parse({
    object: 'guardian.summary',
    maker: 'leo',
    time_zone: 'Europe/Paris',
    days: Array.from({ length: days }, (_, i) => ({
      date: new Date(last - (days - 1 - i) * 86_400_000).toISOString().slice(0, 10),
      released: (i * 7) % 5,
      in_progress: i === days - 1 ? 1 : 0,
      held: i % 4 === 1 ? 1 : 0,
      refused: i % 3 === 0 ? 2 : 0,
      failed: i % 6 === 5 ? 1 : 0,
      removed: 0,
      limited: i % 5 === 2 ? 2 : 0,
    })),
    categories: [
      { category: 'graphic_violence', label: { en: 'Graphic violence', fr: 'Violence crue' }, count: 6 },
      { category: 'political', label: { en: 'Politics', fr: 'Politique' }, count: 3 },
    ],
    cameo_uses: 2,
    alerts: [],
  });
}

class Refused extends Error {}

/** The service as far as the page of guardians speaks to it. Bodies that the contracts refuse are refused. */
export class StagedGuardian {
  asked: string[] = [];
  bearers = new Set<string>();
  bodies: unknown[] = [];
  alerts = someAlerts();
  /** Polls until the number was typed; Infinity for never. */
  confirmedAfter = Infinity;

  constructor(public teens: GuardianTeen[] = [teenView()]) {}

  /** Puts itself between the page and the service. */
  async stand(page: Page): Promise<this> {
    await page.route('**/v1/guardian/**', (route) => this.answer(route));
    return this;
  }

  private async answer(route: Route): Promise<void> {
    const request = route.request();
    const { pathname, search } = new URL(request.url());
    const what = `${request.method()} ${pathname.replace('/v1/guardian/', '')}`;
    this.asked.push(what);
    const bearer = request.headers().authorization;
    if (bearer) this.bearers.add(bearer);
    const body = request.postDataJSON() as unknown;
    if (body) this.bodies.push(body);
    try {
      const json = this.json(what, body, Number(new URLSearchParams(search).get('days')));
      return await route.fulfill(json === null ? { status: 404, json: { error: { code: 'not_found' } } } : { json });
    } catch (e) {
      const code = e instanceof Refused ? e.message : 'invalid';
      return route.fulfill({ status: 400, json: { error: { code, message: String(e) } } });
    }
  }

  private json(what: string, body: unknown, days: number): unknown {
    if (what === 'POST accept') {
      if (!AcceptGuardianship.parse(body).name) throw new Refused('name_required');
      const waiting = { state: 'accepted', number: 47, expires_at: AT, active_at: null, limits: null } as const;
      this.teens = [teenView({ ...waiting, unseen_alerts: 0 }), ...this.teens.slice(1)];
      return { object: 'guardian.session', secret: SESSION, link: this.teens[0] };
    }
    if (what === 'GET links') {
      if (this.teens[0]?.state === 'accepted' && this.confirmedAfter-- <= 0)
        this.teens = [teenView(), ...this.teens.slice(1)];
      return { object: 'list', data: this.teens };
    }
    const [, method, id, part] = /^(\w+) links\/(\w+)(?:\/(\w+))?$/.exec(what) ?? [];
    if (part === 'summary') return summaryOf(days);
    if (part === 'alerts') return { object: 'list', data: this.alerts };
    if (part === 'limits') {
      const limits = GuardianLimits.parse(body);
      const view = { ...limits, object: 'guardian.limits' as const, version: 3, updated_at: AT };
      this.teens = this.teens.map((teen) => (teen.id === id ? { ...teen, limits: view } : teen));
      return view;
    }
    if (method === 'DELETE') {
      this.teens = this.teens.map((teen) =>
        teen.id === id ? { ...teen, state: 'ended', ended_by: 'guardian', ended_at: AT } : teen,
      );
      return {};
    }
    const seen = /^POST alerts\/(\w+)\/seen$/.exec(what)?.[1];
    if (!seen) return null;
    this.alerts = this.alerts.map((one) => (one.id === seen ? { ...one, seen_at: AT } : one));
    return {};
  }
}

/** Every category has its words in the form; `sexual_minors` is refused to everybody and not asked about. */
export const ASKED_CATEGORIES = CATEGORIES.filter((category) => category !== 'sexual_minors');
