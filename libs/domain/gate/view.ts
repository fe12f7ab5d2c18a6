import {
  AppliedLabel,
  Audience,
  CaseLimits,
  Derivation,
  Inspection,
  Signal,
  Stage,
  type ClipView,
  type Video,
} from '#contracts';
import type { Clip, Release } from '#platform/database';
import { readDecisions, ReviewRecord } from './records.js';
import { z } from 'zod';

/** How far along the whole way each state is, in percent; generating takes the first 70. */
const DONE: Record<Clip['state'], number> = {
  queued: 0,
  generating: 0,
  inspecting: 70,
  held: 80,
  marking: 80,
  signing: 90,
  rereading: 95,
  logging: 98,
  released: 100,
  withdrawn: 100,
  refused: 100,
  failed: 100,
  deleted: 100,
};

function progressOf(clip: Clip): number {
  if (clip.state === 'generating') return Math.round(clip.progress * 0.7);
  if (clip.state === 'held' && clip.heldAt === 'prompt') return 0;
  return DONE[clip.state];
}

function statusOf(clip: Clip): Video['status'] {
  switch (clip.state) {
    case 'queued':
      return 'queued';
    case 'released':
      return 'completed';
    case 'refused':
    case 'failed':
    case 'deleted':
    case 'withdrawn':
      return 'failed';
    default:
      return 'in_progress'; // a clip held for a person too: the API has no such state
  }
}

function errorOf(clip: Clip): Video['error'] {
  if (clip.state === 'refused') {
    const statement = clip.statementId ? ` Statement of reasons: ${clip.statementId}.` : '';
    return {
      code: 'moderation_blocked',
      message: `This clip breaks the content policy and was not released.${statement}`,
    };
  }
  if (clip.state === 'withdrawn')
    return { code: 'video_withdrawn', message: 'This clip was withdrawn after its release.' };
  if (clip.state !== 'failed') return null;
  // The engine's own moderation has the name that the API gives to any.
  const code = clip.errorCode === 'generator_refused' ? 'moderation_blocked' : clip.errorCode;
  return {
    code: code ?? 'generation_failed',
    message: clip.errorMessage ?? 'The clip could not be generated.',
  };
}

const unix = (date: Date) => Math.floor(date.getTime() / 1000);

/** A clip as the OpenAI Videos API shows it. */
export function videoView(clip: Clip): Video {
  return {
    id: clip.id,
    object: 'video',
    status: statusOf(clip),
    progress: progressOf(clip),
    model: clip.model,
    prompt: clip.prompt,
    seconds: String(clip.seconds),
    size: clip.size,
    created_at: unix(clip.createdAt),
    completed_at: clip.completedAt ? unix(clip.completedAt) : null,
    expires_at: null,
    error: errorOf(clip),
    remixed_from_video_id: clip.remixedFrom,
  };
}

/** One line of a clip's history, as read from the audit record. */
export interface HistoryRow {
  at: Date;
  fromState: string | null;
  toState: string | null;
  actor: string;
  data: unknown;
}

function releaseView(release: Release): NonNullable<ClipView['release']> {
  return {
    id: release.id,
    released_at: release.releasedAt.toISOString(),
    sha256: release.assetSha256,
    manifest_id: release.manifestId,
    watermark: { z: release.watermarkZ, frames: release.watermarkFrames },
    credentials: release.credentialsRead,
  };
}

/** What was found, without what it was found in: of a clip under seal nobody reads words or places here. */
function bare({ reason: _reason, box: _box, series: _series, still: _still, ...signal }: Signal): Signal {
  return signal;
}

/** A clip as it truly is. Internal ids of the engine and storage names stay inside. */
export function clipView(clip: Clip, history: HistoryRow[], release: Release | null, maker: string | null): ClipView {
  const decisions = readDecisions(clip.decisions);
  const injected = z.array(Signal).parse(clip.injected);
  const seen = decisions.flatMap((record) => record.signals);
  return {
    id: clip.id,
    object: 'clip',
    state: clip.state,
    held_at: z
      .union([Stage, z.literal('marks')])
      .nullable()
      .parse(clip.heldAt),
    progress: progressOf(clip),
    model: clip.model,
    engine: clip.engine,
    prompt: clip.prompt,
    seconds: clip.seconds,
    size: clip.size,
    seed: clip.seed,
    audience: Audience.parse(clip.audience),
    // Clips of earlier versions say no more than what they were made from: remixes were the only way.
    made_from: clip.remixedFrom
      ? { video_id: clip.remixedFrom, how: Derivation.parse(clip.derivation ?? 'remix') }
      : null,
    maker,
    decisions: decisions.map((record) => record.decision),
    // Injected signals join the decision on the clip; before that they are shown on their own.
    signals: (seen.some((signal) => signal.synthetic) ? seen : [...seen, ...injected]).map((signal) =>
      clip.sealedAt ? bare(signal) : signal,
    ),
    inspection: clip.inspection ? Inspection.parse(clip.inspection) : null,
    review: clip.review ? ReviewRecord.parse(clip.review) : null,
    limits: clip.limits ? CaseLimits.parse(clip.limits) : null,
    statement_id: clip.statementId,
    label: clip.label ? AppliedLabel.parse(clip.label) : null,
    release: release && clip.state === 'released' ? releaseView(release) : null,
    error: clip.errorCode ? { code: clip.errorCode, message: clip.errorMessage ?? '' } : null,
    timings: z.record(z.string(), z.number()).parse(clip.timings),
    events: history.map((row) => {
      const note = (row.data as { note?: unknown } | null)?.note;
      return {
        at: row.at.toISOString(),
        from: row.fromState as ClipView['state'] | null,
        to: row.toState as ClipView['state'],
        actor: row.actor,
        ...(typeof note === 'string' && { note }),
      };
    }),
    created_at: clip.createdAt.toISOString(),
    updated_at: clip.updatedAt.toISOString(),
  };
}
