import type { CookieOptions, Request, Response } from 'express';
import { sha256Hex } from '#kernel';
import { AuthError } from '#platform/auth';

/** Names of our cookies. `__Host-` (RFC 6265bis) binds one to this host and to https; without https it cannot be had. */
export interface CookieNames {
  session: string;
  /** Holds a sign-in with a company's account while the person is away. */
  oidc: string;
  secure: boolean;
}

/** Cookie names for an address. */
export function cookieNames(publicUrl: string): CookieNames {
  const secure = publicUrl.startsWith('https:');
  const prefix = secure ? '__Host-' : '';
  return { session: `${prefix}imprimatur-staff`, oidc: `${prefix}imprimatur-oidc`, secure };
}

/** A cookie of the request; of two with one name neither counts, for one of them is not ours. */
export function readCookie(request: Request, name: string): string | undefined {
  const found = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim().split('='))
    .filter(([key]) => key === name);
  try {
    return found.length === 1 ? decodeURIComponent(found[0]!.slice(1).join('=')) : undefined;
  } catch {
    return undefined; // not ours either
  }
}

const common = (names: CookieNames): CookieOptions => ({ httpOnly: true, secure: names.secure, path: '/' });

/** Gives the browser its session; pages never see it. */
export function setSessionCookie(response: Response, names: CookieNames, secret: string, expires: Date): void {
  response.cookie(names.session, secret, { ...common(names), sameSite: 'strict', expires });
}

/** Takes the session back. */
export function clearSessionCookie(response: Response, names: CookieNames): void {
  response.clearCookie(names.session, { ...common(names), sameSite: 'strict' });
}

/** Keeps a sealed value while the person signs in elsewhere: they come back from another site, so not `strict`. */
export function setOidcCookie(response: Response, names: CookieNames, sealed: string, maxAge: number): void {
  response.cookie(names.oidc, sealed, { ...common(names), sameSite: 'lax', maxAge });
}

/** Takes it back: it is good for one return. */
export function clearOidcCookie(response: Response, names: CookieNames): void {
  response.clearCookie(names.oidc, { ...common(names), sameSite: 'lax' });
}

/** What unsafe requests of a session must carry: a page of another origin cannot know it. */
export function csrfOf(sessionSecret: string): string {
  return sha256Hex(`imprimatur-csrf:${sessionSecret}`);
}

/**
 * Refuses what another site's page sends in somebody's name. A client that is no browser sends neither header.
 * @throws AuthError `foreign_origin`
 */
export function assertOwnPage(request: Request, publicUrl: string): void {
  const origin = request.header('origin');
  const site = request.header('sec-fetch-site');
  const own = [new URL(publicUrl).origin, `${request.protocol}://${request.header('host') ?? ''}`];
  if ((origin === undefined || own.includes(origin)) && (site === undefined || site === 'same-origin')) return;
  throw new AuthError('forbidden', 'foreign_origin', 'This request came from a page of another site and was refused.');
}
