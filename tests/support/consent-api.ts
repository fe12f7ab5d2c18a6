import { readFile } from 'node:fs/promises';
import { systemClock } from '#kernel';
import type { EnrolView, Enrolment } from '#contracts';
import { ApiKeys } from '#platform/auth';
import type { GateHarness } from './gate.js';
import { serveApi } from './api.js';

/** Status and body of an answer. */
export interface Answer {
  status: number;
  body: Record<string, never> & { error?: { code: string; message: string } };
}

/** The API of consent as platforms and people call it. */
export class ConsentApi {
  private constructor(
    readonly url: string,
    readonly key: string,
    readonly stop: () => Promise<void>,
  ) {}

  static async open(gate: GateHarness): Promise<ConsentApi> {
    const keys = new ApiKeys(gate.core.database, systemClock);
    const { key } = await keys.create(gate.caller.tenantId, 'consent', ['admin'], 'test');
    const { url, stop } = await serveApi(gate, {});
    return new ConsentApi(url, key, stop);
  }

  /** @param bearer the platform's key unless given */
  async call(method: string, path: string, body?: object | FormData, bearer = this.key): Promise<Answer> {
    const form = body instanceof FormData;
    const response = await fetch(`${this.url}/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${bearer}`,
        ...(body && !form && { 'content-type': 'application/json' }),
      },
      ...(body && { body: form ? body : JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  }

  /** What must go well. */
  async good<T>(method: string, path: string, body?: object | FormData, bearer?: string): Promise<T> {
    const answer = await this.call(method, path, body, bearer);
    if (answer.status > 299) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body as T;
  }

  /** Begins an enrolment and agrees. @returns id and secret */
  async begin(user: string, more: object = {}): Promise<{ id: string; secret: string }> {
    const { id, secret } = await this.good<Enrolment>('POST', '/consent/enrolments', { user, ...more });
    await this.good('POST', '/consent/enrol/release', await this.release(secret!), secret);
    return { id, secret: secret! };
  }

  /** What somebody of age sends who agrees. */
  async release(secret: string, birth_date = '1980-02-29'): Promise<object> {
    const { notice } = await this.good<EnrolView>('GET', '/consent/enrol', undefined, secret);
    const attest = { is_me: true, is_adult: true };
    return { accept: true, notice_sha256: notice.sha256, name: 'Eileen Collins', birth_date, attest };
  }

  /** Sends a recording. */
  async record(secret: string, path: string): Promise<Answer> {
    const form = new FormData();
    form.append('video', new Blob([await readFile(path)], { type: 'video/mp4' }), 'answer.mp4');
    return this.call('POST', '/consent/enrol/recording', form, secret);
  }
}
