import { Body, Controller, Get, HttpCode, Inject, Post, Req, UseGuards } from '@nestjs/common';
import {
  EnrolChallenge,
  EnrolRecording,
  EnrolRelease,
  type EnrolChecking,
  type EnrolView,
  type LivenessChallenge,
} from '#contracts';
import { ConsentError, type EnrolmentRow } from '#domain/consent';
import type { ApiParts } from '../parts.js';
import { PARTS } from '../tokens.js';
import { Needs } from '../wire/auth.guard.js';
import { plainBody } from '../wire/body.js';
import { AcceptsUploads, type UploadRequest } from '../wire/uploads.js';
import { Enrolling, EnrolGuard } from './consent-guards.js';

const FIELD_BYTES = 10_000;

/** The way of somebody who enrols, with the secret of their link: notice, release, challenge, recording. */
@Controller('v1/consent/enrol')
@Needs('public')
@UseGuards(EnrolGuard)
export class ConsentEnrolController {
  constructor(@Inject(PARTS) private readonly parts: ApiParts) {}

  @Get()
  view(@Enrolling() row: EnrolmentRow): Promise<EnrolView> {
    return this.parts.consent.enrolments.view(row);
  }

  @Post('release')
  @HttpCode(200)
  async release(@Body() body: unknown, @Enrolling() row: EnrolmentRow): Promise<EnrolView> {
    const { enrolments } = this.parts.consent;
    await enrolments.release(row, EnrolRelease.parse(body ?? {}));
    return enrolments.view(await enrolments.get(row.tenantId, row.id));
  }

  @Post('challenge')
  @HttpCode(200)
  challenge(@Body() body: unknown, @Enrolling() row: EnrolmentRow): Promise<LivenessChallenge> {
    return this.parts.consent.enrolments.challenge(row, EnrolChallenge.parse(body ?? {}));
  }

  @Post('recording')
  @HttpCode(202)
  @AcceptsUploads(FIELD_BYTES)
  async recording(@Req() request: UploadRequest, @Enrolling() row: EnrolmentRow): Promise<EnrolChecking> {
    const { mirrored } = EnrolRecording.parse(plainBody(request.body));
    const video = videoOf(request);
    await this.parts.consent.enrolments.receive(row, video, { mirrored });
    return { object: 'consent.enrol', state: 'checking' };
  }
}

/** The one file that a recording is sent as. @throws ConsentError `file_missing` */
export function videoOf({ uploads = [] }: UploadRequest): { path: string; bytes: number } {
  const video = uploads.find(({ field }) => field === 'video');
  if (video && uploads.length === 1 && video.bytes > 0) return video;
  throw new ConsentError(
    'invalid',
    'file_missing',
    'Send the recording as the form field "video", and no other file.',
    {
      param: 'video',
    },
  );
}
