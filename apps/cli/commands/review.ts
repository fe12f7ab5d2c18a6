import { plain } from '#kernel';
import { Category, CATEGORIES, ReviewDecision, type ClipView } from '#contracts';
import { CliError, EXIT, type Context } from '../context.js';
import { configuredService } from '../service.js';
import { clipLines, heldTable } from '../show/clip.js';
import { spin } from '../terminal.js';

/** Options of all review commands. */
export interface ReviewCommand {
  json?: boolean;
  url?: string;
}

/** Options of `review decide`. */
export interface DecideCommand extends ReviewCommand {
  release?: boolean;
  refuse?: boolean;
  category: string;
  reason: string;
}

function asked<T>(work: Promise<T>, { words }: Context): Promise<T> {
  return spin(process.stderr, words.help.review, work);
}

/** `review list`: clips that wait for a person. */
export async function reviewList(options: ReviewCommand, context: Context): Promise<number> {
  const clips = await asked(configuredService(options, context).held(), context);
  if (options.json) context.out(JSON.stringify(clips, null, 2));
  else context.out(clips.length ? heldTable(clips, context) : context.words.review.none);
  return EXIT.done;
}

function print(clip: ClipView, options: ReviewCommand, context: Context): void {
  if (options.json) context.out(JSON.stringify(clip, null, 2));
  else for (const line of clipLines(clip, context)) context.out(line);
}

/** `review show ID`: one clip with its signals. */
export async function reviewShow(id: string, options: ReviewCommand, context: Context): Promise<number> {
  print(await asked(configuredService(options, context).clip(id), context), options, context);
  return EXIT.done;
}

function decisionOf(options: DecideCommand, { words }: Context): ReviewDecision {
  if (Boolean(options.release) === Boolean(options.refuse)) throw new CliError('one_outcome', words.faults.oneOutcome);
  const category = Category.safeParse(options.category);
  if (!category.success)
    throw new CliError('bad_choice', words.faults.badChoice(plain(options.category, 60), CATEGORIES.join(', ')));
  const outcome = options.release ? 'release' : 'refuse';
  const decision = ReviewDecision.safeParse({ outcome, category: category.data, reason: options.reason });
  if (!decision.success) throw new CliError('bad_reason', words.review.reasonShort);
  return decision.data;
}

/** `review decide ID --release|--refuse --category C --reason TEXT`. */
export async function reviewDecide(id: string, options: DecideCommand, context: Context): Promise<number> {
  const decision = decisionOf(options, context);
  const clip = await asked(configuredService(options, context).decide(id, decision), context);
  const { review } = context.words;
  if (options.json) context.out(JSON.stringify(clip, null, 2));
  else context.out(`${review.done[decision.outcome]} ${review.nowState(review.states[clip.state])}`);
  return EXIT.done;
}
