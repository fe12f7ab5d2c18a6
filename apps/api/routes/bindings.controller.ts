import { rm } from 'node:fs/promises';
import {
  Body,
  Controller,
  Get,
  Header,
  HttpCode,
  Inject,
  Injectable,
  Param,
  Post,
  Query,
  Req,
  Res,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import {
  FetchManifest,
  ManifestId,
  MatchByBinding,
  MatchByContent,
  MatchLimit,
  SOFT_BINDING_API_VERSION,
  SoftBinding,
  type BindingCapabilities,
  type BindingDiscovery,
  type BindingMatches,
  type BindingStatus,
  type SupportedAlgorithms,
  type VerifyReport,
} from '#contracts';
import { ALGORITHMS, BindingError } from '#domain/bindings';
import { messageOf } from '#kernel';
import type { Core } from '#platform/core';
import type { ApiParts } from '../parts.js';
import { CORE, PARTS } from '../tokens.js';
import { Needs } from '../wire/auth.guard.js';
import { plainBody } from '../wire/body.js';
import { goneSignal, receiveRaw } from '../wire/raw-body.js';
import { StatusError } from '../wire/status-error.js';
import { serviceFault } from './health.controller.js';
import { PerAddress } from './rate-guard.js';
import { VerifyPlace, type VerifyRequest } from './verify-guards.js';

/** Longer addresses are refused with the advice to use POST; not far above, the HTTP parser gives up by itself. */
const MOST_ADDRESS_CHARS = 8_000;

/** How long the sender of a file is kept waiting: the standard knows no later answer. */
const WAIT_MS = 110_000;

/** Anybody's page may read the answers. */
const AnyOrigin = () => Header('access-control-allow-origin', '*');

/** Refuses bodies that hold no pictures before a place is taken for them. */
@Injectable()
class PicturesOnly implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const type = context.switchToHttp().getRequest<Request>().header('content-type') ?? '';
    if (/^(video|image)\/[\w.+-]+\s*(;|$)/i.test(type)) return true;
    const message = 'Send the file itself as the body, with its media type: video/* or image/*.';
    throw new StatusError(415, 'unsupported_media', 'media_type_not_supported', message);
  }
}

/** An unescaped + of base64 arrives as a space, which base64 does not have. */
function unspaced(query: unknown): Record<string, unknown> {
  const plain = plainBody(query);
  for (const name of ['value', 'hintValue']) {
    const value = plain[name];
    if (typeof value === 'string') plain[name] = value.replaceAll(' ', '+');
  }
  return plain;
}

/** The C2PA Soft Binding Resolution API. Nobody needs a key: what it hands out lies in every released file. */
@Controller('v1')
@Needs('public')
@UseGuards(PerAddress('bindings'))
export class BindingsController {
  constructor(
    @Inject(CORE) private readonly core: Core,
    @Inject(PARTS) private readonly parts: ApiParts,
  ) {}

  /** Manifests that a short binding leads to. */
  @Get('matches/byBinding')
  @AnyOrigin()
  async byBinding(@Req() request: Request, @Query() query: unknown): Promise<BindingMatches> {
    if (request.originalUrl.length > MOST_ADDRESS_CHARS) {
      const message = 'The address is too long: send alg and value as JSON with POST /v1/matches/byBinding.';
      throw new StatusError(414, 'invalid', 'query_too_long', message, { param: 'value' });
    }
    const { maxResults, ...binding } = MatchByBinding.parse(unspaced(query));
    return { matches: await this.parts.bindings.byBinding(binding, maxResults) };
  }

  /** The same for long bindings. */
  @Post('matches/byBinding')
  @HttpCode(200)
  async byLargeBinding(@Query() query: unknown, @Body() body: unknown): Promise<BindingMatches> {
    const { maxResults } = MatchLimit.parse(plainBody(query));
    return { matches: await this.parts.bindings.byBinding(SoftBinding.parse(plainBody(body)), maxResults) };
  }

