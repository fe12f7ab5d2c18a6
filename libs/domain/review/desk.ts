import type { Clock } from '#kernel';
import type { Clips, EvidenceStills, HeldClips, Policies } from '#domain/gate';
import type { CaseKind } from '#contracts';
import type { Database } from '#platform/database';
import type { LikenessReader } from './background.js';
import type { Cases } from './cases.js';
import { CaseClocks } from './clocks.js';
import { Decisions } from './decisions.js';
import { Exposure } from './exposure.js';
import { GoldenSet } from './golden.js';
import { KeyReaders } from './key-readers.js';
import { Leases } from './leases.js';
import { CaseLists } from './listing.js';
import { Queues } from './queues.js';
import { usualSettlers, type Settler } from './settlers.js';
import { Settling, type ChildSafetyPort } from './settling.js';
import { Shifts } from './shift.js';
import { CaseViews } from './viewing.js';

/** What the desk stands on. */
export interface DeskOptions {
  database: Database;
  clock: Clock;
  cases: Cases;
  policies: Pick<Policies, 'current'>;
  held: Pick<HeldClips, 'decide'>;
  clips: Pick<Clips, 'withdraw'>;
  stills: Pick<EvidenceStills, 'open'>;
  /** Usual budget of unblurred video a day, minutes. */
  exposureMinutes: number;
  /** Of other rooms: what their kinds of cases mean when they are settled. */
  settlers?: Partial<Record<CaseKind, Settler>>;
  childSafety?: ChildSafetyPort;
  likeness?: LikenessReader;
  /** 0..1, for golden items. */
  random?: () => number;
}

/** All services of human review. */
export interface Desk {
  cases: Cases;
  clocks: CaseClocks;
  decisions: Decisions;
  exposure: Exposure;
  golden: GoldenSet;
  keyReaders: KeyReaders;
  leases: Leases;
  lists: CaseLists;
  queues: Queues;
  settling: Settling;
  shifts: Shifts;
  views: CaseViews;
}

/** Puts the desk together. The gate's moves have to follow the same `cases`. */
export function openDesk(options: DeskOptions): Desk {
  const { database, clock, cases, policies, stills, likeness } = options;
  const exposure = new Exposure(options.exposureMinutes);
  const leases = new Leases(database, clock, exposure, options.random);
  const lists = new CaseLists(database, clock);
  const queues = new Queues(database, clock);
  const settlers = { ...usualSettlers(options), ...options.settlers };
  const settling = new Settling(database, clock, policies, settlers, options.childSafety);
  return {
    cases,
    clocks: new CaseClocks(database, clock),
    decisions: new Decisions(database, clock, leases, exposure),
    exposure,
    golden: new GoldenSet(database, clock),
    keyReaders: new KeyReaders(database, clock, cases, settling),
    leases,
    lists,
    queues,
    settling,
    shifts: new Shifts(database, clock, queues, exposure),
    views: new CaseViews({ database, clock, lists, stills, ...(likeness && { likeness }) }),
  };
}
