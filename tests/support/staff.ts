import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { newId } from '#kernel';
import type { Category, StaffLimits, StaffRole } from '#contracts';
import { StaffSessions } from '#domain/staff';
import { openCore, type Core } from '#platform/core';
import { json } from '#platform/database';
import { createKeys } from '#platform/keys';
import { createServer } from '../../apps/api/server.js';
import { csrfOf } from '../../apps/api/wire/cookies.js';
import { freshDatabase } from './fresh-database.js';

/** Answer of a route for staff. */
export interface Answer {
  status: number;
  headers: Headers;
  /** Parsed JSON, or null. */
  body: Record<string, unknown> & { error?: { code: string; message: string } };
}

/** Somebody who is signed in, at a browser that keeps the rules. */
export interface Person {
  id: string;
  cookie: string;
  csrf: string;
  /** Calls a route with cookie and CSRF header; `headers` come on top. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

/** The API with a database of its own, in this process. */
export interface Desk {
  core: Core;
  app: NestExpressApplication;
  url: string;
  /** Somebody new with these roles, signed in without the work of passwords and codes. */
  signedIn(roles: StaffRole[], limits?: Partial<StaffLimits>): Promise<Person>;
  /** Another session of somebody. */
  again(staffId: string): Promise<Person>;
  close(): Promise<void>;
}

/** Sends one request without any cookie but those given. */
export async function ask(
  url: string,
  method: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await fetch(url, {
    method,
    redirect: 'manual',
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(20_000),
  });
  if (!answer.headers.get('content-type')?.startsWith('application/json')) {
    await answer.body?.cancel(); // a stream of events would never end
    return { status: answer.status, headers: answer.headers, body: {} };
  }
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Answer['body'] };
}

/** Opens {@link Desk}. @param over parts of the core to replace, such as its clock */
export async function openDesk(env: Record<string, string> = {}, over: Partial<Core> = {}): Promise<Desk> {
  const dir = await mkdtemp(join(tmpdir(), 'imprimatur-desk-'));
  await createKeys(join(dir, 'keys'));
  const opened = await openCore('test', {
    DATABASE_URL: await freshDatabase(),
    IMPRIMATUR_DATA_DIR: dir,
    LOG_LEVEL: 'silent',
    ...env,
  });
  const core = { ...opened, ...over };
  const app = await createServer(core);
  const server = (await app.listen(0, '127.0.0.1')) as { address(): AddressInfo };
  const url = `http://127.0.0.1:${server.address().port}`;
  const sessions = new StaffSessions(core.database, core.clock);
  const again = async (id: string): Promise<Person> => {
    const place = { address: '127.0.0.1', userAgent: 'test' };
    const { secret } = await core.database.$transaction((tx) => sessions.open(tx, id, 'totp', place));
    const cookie = `imprimatur-staff=${secret}`;
    const csrf = csrfOf(secret);
    return {
      id,
      cookie,
      csrf,
      call: (method, path, body, headers) =>
        ask(`${url}${path}`, method, body, { cookie, 'x-imprimatur-csrf': csrf, ...headers }),
    };
  };
  const signedIn = async (roles: StaffRole[], limits: Partial<StaffLimits> = {}) => {
    const id = newId('stf');
    const all = { queues: null, categories: null as Category[] | null, tenants: null, ...limits };
    await core.database.staff.create({
      data: { id, email: `${id}@example.org`, name: roles.join(' '), roles, limits: json(all), oidcSubject: id },
    });
    return again(id);
  };
  const close = async () => {
    await app.close();
    await opened.close();
    await rm(dir, { recursive: true, force: true });
  };
  return { core, app, url, signedIn, again, close };
}

/** A clock that a test moves. */
export function movableClock(): { now(): Date; forward(seconds: number): void } {
  let ahead = 0;
  return { now: () => new Date(Date.now() + ahead), forward: (seconds) => (ahead += seconds * 1000) };
}
