export { recordAudit, type AuditFact } from './audit.js';
