import { type ModerationCategory } from '#contracts';
import { type TextVerdict } from './types.js';

const round = (x: number): number => Math.round(Math.min(1, Math.max(0, x)) * 1e5) / 1e5;

/**
 * Scores under the thirteen names of the OpenAI Moderations API. Approximations, because our categories are coarser:
 * - `x/threatening` is the smaller of x and the larger of violence and graphic violence (both must be present);
 * - `illicit/violent` is the smaller of illicit and the larger of violence, graphic violence and extremism;
 * - `hate` also takes extremism at 0.9 of its score, as the API has no category for it;
 * - `self-harm/intent` and `self-harm/instructions` are 0.8 of self-harm: the engine does not tell them apart;
 * - `illicit`'s model covers chat-style instructions as well as scenes;
 * - likeness, copyright, political and other have no counterpart and are left out.
 */
export function moderationScores(verdict: TextVerdict): Record<ModerationCategory, number> {
  const s = verdict.scores;
  const force = Math.max(s.violence, s.graphic_violence);
  const hate = Math.max(s.hate, 0.9 * s.extremism);
  return {
    harassment: round(s.harassment),
    'harassment/threatening': round(Math.min(s.harassment, force)),
    sexual: round(Math.max(s.sexual, s.sexual_minors >= 0.5 ? s.sexual_minors : 0)),
    hate: round(hate),
    'hate/threatening': round(Math.min(hate, Math.max(force, s.extremism))),
    illicit: round(s.illicit),
    'illicit/violent': round(Math.min(s.illicit, Math.max(force, s.extremism))),
    'self-harm/intent': round(0.8 * s.self_harm),
    'self-harm/instructions': round(0.8 * s.self_harm),
    'self-harm': round(s.self_harm),
    'sexual/minors': round(s.sexual_minors),
    violence: round(force),
    'violence/graphic': round(s.graphic_violence),
  };
}
