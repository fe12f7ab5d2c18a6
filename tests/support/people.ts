import { randomBytes } from 'node:crypto';
import type { GuardianLimits, PutAccess, PutMaker } from '#contracts';
import type { AdmitContext } from '#domain/gate';
import { systemClock } from '#kernel';
import type { Clip } from '#platform/database';
import { GateHarness } from './gate.js';

/** No limit of a guardian's. */
export const NO_LIMITS: GuardianLimits = {
  ...{ cameo: true, remix: true, daily_generations: null, quiet_hours: null, blocked_categories: [] },
};
/** No access rule. */
export const NO_RULES: PutAccess = { invite_required: false, countries: [], free_allowance: null };
/** This year. */
export const YEAR = new Date().getUTCFullYear();

/** A name that no maker has yet. */
export const newName = () => `m-${randomBytes(6).toString('hex')}`;

const realNow = () => new Date();

/** Moves the clock of everything in this process; without a time it goes right again. */
export function setClock(at?: string | Date): void {
  systemClock.now = at === undefined ? realNow : () => new Date(at);
}

/** A platform with makers, on a gate of its own. */
export class People {
  private constructor(readonly gate: GateHarness) {}

  static async open(): Promise<People> {
    const gate = await GateHarness.open();
    gate.caller = { ...gate.caller, maxActiveClips: 1000, makerRatePerMinute: 1000 };
    return new People(gate);
  }

  get tenant(): string {
    return this.gate.caller.tenantId;
  }

  get room() {
    return this.gate.guardianship;
  }

  put(name: string, change: PutMaker) {
    return this.room.makers.put(this.tenant, name, change, 'test');
  }

  follow(name: string, follows: string[]) {
    return this.room.contacts.put(this.tenant, name, follows, 'test');
  }

  access(rules: Partial<PutAccess>) {
    return this.room.access.put(this.tenant, { ...NO_RULES, ...rules }, 'test');
  }

  /** Asks for a clip in somebody's name. */
  ask(maker: string | undefined, context: Partial<AdmitContext> = {}, request: object = {}): Promise<Clip> {
    return this.gate.admit(request, { maker, ...context });
  }

  async idOf(name: string): Promise<string> {
    const where = { tenantId: this.tenant, externalId: name };
    return (await this.gate.core.database.maker.findFirstOrThrow({ where })).id;
  }

  /** Refusals by rules and limits that are on record, as "code count". */
  async stops(name: string): Promise<string[]> {
    const rows = await this.gate.core.database.makerStop.findMany({ where: { makerId: await this.idOf(name) } });
    return rows.map(({ code, count }) => `${code} ${count}`).sort();
  }

  /** A teen with a guardian who is signed in. */
  async family(limits: Partial<GuardianLimits> = {}, teen = newName()) {
    const { links, guardians, sessions } = this.room;
    await this.put(teen, { birth_year: YEAR - 15 });
    const { id, code } = await links.invite(this.tenant, teen, { locale: 'fr' }, 'test');
    const { secret, link } = await guardians.accept({ token: code, name: 'Maman' }, null);
    const session = await sessions.authenticate(`Bearer ${secret}`);
    await links.confirm(this.tenant, teen, id, link.number!, 'test');
    await guardians.putLimits(session, id, { ...NO_LIMITS, ...limits });
    return { teen, id, session, secret: secret! };
  }
}
