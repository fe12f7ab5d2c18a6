import { AppliedLabel, type LabelCue } from '#contracts';
import type { Database } from '#platform/database';
import { ClipError, clipNotFound } from './errors.js';

const clock = (seconds: number) => new Date(Math.round(seconds * 1000)).toISOString().slice(11, 23);
const percent = (share: number) => `${(share * 100).toFixed(1)}%`;
const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

function cueOf({ text, from_s, to_s, box }: LabelCue): string {
  const place = `line:${percent(box.y)} position:${percent(box.x + box.width / 2)} align:center`;
  return `${clock(from_s)} --> ${clock(to_s)} ${place}\n${escaped(text)}\n`;
}

/** The label as a text track (WebVTT), for players that show it over the picture. */
export function labelTrack(label: AppliedLabel): string {
  return ['WEBVTT\n', ...label.cues.map(cueOf)].join('\n');
}

/**
 * The text track of a released clip whose label is delivered beside it.
 * @throws ClipError `video_not_found`, `video_not_ready`, `label_not_overlay`
 */
export async function openLabelTrack(database: Database, tenantId: string, id: string): Promise<string> {
  const clip = await database.clip.findFirst({ where: { id, tenantId, state: { not: 'deleted' } } });
  if (!clip) throw clipNotFound(id);
  if (clip.state !== 'released')
    throw new ClipError('invalid', 'video_not_ready', 'This video is not released, so it has no text track.');
  const label = clip.label === null ? null : AppliedLabel.parse(clip.label);
  if (label?.delivery === 'overlay' && label.cues.length) return labelTrack(label);
  const text = 'The label of this video is not delivered as a text track; the clip says how it is.';
  throw new ClipError('not_found', 'label_not_overlay', text);
}
