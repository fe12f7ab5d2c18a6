export { Accounts } from './accounts.js';
export { NoticeError } from './errors.js';
export { openNotices, type Notices } from './notices.js';
export type { ReportSender } from './reports.js';
export { Statements } from './statements.js';
