export { Database, json, migrateDatabase, migrationState, type Transaction } from './database.js';
export { DatabaseError, runningDatabaseUrl, startEmbeddedDatabase, type RunningDatabase } from './embedded.js';
export {
  Prisma,
  type AuditDay as AuditDayRow,
  type AuditEvent,
  type Clip,
  type LogCheckpoint,
  type LogLeafRow,
  type LogPending,
  type PolicyApproval,
  type PolicyBacktest,
  type PolicyRevision,
  type Release,
  type Staff,
  type StaffSession,
  type Statement,
  type VerificationJob,
} from './generated/prisma/client.js';
