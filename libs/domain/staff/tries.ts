import { sha256Hex } from '#kernel';
import { RateLimitError, Tries } from '#platform/auth';
import { networkOf } from './device.js';

/** Where a try comes from and whom it is for. */
export interface Attempt {
  /** As typed; need not exist. */
  email: string;
  address: string | undefined;
  /** Whether this person signed in from there lately. */
  known: boolean;
}

/**
 * Bounds on guessing passwords. One network has few tries at one person; many networks together have few more, and
 * those do not count where the person has signed in from before: whoever floods an account from elsewhere does not
 * keep its owner out.
 */
export class SignInTries {
  private readonly pair = new Tries({ points: 8, seconds: 15 * 60 });
  private readonly network = new Tries({ points: 60, seconds: 15 * 60 });
  private readonly strangers = new Tries({ points: 30, seconds: 3600 });

  /** @throws RateLimitError */
  async password({ email, address, known }: Attempt): Promise<void> {
    const person = sha256Hex(email.trim().toLowerCase());
    await this.network.take(networkOf(address));
    await this.pair.take(`${person} ${networkOf(address)}`);
    if (!known) await this.strangers.take(person);
  }

  /** After a success: the person's own slips are forgotten, those of others are not. */
  async forgive({ email, address }: Attempt): Promise<void> {
    await this.pair.forgive(`${sha256Hex(email.trim().toLowerCase())} ${networkOf(address)}`);
  }

  /** Everything else that can be tried without being somebody: invitations, tickets, returns from the company. */
  async other(address: string | undefined): Promise<void> {
    await this.network.take(networkOf(address));
  }
}

/** Wrong codes that cost nothing but themselves. */
const FREE = 5;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 3600_000;

/**
 * Each wrong code after the fifth doubles the wait, up to an hour: about 30 guesses in a day, of a million codes. Only
 * somebody who knows the password can make a person wait.
 * @throws RateLimitError while the wait lasts
 */
export function assertMayTryCode(row: { codeFailures: number; codeFailedAt: Date | null }, now: Date): void {
  if (row.codeFailures < FREE || !row.codeFailedAt) return;
  const wait = Math.min(FIRST_WAIT_MS * 2 ** (row.codeFailures - FREE), LONGEST_WAIT_MS);
  const left = row.codeFailedAt.getTime() + wait - now.getTime();
  if (left <= 0) return;
  const seconds = Math.ceil(left / 1000);
  throw new RateLimitError(`Too many wrong codes. Try again in ${seconds} s.`, seconds);
}
