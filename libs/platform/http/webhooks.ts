import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { AppError, messageOf } from '#kernel';
import { type AddressPolicy } from './addresses.js';
import { HttpError } from './errors.js';
import { startDeadline } from './exchange.js';
import { openAnswer } from './fetch.js';
import { retryAfterSeconds } from './retry-after.js';
import { type Resolver } from './urls.js';

/** One attempt to deliver one event. */
export interface WebhookDelivery {
  url: string;
  /** `whsec_...` keys, newest first; each gives a signature, so that keys can be rotated without a gap. */
  secrets: readonly string[];
  /** Id of the event: the same for every attempt, so that receivers can drop repeats. */
  id: string;
  /** Time of this attempt: receivers refuse what is more than 5 minutes away from their clock. */
  timestamp: Date;
  /** The exact text that is signed and sent (JSON). */
  body: string;
}

/** How to deliver. */
export interface WebhookOptions extends AddressPolicy {
  /** Milliseconds for the whole attempt. Default 10 000. */
  timeoutMs?: number;
  signal?: AbortSignal;
  /** Finds addresses; the system's resolver by default. */
  resolve?: Resolver;
}

/** What became of an attempt. */
export interface WebhookOutcome {
  /** True for a 2xx answer. */
  ok: boolean;
  /** HTTP status; null when there was no answer. */
  status: number | null;
  /** Seconds that the receiver asks to wait. */
  retryAfterS?: number;
  /** Present when `ok` is false. Codes: those of {@link HttpError}, or `http_status`. */
  error?: { code: string; message: string };
}

/** A new signing key, `whsec_` and 32 random bytes in base64 (Standard Webhooks, symmetric). */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

/**
 * The three headers of Standard Webhooks for a body.
 * @throws AppError `webhook_secret_invalid` when there is no usable key
 */
export function webhookHeaders(delivery: Omit<WebhookDelivery, 'url'>): Record<string, string> {
  const { secrets, id, timestamp, body } = delivery;
  if (secrets.length === 0) throw badSecret();
  const signatures = secrets.map((secret) => {
    try {
      return new Webhook(secret).sign(id, timestamp, body);
    } catch (cause) {
      throw badSecret(cause);
    }
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(timestamp.getTime() / 1000)),
    'webhook-signature': signatures.join(' '),
  };
}

function badSecret(cause?: unknown): AppError {
  return new AppError('internal', 'webhook_secret_invalid', 'The webhook has no usable signing key: rotate it.', {
    cause,
  });
}

/**
 * Signs and posts one event. No redirect is followed and the answer's body is not read. Remote failures, a refused
 * address among them, are returned and never thrown.
 * @throws AppError `webhook_secret_invalid`; the signal's reason when `signal` aborts
 */
export async function deliverWebhook(delivery: WebhookDelivery, opts: WebhookOptions = {}): Promise<WebhookOutcome> {
  const headers = { 'content-type': 'application/json', ...webhookHeaders(delivery) };
  const timeoutMs = opts.timeoutMs ?? 10_000;
  const deadline = startDeadline(timeoutMs, opts.signal);
  try {
    const body = Buffer.from(delivery.body, 'utf8');
    const request = { ...opts, method: 'POST', headers, body, timeoutMs, maxBytes: 0, redirect: 'manual' as const };
    const answer = await openAnswer(delivery.url, request, deadline);
    await answer.close();
    return outcomeOf(answer.status, answer.headers);
  } catch (thrown) {
    if (opts.signal?.aborted) throw thrown;
    const code = thrown instanceof HttpError ? thrown.code : 'upstream_unreachable';
    return { ok: false, status: null, error: { code, message: messageOf(thrown) } };
  } finally {
    deadline.dispose();
  }
}

function outcomeOf(status: number, headers: Record<string, string>): WebhookOutcome {
  if (status >= 200 && status < 300) return { ok: true, status };
  const retryAfterS = retryAfterSeconds(headers);
  const message =
    status >= 300 && status < 400
      ? 'The endpoint redirects; redirects are not followed.'
      : `The endpoint answered ${status}.`;
  const error = { code: 'http_status', message };
  return { ok: false, status, error, ...(retryAfterS === undefined ? {} : { retryAfterS }) };
}