  /** Manifests that a file leads to. It is examined by a worker and deleted, and so is what was found. */
  @Post('matches/byContent')
  @HttpCode(200)
  @UseGuards(PicturesOnly, PerAddress('verify'), VerifyPlace)
  async byContent(
    @Req() request: VerifyRequest,
    @Query() query: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<BindingMatches> {
    response.setHeader('cache-control', 'no-store');
    const wanted = await this.parts.bindings.wanted(MatchByContent.parse(unspaced(query)));
    const report = await this.examine(request, response);
    // Nobody is there any more to hear what was found.
    return { matches: report ? await this.parts.bindings.byReport(report, wanted) : [] };
  }

  /** The manifest store of a release. */
  @Get('manifests/:activeManifestId')
  @AnyOrigin()
  async manifest(
    @Param('activeManifestId') id: string,
    @Query() query: unknown,
    @Res() response: Response,
  ): Promise<void> {
    const { returnActiveManifest } = FetchManifest.parse(plainBody(query));
    const alone = returnActiveManifest === 'true';
    const { bytes, contentType } = await this.parts.bindings.manifest(ManifestId.parse(id), alone);
    response.setHeader('content-type', contentType);
    response.setHeader('content-disposition', 'attachment; filename="manifest.c2pa"');
    // A manifest of this name never changes.
    response.setHeader('cache-control', 'public, max-age=86400, immutable');
    response.send(bytes);
  }

  @Get('services/supportedAlgorithms')
  @AnyOrigin()
  algorithms(): SupportedAlgorithms {
    return ALGORITHMS;
  }

  @Get('services/capabilities')
  @AnyOrigin()
  capabilities(): BindingCapabilities {
    return { c2paSpecificationVersion: SOFT_BINDING_API_VERSION, supportedCapabilities: ['queryByContent'] };
  }

  @Get('services/status')
  @AnyOrigin()
  async status(): Promise<BindingStatus> {
    const fault = await serviceFault(this.core);
    const status = fault === null ? 'ok' : fault === 'worker' ? 'degraded' : 'down';
    return { status, timestamp: this.core.clock.now().toISOString() };
  }

  /** Has the body examined as a verification. @returns null when the caller went away */
  private async examine(request: VerifyRequest, response: Response): Promise<VerifyReport | null> {
    const { verifications } = this.parts;
    const empty = new BindingError('invalid', 'content_missing', 'The body is empty: send the file itself.');
    const { path, sha256 } = await receiveRaw(request, this.core, empty);
    const id = request.verificationId!;
    try {
      const given = { path, sha256, name: null, receivedAt: this.core.clock.now() };
      await verifications.submit(id, given, { files: false });
    } catch (e) {
      await rm(path, { force: true });
      throw e;
    }
    try {
      const gone = goneSignal(response);
      const report = await verifications.wait(id, WAIT_MS, gone);
      if (report || gone.aborted) return report;
      const message = 'The service was too busy to examine the file in time. Nothing of it was kept; try again later.';
      throw new BindingError('unavailable', 'content_overdue', message, { retryAfterS: 60 });
    } finally {
      await verifications
        .remove(id)
        .catch((e: unknown) => this.core.logger.warn({ reason: messageOf(e) }, 'verification for a match'));
    }
  }
}

/** Where clients find the API, at the root of the domain (RFC 8615). */
@Controller('.well-known')
@Needs('public')
export class BindingDiscoveryController {
  constructor(@Inject(CORE) private readonly core: Core) {}

  @Get('c2pa-soft-binding-resolution')
  @AnyOrigin()
  discovery(): BindingDiscovery {
    const apiEndpoint = `${this.core.config.publicUrl.replace(/\/+$/, '')}/v1`;
    return {
      apiEndpoint,
      c2paSpecificationVersion: SOFT_BINDING_API_VERSION,
      capabilitiesEndpoint: `${apiEndpoint}/services/capabilities`,
      statusEndpoint: `${apiEndpoint}/services/status`,
    };
  }
}
