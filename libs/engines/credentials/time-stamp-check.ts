import { messageOf } from '#kernel';
import { certificatesOf, chainsTo } from './certificates.js';
import { CredentialsError } from './errors.js';
import { isTrustedAuthority, verifyToken } from './time-stamp-token.js';

/** A time stamp that holds. */
export interface CheckedTimeStamp {
  /** The time that the authority states. */
  time: Date;
  /** Subject of its certificate. Text by whoever made the certificate. */
  authority: string;
  /** Whether it chains to one of the anchors, at the stamped time and at the time of validation. */
  trusted: boolean;
}

/**
 * Checks an RFC 3161 token over SHA-256 of `message`.
 * @param anchorsPem roots of time-stamping authorities
 * @param at time of validation: certificates are judged then, and a stamp from after it is not trusted
 * @throws CredentialsError `credentials_time_stamp_invalid` when it stamps something else or its signature does not hold
 */
export function checkTimeStamp(
  token: Uint8Array,
  message: Uint8Array,
  anchorsPem: readonly string[],
  at: Date,
): CheckedTimeStamp {
  try {
    const verified = verifyToken(token, message);
    const anchors = anchorsPem.flatMap(certificatesOf);
    const trusted =
      isTrustedAuthority(verified, anchors) && verified.time <= at && chainsTo(verified.chain, anchors, at);
    const authority = verified.chain[0]!.subject.split('\n').join(', ');
    return { time: verified.time, authority, trusted };
  } catch (cause) {
    const text = `The time stamp does not hold: ${messageOf(cause)}. Ask for the report again.`;
    throw new CredentialsError('credentials_time_stamp_invalid', text, { cause });
  }
}
