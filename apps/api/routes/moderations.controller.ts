import { rm } from 'node:fs/promises';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import {
  CreateModeration,
  MODERATION_CATEGORIES,
  type Moderation,
  type ModerationCategory,
  type ModerationResult,
} from '#contracts';
import { classifyText, moderationScores } from '#engines/text';
import { AppError, newId } from '#kernel';
import type { Core } from '#platform/core';
import type { ApiParts } from '../parts.js';
import { CORE, PARTS } from '../tokens.js';
import { Needs } from '../wire/auth.guard.js';
import { screenReference } from './reference.js';

/** Scores are calibrated so that this is where a prompt would be held. */
const FLAGGED = 0.5;

type Scores = Record<ModerationCategory, number>;
type Applied = Record<ModerationCategory, ('text' | 'image')[]>;

function each<T>(make: (category: ModerationCategory) => T): Record<ModerationCategory, T> {
  return Object.fromEntries(MODERATION_CATEGORIES.map((category) => [category, make(category)])) as Record<
    ModerationCategory,
    T
  >;
}

function result(scores: Scores, applied: Applied): ModerationResult {
  const categories = each((category) => scores[category] >= FLAGGED);
  return {
    flagged: Object.values(categories).some(Boolean),
    categories,
    category_scores: scores,
    category_applied_input_types: applied,
  };
}

/** The OpenAI Moderations API over the local detectors: text in all categories, images for sexual content. */
@Controller('v1/moderations')
export class ModerationsController {
  constructor(
    @Inject(CORE) private readonly core: Core,
    @Inject(PARTS) private readonly parts: ApiParts,
  ) {}

  @Post()
  @HttpCode(200)
  @Needs('moderations')
  async create(@Body() body: unknown): Promise<Moderation> {
    const { input } = CreateModeration.parse(body ?? {});
    const model = `imprimatur-text-${this.parts.textModel().ref.version}`;
    return { id: newId('modr'), model, results: await this.results(input) };
  }

  private async results(input: CreateModeration['input']): Promise<ModerationResult[]> {
    if (typeof input === 'string') return [this.text(input)];
    if (input.every((item) => typeof item === 'string')) return input.map((text) => this.text(text));
    return [await this.combined(input.filter((item) => typeof item !== 'string'))];
  }

  private text(text: string): ModerationResult {
    return result(
      this.scores(text),
      each(() => ['text']),
    );
  }

  private scores(text: string): Scores {
    const started = performance.now();
    const scores = moderationScores(classifyText(this.parts.textModel(), text));
    this.core.metrics.promptDecision((performance.now() - started) / 1000);
    return scores;
  }

  /** One result over all parts: the strongest score of each category. */
  private async combined(
    parts: Exclude<Exclude<CreateModeration['input'], string>[number], string>[],
  ): Promise<ModerationResult> {
    const all: Scores[] = [];
    const applied: Applied = each(() => []);
    for (const part of parts) {
      if (part.type === 'text') {
        all.push(this.scores(part.text));
        for (const list of Object.values(applied)) if (!list.includes('text')) list.push('text');
      } else {
        all.push(await this.image(part.image_url.url));
        if (!applied.sexual.includes('image')) applied.sexual.push('image');
      }
    }
    return result(
      each((category) => Math.max(...all.map((scores) => scores[category]))),
      applied,
    );
  }

  private async image(url: string): Promise<Scores> {
    const { path, signals } = await screenReference(this.core, { image_url: url }, 'input');
    await rm(path, { force: true });
    const found = signals.filter(({ category }) => category === 'sexual');
    // A detector that could not tell must not read as a low score.
    if (!found.length || found.some(({ state }) => state === 'unable')) {
      throw new AppError('unavailable', 'image_not_checked', 'The image could not be checked right now. Try again.', {
        retryAfterS: 5,
      });
    }
    const sexual = Math.max(...found.map(({ score }) => score ?? 0));
    return each((category) => (category === 'sexual' ? sexual : 0));
  }
}
