export { Database, json, migrateDatabase, migrationState, type Transaction } from './database.js';
export { DatabaseError, startEmbeddedDatabase, type RunningDatabase } from './embedded.js';
export {
  Prisma,
  type AccessInvite,
  type AccessRule,
  type Clip,
  type GuardianAlertRow,
  type GuardianLinkRow,
  type LogCheckpoint,
  type LogLeafRow,
  type LogPending,
  type Maker,
  type MakerAge,
  type Release,
  type Statement,
  type VerificationJob,
} from './generated/prisma/client.js';
