export { Database, json, migrateDatabase, migrationState, type Transaction } from './database.js';
export { Listener, type ListenerEars } from './listener.js';
export { DatabaseError, runningDatabaseUrl, startEmbeddedDatabase, type RunningDatabase } from './embedded.js';
export {
  Prisma,
  type Appeal as AppealRow,
  type Clip,
  type LogCheckpoint,
  type LogLeafRow,
  type LogPending,
  type MakerAction,
  type Release,
  type ReviewCase as ReviewCaseRow,
  type ReviewDecision as ReviewDecisionRow,
  type ReviewNote,
  type ReviewQueue as ReviewQueueRow,
  type Staff,
  type StaffSession,
  type Statement,
  type StatementReversal,
  type UserReport,
  type VerificationJob,
} from './generated/prisma/client.js';
