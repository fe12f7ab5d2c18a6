import type { Clock } from '#kernel';
import {
  Clips,
  EvidenceStills,
  GateMoves,
  HeldClips,
  type ClipWatcher,
  type Policies,
  type SafetyDesk,
} from '#domain/gate';
import type { CaseKind } from '#contracts';
import type { Core } from '#platform/core';
import type { Database } from '#platform/database';
import type { LikenessReader } from './background.js';
import { Cases } from './cases.js';
import { CaseClocks } from './clocks.js';
import { Decisions } from './decisions.js';
import { Exposure } from './exposure.js';
import { GoldenSet } from './golden.js';
import { KeyReaders } from './key-readers.js';
import { Leases } from './leases.js';
import { CaseLists } from './listing.js';
import { Queues } from './queues.js';
import { usualSettlers, type Settler } from './settlers.js';
import { Settling } from './settling.js';
import { ReviewSettings } from './settings.js';
import { Shifts } from './shift.js';
import { CaseViews } from './viewing.js';

/** What other rooms hand in. Every process that settles decisions needs the same. */
export interface DeskPorts {
  /** What their kinds of cases mean when they are settled. */
  settlers?: Partial<Record<CaseKind, Settler>>;
  likeness?: LikenessReader;
}

/** What the desk stands on. */
export interface DeskOptions extends DeskPorts {
  database: Database;
  clock: Clock;
  cases: Cases;
  policies: Pick<Policies, 'of' | 'now'>;
  held: Pick<HeldClips, 'decide'>;
  safety: Pick<SafetyDesk, 'found'>;
  clips: Pick<Clips, 'withdraw'>;
  stills: Pick<EvidenceStills, 'open'>;
  /** Usual budget of unblurred video a day, minutes. */
  exposureMinutes: number;
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
  settings: ReviewSettings;
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
  const settling = new Settling(database, clock, policies, settlers);
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
    settings: new ReviewSettings(database, clock, options.exposureMinutes),
    settling,
    shifts: new Shifts(database, clock, queues, exposure),
    views: new CaseViews({ database, clock, lists, stills, ...(likeness && { likeness }) }),
  };
}

/** The gate with the cases that follow it. */
export interface ReviewedGate {
  cases: Cases;
  moves: GateMoves;
  clips: Clips;
  heldClips: HeldClips;
  stills: EvidenceStills;
  safety: SafetyDesk;
}

/** Puts the gate together for a process, followed by the cases of review. */
export function openReviewedGate(
  { database, clock, blobs }: Pick<Core, 'database' | 'clock' | 'blobs'>,
  policies: Policies,
  beside: { safety: SafetyDesk; watch: ClipWatcher },
): ReviewedGate {
  const cases = new Cases(database, clock, policies);
  const moves = new GateMoves(database, clock, beside.safety, beside.watch, cases.watch);
  return {
    cases,
    moves,
    clips: new Clips(database, moves, blobs, clock),
    heldClips: new HeldClips(database, moves, policies, clock),
    stills: new EvidenceStills(database, blobs),
    safety: beside.safety,
  };
}

/** The desk upon a gate, for a process. @param ports of other rooms, made of the same gate */
export function deskUpon(
  { database, clock, config }: Pick<Core, 'database' | 'clock' | 'config'>,
  policies: Policies,
  { cases, heldClips: held, clips, stills, safety }: ReviewedGate,
  ports: DeskPorts,
): Desk {
  const exposureMinutes = config.REVIEW_EXPOSURE_MINUTES;
  return openDesk({ database, clock, cases, policies, held, clips, stills, safety, exposureMinutes, ...ports });
}
