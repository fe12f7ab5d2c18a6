export { AuditDayBook } from './days.js';
export { AuditError } from './errors.js';
export { AuditRecord } from './record.js';
