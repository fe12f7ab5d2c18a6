import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { plain } from '#kernel';
import type { Decision, Inspection, Signal } from '#contracts';
import type { Examiner } from '#domain/examination';
import type { MediaInfo } from '#engines/media';
import { decide, loadPolicy } from '#engines/policy';
import { loadConfig } from '#platform/config';
import { EXIT, type Context } from '../context.js';
import { inputFile, withExaminer } from '../local.js';
import { coverageLine, inspectionLines } from '../show/inspection.js';
import { signalsTable } from '../show/signals.js';
import { field, size, spin } from '../terminal.js';
import type { Words } from '../words/index.js';

/** What was seen in a file. */
interface Inspected {
  object: 'inspection';
  file: string;
  media: MediaInfo | { container: string; bytes: number; width: number; height: number };
  frames: number;
  signals: Signal[];
  /** What was seen and heard besides scores; null for a picture. */
  inspection: Inspection | null;
  /** What the policy makes of the frames alone; null for a picture, which is never judged by itself. */
  decision: Decision | null;
}

function mediaLine(media: Inspected['media'], words: Words): string {
  const w = words.inspect;
  if ('width' in media) return `${plain(media.container, 20)} ${media.width}x${media.height}; ${size(media.bytes)}`;
  const { video, audio, durationS, bytes } = media;
  const rate = video?.fps ? `, ${video.fps.toFixed(2)}/s` : '';
  const picture = video ? `${plain(video.codec, 20)} ${video.width}x${video.height}${rate}` : w.noVideo;
  const sound = audio ? `${w.sound} ${plain(audio.codec, 20)} ${audio.sampleRate} Hz` : w.noSound;
  return [picture, sound, `${durationS.toFixed(2)} s`, size(bytes)].join(words.separator);
}

async function inspectImage(examiner: Examiner, path: string, timeoutMs: number): Promise<Inspected> {
  const { format, width, height, signals } = await examiner.run('screenImage', { path }, { timeoutMs });
  const media = { container: format, bytes: statSync(path).size, width, height };
  return { object: 'inspection', file: basename(path), media, frames: 1, signals, inspection: null, decision: null };
}

async function inspectClip(
  examiner: Examiner,
  path: string,
  timeoutMs: number,
  env: Context['env'],
): Promise<Inspected> {
  const policy = loadPolicy(readFileSync(loadConfig(env).policyFile, 'utf8'));
  const [{ Inspector }, { loadTextModel }] = await Promise.all([
    import('#domain/examination'),
    import('#engines/text'),
  ]);
  const inspector = new Inspector({
    run: (task, payload, run) => examiner.run(task, payload, run),
    textModel: () => loadTextModel(),
    // The command line asks nobody on other machines: what is on this file stays here.
    transcriber: null,
    moderator: null,
  });
  const { info, signals, inspection } = await inspector.inspect(path, { timeoutMs });
  const judged = [...signals, withoutRegister(inspection)];
  const decision = decide(policy, { stage: 'clip', audience: 'adult', signals: judged });
  const { frames } = inspection;
  return { object: 'inspection', file: basename(path), media: info, frames, signals: judged, inspection, decision };
}

/** Nobody is compared with anybody here: a clip without faces needs nobody's consent, of another it cannot be told. */
function withoutRegister({ faces }: Inspection): Signal {
  const model = { name: 'imprimatur-consent', version: 'none' };
  const base = { detector: 'likeness.face', category: 'likeness', source: 'face', coverage: 'none', model } as const;
  if (faces.length === 0) return { ...base, state: 'measured', score: 0 };
  return { ...base, state: 'unable', score: null, reason: 'There is no register of persons on the command line.' };
}

/** PNG, JPEG and WebP by their first bytes; everything else is tried as a clip. */
function isImage(path: string): boolean {
  const head = Buffer.alloc(12);
  const file = openSync(path, 'r');
  readSync(file, head, 0, 12, 0);
  closeSync(file);
  const start = head.toString('latin1');
  return start.startsWith('\u0089PNG') || start.startsWith('\u00ff\u00d8\u00ff') || /^RIFF....WEBP/s.test(start);
}

/** `imprimatur inspect FILE`: what every detector says about the frames, and what the policy would make of it. */
export async function inspect(file: string, options: { json?: boolean }, context: Context): Promise<number> {
  const { words, env, out } = context;
  const w = words.inspect;
  const path = inputFile(file, context);
  const task = isImage(path) ? inspectImage : inspectClip;
  const looking = withExaminer(env, (examiner, timeoutMs) => task(examiner, path, timeoutMs, env));
  const inspected = await spin(process.stderr, w.busy, looking);
  if (options.json) {
    out(JSON.stringify(inspected, null, 2));
    return EXIT.done;
  }
  const { media, frames, signals, inspection, decision } = inspected;
  out(plain(file, 200));
  out(field(w.media, mediaLine(media, words)));
  out(field(w.frames, String(frames)));
  if (decision) {
    const { outcome, policy } = decision;
    out(field(w.decision, w.decisionOf(words.moderate.decisions[outcome], `${policy.id} ${policy.version}`)));
  }
  if (decision) out(field(words.seen.coverage, coverageLine(decision.coverage, words)));
  if (inspection) inspectionLines(inspection, context).forEach((line) => out(line));
  out(signalsTable(signals, words, { all: true }));
  return EXIT.done;
}
