import { rm } from 'node:fs/promises';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import type { Response } from 'express';
import {
  VerifyFeedback,
  VerifyUrl,
  type Verification,
  type VerificationDeleted,
  type VerifyFeedbackTaken,
  type VerifyReport,
} from '#contracts';
import { VerificationError, type Submission } from '#domain/verification';
import { messageOf } from '#kernel';
import type { Core } from '#platform/core';
import type { ApiParts } from '../parts.js';
import { CORE, PARTS } from '../tokens.js';
import { Needs } from '../wire/auth.guard.js';
import { goneSignal, receiveRaw, type RawBody } from '../wire/raw-body.js';
import { sendContent } from '../wire/send.js';
import { AcceptsUploads, takeUpload } from '../wire/uploads.js';
import { PerAddress } from './rate-guard.js';
import { VerifyPlace, type VerifyRequest } from './verify-guards.js';

/** How long a caller who did not ask for a job is kept waiting. */
const WAIT_MS = 60_000;

/** Form fields beside the file: there are none that matter. */
const FIELD_BYTES = 10_000;

function fileMissing(message: string): VerificationError {
  return new VerificationError('invalid', 'file_missing', message, { param: 'file' });
}

const ASK_FOR_FILE =
  'Send the file as the form field "file", or as the body with its media type, or its address as JSON: {"url": ...}.';

/** Public verification: no account, nothing of the file kept. */
@Controller('v1/verify')
@Needs('public')
export class VerifyController {
  constructor(
    @Inject(CORE) private readonly core: Core,
    @Inject(PARTS) private readonly parts: ApiParts,
  ) {}

  /** Takes a form with a `file`, the bytes of the file as the body, or an address as JSON. */
  @Post()
  @UseGuards(PerAddress('verify'), VerifyPlace)
  @AcceptsUploads(FIELD_BYTES)
  async verify(
    @Req() request: VerifyRequest,
    @Body() body: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Verification | VerifyReport> {
    const { verifications } = this.parts;
    const id = request.verificationId!;
    response.setHeader('cache-control', 'no-store');
    const given = request.is('json') ? this.address(body) : await this.file(request);
    let job: Verification;
    try {
      job = await verifications.submit(id, given);
    } catch (e) {
      if ('path' in given) await rm(given.path, { force: true });
      throw e;
    }
    const later = /(^|[\s,;])respond-async\b/i.test(request.header('prefer') ?? '');
    const report = later ? null : await this.wait(id, response);
    if (report) {
      response.status(200);
      return report;
    }
    if (later) response.setHeader('preference-applied', 'respond-async');
    response.status(202).setHeader('location', `/v1/verify/${id}`);
    return later ? job : verifications.view(id);
  }

  /** A caller who gives up never learns the id, so nobody could use the report. */
  private async wait(id: string, response: Response): Promise<VerifyReport | null> {
    const { verifications } = this.parts;
    const gone = goneSignal(response);
    const report = await verifications.wait(id, WAIT_MS, gone);
    if (gone.aborted) {
      await verifications
        .remove(id)
        .catch((e: unknown) => this.core.logger.warn({ reason: messageOf(e) }, 'abandoned verification'));
    }
    return report;
  }

  @Get(':id')
  async view(@Param('id') id: string, @Res({ passthrough: true }) response: Response): Promise<Verification> {
    response.setHeader('cache-control', 'no-store');
    return this.parts.verifications.view(id);
  }

  @Delete(':id')
  async remove(@Param('id') id: string): Promise<VerificationDeleted> {
    await this.parts.verifications.remove(id);
    return { id, object: 'verification.job', deleted: true };
  }

  @Get(':id/report.json')
  json(@Param('id') id: string, @Res() response: Response): Promise<void> {
    return this.send(id, 'json', response);
  }

  @Get(':id/report.pdf')
  pdf(@Param('id') id: string, @Res() response: Response): Promise<void> {
    return this.send(id, 'pdf', response);
  }

  @Get(':id/bundle.zip')
  bundle(@Param('id') id: string, @Res() response: Response): Promise<void> {
    return this.send(id, 'bundle', response);
  }

  @Post(':id/feedback')
  @HttpCode(200)
  @UseGuards(PerAddress('verify'))
  async feedback(@Param('id') id: string, @Body() body: unknown): Promise<VerifyFeedbackTaken> {
    await this.parts.verifications.feedback(id, VerifyFeedback.parse(body ?? {}));
    return { object: 'verification.feedback', taken: true };
  }

  private async send(id: string, kind: 'json' | 'pdf' | 'bundle', response: Response): Promise<void> {
    const file = await this.parts.verifications.open(id, kind);
    response.setHeader('content-disposition', `attachment; filename="${file.name}"`);
    await sendContent(response, file);
  }

  private address(body: unknown): Submission {
    if (typeof body !== 'object' || body === null || !('url' in body)) throw fileMissing(ASK_FOR_FILE);
    return VerifyUrl.parse(body);
  }

  private async file(request: VerifyRequest): Promise<Submission> {
    const receivedAt = () => this.core.clock.now();
    if (!request.is('multipart')) return { ...(await this.raw(request)), name: null, receivedAt: receivedAt() };
    const upload = takeUpload(request, 'file');
    if (!upload) throw fileMissing(ASK_FOR_FILE);
    const { path, name, sha256, bytes } = upload;
    if (bytes > 0) return { path, name, sha256, receivedAt: receivedAt() };
    await rm(path, { force: true });
    throw fileMissing('The file is empty.');
  }

  private raw(request: VerifyRequest): Promise<RawBody> {
    const type = request.header('content-type') ?? '';
    if (!/^(video\/|image\/|application\/octet-stream)/i.test(type)) throw fileMissing(ASK_FOR_FILE);
    return receiveRaw(request, this.core, fileMissing('The file is empty.'));
  }
}
