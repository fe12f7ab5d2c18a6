import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { Response } from 'express';
import { messageOf } from '#kernel';
import { livingProcesses, PRODUCT, type Core } from '#platform/core';
import type { ApiParts } from '../parts.js';
import { CORE, PARTS } from '../tokens.js';
import { Needs } from '../wire/auth.guard.js';

/** What keeps requests from being served to the end: the database, or that no worker lives; null when nothing does. */
export async function serviceFault(core: Core): Promise<'database' | 'worker' | null> {
  try {
    return (await livingProcesses(core)).some(({ role }) => role === 'worker') ? null : 'worker';
  } catch {
    return 'database';
  }
}

/** For operators: does it live, can it serve, what are its numbers. */
@Controller()
@Needs('public')
export class HealthController {
  constructor(
    @Inject(CORE) private readonly core: Core,
    @Inject(PARTS) private readonly parts: ApiParts,
  ) {}

  /** Always answers while the process lives, and says what it stands on. */
  @Get('healthz')
  async health(): Promise<Record<string, unknown>> {
    const fault = await serviceFault(this.core);
    const { policies } = this.parts;
    const policy = await policies.now().catch(() => policies.current);
    return {
      status: fault ? 'degraded' : 'ok',
      ...(fault && { fault }),
      version: PRODUCT.version,
      policy: policy.ref,
      models: { text: this.textModel() },
      engines: this.parts.models,
      processes:
        fault === 'database'
          ? []
          : (await livingProcesses(this.core)).map(({ role, at, info }) => ({ role, at, ...info })),
    };
  }

  /** 200 only when requests can be served to the end: database and at least one worker. */
  @Get('readyz')
  async ready(@Res() response: Response): Promise<void> {
    const fault = await serviceFault(this.core);
    response.status(fault ? 503 : 200).json(fault ? { ready: false, missing: fault } : { ready: true });
  }

  /** Numbers of all processes in the Prometheus text format. */
  @Get('metrics')
  async metrics(@Res() response: Response): Promise<void> {
    const { metrics, queue } = this.core;
    for (const [name, counts] of Object.entries(await queue.counts())) {
      for (const state of ['waiting', 'active', 'delayed', 'failed'] as const)
        metrics.setJobs(name, state, counts[state] ?? 0);
    }
    const others = (await livingProcesses(this.core)).map((process) => process.metrics);
    response.setHeader('content-type', metrics.contentType);
    response.send(await metrics.render(others));
  }

  private textModel(): unknown {
    try {
      return this.parts.textModel().ref;
    } catch (e) {
      return { fault: messageOf(e) };
    }
  }
}
