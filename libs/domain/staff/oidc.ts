import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientSecretBasic,
  discovery,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  type Configuration,
} from 'openid-client';
import type { Clock } from '#kernel';
import { messageOf } from '#kernel';
import type { StaffRole } from '#contracts';
import type { Database } from '#platform/database';
import type { Sealer } from '#platform/keys';
import { z } from 'zod';
import { enterByCompany, noteCompanyRefusal, type CompanyPerson } from './company-accounts.js';
import { StaffError } from './errors.js';
import type { SignInPlace, StaffSessions } from './sessions.js';
import type { SignedIn } from './sign-in.js';
import { SignInTries } from './tries.js';

const AWAY_MS = 10 * 60_000;
const ANSWER_S = 10;
const CONTEXT = 'staff.oidc';
/** Plain http is for an identity provider on this machine alone. */
const LOCAL = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(\/|$)/;

/** How the company's OpenID Connect is reached. */
export interface CompanySettings {
  issuer: string;
  clientId: string;
  clientSecret: string;
  scope: string;
  groupsClaim: string;
  /** Roles that groups give; empty lets in those who are staff already and changes no role. */
  roleMap: readonly { group: string; roles: readonly StaffRole[] }[];
  /** Address that the company sends people back to. */
  redirectUri: string;
}

const Away = z.strictObject({ state: z.string(), nonce: z.string(), verifier: z.string(), until: z.number() });

const Claims = z.object({
  iss: z.string(),
  sub: z.string().min(1),
  email: z.string().max(254).optional(),
  email_verified: z.union([z.boolean(), z.string()]).optional(),
  name: z.string().max(200).optional(),
});

/** Where somebody is sent, and what their browser keeps meanwhile. */
export interface CompanyStart {
  url: string;
  /** Goes into a cookie of its own. */
  sealed: string;
  keepMs: number;
}

/** What company sign-in stands on. */
export interface CompanyServices {
  sealer: Sealer;
  clock: Clock;
  sessions: StaffSessions;
  /** Told why a sign-in failed; the person is told less. */
  warn: (facts: object, message: string) => void;
}

/** The way in with the company's account: OpenID Connect, code flow with PKCE, state and nonce. */
export class CompanySignIn {
  private readonly tries = new SignInTries();
  private found: Promise<Configuration> | null = null;

  /** @param settings null when the deployment has none */
  constructor(
    private readonly database: Database,
    private readonly services: CompanyServices,
    private readonly settings: CompanySettings | null,
  ) {}

  /** Whether it is offered. */
  get offered(): boolean {
    return this.settings !== null;
  }

  /** Sends somebody to the company. @throws StaffError `oidc_off`, `oidc_unavailable`; RateLimitError */
  async start(place: SignInPlace): Promise<CompanyStart> {
    const settings = this.needed();
    await this.tries.other(place.address);
    const config = await this.configuration(settings);
    const away = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
    const url = buildAuthorizationUrl(config, {
      redirect_uri: settings.redirectUri,
      scope: settings.scope,
      code_challenge: await calculatePKCECodeChallenge(away.verifier),
      code_challenge_method: 'S256',
      state: away.state,
      nonce: away.nonce,
    });
    const until = this.services.clock.now().getTime() + AWAY_MS;
    const sealed = this.services.sealer.seal(JSON.stringify({ ...away, until }), CONTEXT);
    return { url: url.href, sealed, keepMs: AWAY_MS };
  }

  /**
   * Somebody comes back.
   * @param query as it came, with its question mark
   * @param sealed what the browser kept
   * @throws StaffError `oidc_failed`, `oidc_email_unverified`, `oidc_unknown`, `oidc_no_role`, `staff_disabled`
   */
  async finish(query: string, sealed: string | undefined, place: SignInPlace, replaces?: string): Promise<SignedIn> {
    const settings = this.needed();
    await this.tries.other(place.address);
    const person = await this.proven(settings, query, sealed);
    try {
      const session = await this.database.$transaction(async (tx) => {
        const staffId = await enterByCompany(tx, person, settings.roleMap, this.services.clock.now());
        await this.services.sessions.endReplaced(tx, replaces);
        return this.services.sessions.open(tx, staffId, 'oidc', place);
      });
      return { session };
    } catch (e) {
      if (e instanceof StaffError) await noteCompanyRefusal(this.database, person, e.code);
      throw e;
    }
  }

