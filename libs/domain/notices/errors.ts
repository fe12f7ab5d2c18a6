import { AppError } from '#kernel';

/** A statement, report, appeal or account is not what the request takes it for; `code` says in which way. */
export class NoticeError extends AppError {}

/** There is no such thing for this caller: what one may not see does not exist. */
export function noticeNotFound(what: 'statement' | 'report' | 'appeal' | 'maker', id: string): NoticeError {
  const words = { statement: 'statement of reasons', report: 'report', appeal: 'appeal', maker: 'maker' };
  return new NoticeError('not_found', `${what}_not_found`, `There is no ${words[what]} ${id.slice(0, 80)}.`);
}
