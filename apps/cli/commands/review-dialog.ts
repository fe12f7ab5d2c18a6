import { createInterface, type Interface } from 'node:readline/promises';
import { CATEGORIES, ReviewDecision, type Category, type ClipView } from '#contracts';
import { EXIT, type Context } from '../context.js';
import type { Service } from '../service.js';
import { clipLines, heldTable, lastDecision } from '../show/clip.js';

/** Asks and gives the answer, trimmed; `null` when the input has ended. */
type Ask = (question: string) => Promise<string | null>;

function asker(lines: Interface): Ask {
  const ended = new Promise<null>((done) => lines.once('close', () => done(null)));
  return async (question) => (await Promise.race([lines.question(question), ended]))?.trim() ?? null;
}

async function pickCategory(clip: ClipView, ask: Ask, { words, out }: Context): Promise<Category | null> {
  const likely = lastDecision(clip)?.categories[0];
  CATEGORIES.forEach((category, i) =>
    out(`  ${String(i + 1).padStart(2)}  ${category.padEnd(18)}${words.categories[category]}`),
  );
  for (;;) {
    const answer = await ask(`${words.review.pickCategory}${likely ? ` [${likely}]` : ''}: `);
    if (answer === null) return null;
    const picked =
      answer === '' ? likely : (CATEGORIES[Number(answer) - 1] ?? CATEGORIES.find((category) => category === answer));
    if (picked) return picked;
  }
}

async function giveReason(ask: Ask, { words, out }: Context): Promise<string | null> {
  for (;;) {
    const reason = await ask(words.review.reason);
    if (reason === null || ReviewDecision.shape.reason.safeParse(reason).success) return reason;
    out(words.review.reasonShort);
  }
}

async function askDecision(clip: ClipView, ask: Ask, context: Context): Promise<ReviewDecision | null> {
  const { review } = context.words;
  const action = (await ask(review.action))?.toLowerCase();
  if (action !== 'r' && action !== 'f') return null;
  const outcome = action === 'r' ? 'release' : 'refuse';
  const category = await pickCategory(clip, ask, context);
  const reason = category && (await giveReason(ask, context));
  if (!category || !reason) return null;
  const sure = await ask(review.confirm[outcome] + review.yesNo);
  return sure && review.yes.test(sure) ? { outcome, category, reason } : null;
}

async function decideOne(clip: ClipView, service: Service, ask: Ask, context: Context): Promise<void> {
  const { review } = context.words;
  const decision = await askDecision(clip, ask, context);
  if (!decision) return context.out(review.unchanged);
  const { state } = await service.decide(clip.id, decision);
  context.out(`${review.done[decision.outcome]} ${review.nowState(review.states[state])}`);
}

/**
 * `imprimatur review` on a terminal: shows what waits, then one clip with its signals, then asks for a decision.
 * Nothing is decided without a category, a reason and a yes.
 */
export async function reviewDialog(
  service: Service,
  context: Context,
  streams: { input: NodeJS.ReadableStream; output: NodeJS.WritableStream },
): Promise<number> {
  const { review } = context.words;
  const lines = createInterface(streams);
  const ask = asker(lines);
  try {
    for (;;) {
      const clips = await service.held();
      if (!clips.length) {
        context.out(review.none);
        return EXIT.done;
      }
      context.out(heldTable(clips, context, true));
      const answer = await ask(review.pick(clips.length));
      if (!answer) return EXIT.done;
      const clip = clips[Number(answer) - 1];
      if (!clip) continue;
      for (const line of clipLines(clip, context)) context.out(line);
      await decideOne(clip, service, ask, context);
    }
  } finally {
    lines.close();
  }
}
