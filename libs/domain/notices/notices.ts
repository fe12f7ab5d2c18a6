import type { Clock } from '#kernel';
import type { CaseKind } from '#contracts';
import { Restorations, type Clips, type GateMoves, type Policies, type SafetyDesk } from '#domain/gate';
import type { Cases, Settler } from '#domain/review';
import type { Database } from '#platform/database';
import type { Sealer } from '#platform/keys';
import type { BlobStore } from '#platform/storage';
import { Accounts } from './accounts.js';
import { appealSettler } from './appeal-settler.js';
import { Appeals } from './appeals.js';
import { MakerHistories } from './makers.js';
import { reportSettler } from './report-settler.js';
import { Reports } from './reports.js';
import { Statements } from './statements.js';

/** What notices stand on. */
export interface NoticesOptions {
  database: Database;
  clock: Clock;
  cases: Pick<Cases, 'open' | 'sealed'>;
  policies: Pick<Policies, 'current' | 'of' | 'now'>;
  moves: GateMoves;
  clips: Pick<Clips, 'withdraw'>;
  safety: Pick<SafetyDesk, 'found'>;
  blobs: Pick<BlobStore, 'stat'>;
  sealer: Sealer;
}

/** Everything about notices. */
export interface Notices {
  statements: Statements;
  reports: Reports;
  appeals: Appeals;
  accounts: Accounts;
  makers: MakerHistories;
  /** What cases of these kinds mean when they are settled, for the review desk. */
  settlers: Partial<Record<CaseKind, Settler>>;
}

/** Puts notices together. */
export function openNotices(options: NoticesOptions): Notices {
  const { database, clock, cases, policies, moves, clips, safety, blobs, sealer } = options;
  const accounts = new Accounts(database, clock, policies);
  const restorations = new Restorations(database, moves, blobs, policies, clock);
  return {
    statements: new Statements(database),
    reports: new Reports(database, clock, cases, policies, sealer),
    appeals: new Appeals(database, clock, cases, policies),
    accounts,
    makers: new MakerHistories(database, clock, accounts),
    settlers: {
      report: reportSettler({ database, clips, policies, safety, clock }),
      appeal: appealSettler({ database, cases, restorations, policies, safety, clock }),
    },
  };
}
