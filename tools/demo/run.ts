import OpenAI from 'openai';
import { ClipView, StatementOfReasons, type Locale } from '#contracts';
import { sleep } from '#kernel';
import { z } from 'zod';
import type { Progress } from './progress.js';
import type { DemoRequest } from './requests.js';

/** What became of one request. */
export interface Outcome {
  kind: 'refused_prompt' | 'held' | 'stopped' | 'released' | 'failed';
  clip: ClipView;
}

/** Names what the bars show. */
export interface StateNames {
  clip: Record<ClipView['state'], string>;
  refusedPrompt: string;
}

const POLL_MS = 700;
const PATIENCE_MS = 10 * 60_000;
/** The maker in whose name the demo asks; an adult, so that the adult thresholds count. */
const MAKER = 'demo-maker';

const Refusal = z.object({ code: z.literal('moderation_blocked'), statement_id: z.string() });

/** Asks for clips as a platform does, with the official SDK, and follows them with the service's own view of a clip. */
export class Runner {
  constructor(
    private readonly client: OpenAI,
    private readonly progress: Progress,
    private readonly names: StateNames,
  ) {}

  /** States how old the makers are, the demo's usual one and others. @param born birth years by name */
  async introduceMakers(born: Readonly<Record<string, number>> = {}): Promise<void> {
    for (const [name, year] of Object.entries({ [MAKER]: 1990, ...born })) {
      await this.client.put(`/makers/${name}`, { body: { birth_year: year } });
    }
  }

  /** Sends one request and waits until nothing more happens without a person. */
  async follow(request: DemoRequest, index: number): Promise<Outcome> {
    const asked = await this.ask(request);
    if ('refused' in asked) {
      this.progress.update(index, 100, this.names.refusedPrompt);
      return { kind: 'refused_prompt', clip: await this.clip(asked.refused.clip_id) };
    }
    const clip = await this.wait(asked.id, index);
    const kind =
      clip.state === 'refused' ? 'stopped' : clip.state === 'held' || clip.state === 'released' ? clip.state : 'failed';
    return { kind, clip };
  }

  private async ask({
    prompt,
    size,
    synthetic,
    maker = MAKER,
  }: DemoRequest): Promise<{ id: string } | { refused: StatementOfReasons }> {
    const headers = {
      'x-imprimatur-maker': maker,
      ...(synthetic && { 'x-imprimatur-synthetic-signals': JSON.stringify(synthetic) }),
    };
    try {
      return await this.client.videos.create({ prompt, size, seconds: '4' }, { headers });
    } catch (e) {
      const refusal = e instanceof OpenAI.BadRequestError ? Refusal.safeParse(e.error) : undefined;
      if (!refusal?.success) throw e;
      // The error names the statement of reasons, and that names the clip that was not made.
      return { refused: await this.statement(refusal.data.statement_id) };
    }
  }

  private async wait(id: string, index: number): Promise<ClipView> {
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      const clip = await this.clip(id);
      const settled = ['held', 'released', 'refused', 'failed', 'deleted'].includes(clip.state);
      this.progress.update(index, clip.progress, this.names.clip[clip.state]);
      if (settled) return clip;
      if (Date.now() > until) throw new Error(`The clip ${id} is still ${clip.state}.`);
      await sleep(POLL_MS);
    }
  }

  private async clip(id: string): Promise<ClipView> {
    return ClipView.parse(await this.client.get(`/clips/${id}`));
  }

  private async statement(id: string): Promise<StatementOfReasons> {
    return StatementOfReasons.parse(await this.client.get(`/statements/${id}`));
  }
}

/** Why it ended as it did, in one or two sentences. */
export function whyOf({ clip }: Outcome, lang: Locale): string {
  if (clip.error) return `${clip.error.code}: ${clip.error.message}`;
  const [reason] = clip.decisions.at(-1)?.reasons ?? [];
  if (!reason) return '';
  const numbers = reason.score === null ? '' : ` ${reason.score.toFixed(2)} ≥ ${reason.threshold?.toFixed(2) ?? '–'}`;
  return `${reason.text[lang]} (${reason.detector}${numbers})`;
}