  private needed(): CompanySettings {
    if (this.settings) return this.settings;
    throw new StaffError('not_found', 'oidc_off', 'Sign-in with a company’s account is not set up here.');
  }

  /** What the company says of the person, after every check of the protocol. */
  private async proven(settings: CompanySettings, query: string, sealed: string | undefined): Promise<CompanyPerson> {
    const away = this.opened(sealed);
    const config = await this.configuration(settings);
    try {
      const url = new URL(settings.redirectUri);
      url.search = query;
      // Checks state, issuer, the code's PKCE, and of the ID token: signature, issuer, audience, times, nonce.
      const tokens = await authorizationCodeGrant(config, url, {
        expectedState: away.state,
        expectedNonce: away.nonce,
        pkceCodeVerifier: away.verifier,
        idTokenExpected: true,
      });
      const signed = tokens.claims()!;
      const asks =
        signed.email === undefined || (settings.roleMap.length > 0 && signed[settings.groupsClaim] === undefined);
      const told =
        asks && config.serverMetadata().userinfo_endpoint
          ? await fetchUserInfo(config, tokens.access_token, signed.sub)
          : {};
      const all: Record<string, unknown> = { ...told, ...signed };
      return { ...this.read(Claims.parse(all)), groups: groupsOf(all[settings.groupsClaim]) };
    } catch (e) {
      if (e instanceof StaffError) throw e;
      this.services.warn({ reason: messageOf(e).slice(0, 300) }, 'sign-in with a company account failed');
      throw failed();
    }
  }

  private read({ iss, sub, email, email_verified, name }: z.infer<typeof Claims>): Omit<CompanyPerson, 'groups'> {
    if (!email || (email_verified !== true && email_verified !== 'true')) {
      const message = 'Your company did not confirm your e-mail address. Ask those who run its accounts.';
      throw new StaffError('forbidden', 'oidc_email_unverified', message);
    }
    return { issuer: iss, subject: sub, email: email.trim().toLowerCase(), name: name?.trim().slice(0, 100) };
  }

  private opened(sealed: string | undefined): z.infer<typeof Away> {
    try {
      const away = Away.parse(JSON.parse(this.services.sealer.open(sealed ?? '', CONTEXT).toString('utf8')));
      if (away.until > this.services.clock.now().getTime()) return away;
    } catch {
      // Told below, like one that is too old.
    }
    throw failed();
  }

  private async configuration({ issuer, clientId, clientSecret }: CompanySettings): Promise<Configuration> {
    const insecure = LOCAL.test(issuer) ? [allowInsecureRequests] : [];
    this.found ??= discovery(new URL(issuer), clientId, undefined, ClientSecretBasic(clientSecret), {
      execute: insecure,
      timeout: ANSWER_S,
    });
    try {
      return await this.found;
    } catch (e) {
      this.found = null; // the next person asks again
      this.services.warn({ reason: messageOf(e).slice(0, 300) }, 'the identity provider cannot be read');
      const message = 'The accounts of the company cannot be reached. Try again later.';
      throw new StaffError('unavailable', 'oidc_unavailable', message, { retryAfterS: 30 });
    }
  }
}

function failed(): StaffError {
  return new StaffError('unauthorized', 'oidc_failed', 'Signing in with the company’s account failed. Try again.');
}

function groupsOf(claim: unknown): string[] {
  if (typeof claim === 'string') return [claim];
  return Array.isArray(claim) ? claim.filter((one): one is string => typeof one === 'string') : [];
}
