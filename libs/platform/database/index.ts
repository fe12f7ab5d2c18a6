export { Database, json, migrateDatabase, migrationState, type Transaction } from './database.js';
export { DatabaseError, startEmbeddedDatabase, type RunningDatabase } from './embedded.js';
export {
  Prisma,
  type AccessInvite,
  type AccessRule,
  type Clip,
  type GuardianAlertRow,
  type GuardianLinkRow,
  type LikenessEnrolment,
  type LikenessGrant,
  type LikenessPerson,
  type LikenessUse,
  type LogCheckpoint,
  type LogLeafRow,
  type LogPending,
  type Maker,
  type MakerAge,
  type Release,
  type Statement,
  type VerificationJob,
  type Withdrawal,
} from './generated/prisma/client.js';
