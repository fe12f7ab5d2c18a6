import type { CaseKind } from '#contracts';
import { Restorations, type Clips, type GateMoves, type Policies } from '#domain/gate';
import type { Cases, Settler } from '#domain/review';
import type { Core } from '#platform/core';
import { Accounts } from './accounts.js';
import { appealSettler } from './appeal-settler.js';
import { Appeals } from './appeals.js';
import { MakerHistories } from './makers.js';
import { reportSettler } from './report-settler.js';
import { Reports } from './reports.js';
import { Statements } from './statements.js';

/** What notices stand on. */
export interface NoticesOptions {
  cases: Pick<Cases, 'open'>;
  moves: GateMoves;
  clips: Pick<Clips, 'withdraw'>;
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

/** Puts notices together upon a gate whose cases are decided at the review desk. They keep no state of their own. */
export function openNotices(
  core: Pick<Core, 'database' | 'clock' | 'blobs' | 'keyring'>,
  policies: Pick<Policies, 'current'>,
  { cases, moves, clips }: NoticesOptions,
): Notices {
  const { database, clock, blobs } = core;
  const { sealer } = core.keyring;
  const accounts = new Accounts(database, clock, policies);
  const restorations = new Restorations(database, moves, blobs, policies, clock);
  return {
    statements: new Statements(database),
    reports: new Reports(database, clock, cases, policies, sealer),
    appeals: new Appeals(database, clock, cases, policies),
    accounts,
    makers: new MakerHistories(database, clock, accounts),
    settlers: {
      report: reportSettler({ database, clips, policies, clock }),
      appeal: appealSettler({ database, restorations, policies, clock }),
    },
  };
}
