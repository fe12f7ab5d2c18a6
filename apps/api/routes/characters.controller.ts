import { Controller, Delete, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { CreateCharacter, type Character, type CharacterDeleted } from '#contracts';
import { ConsentError } from '#domain/consent';
import type { Caller } from '#platform/auth';
import type { ApiParts } from '../parts.js';
import { PARTS } from '../tokens.js';
import { Calling, Needs } from '../wire/auth.guard.js';
import { plainBody } from '../wire/body.js';
import { goneSignal } from '../wire/raw-body.js';
import { AcceptsUploads, type UploadRequest } from '../wire/uploads.js';
import { videoOf } from './consent-enrol.controller.js';

const FIELD_BYTES = 10_000;
/** How long a caller is kept waiting for the checks of a recording. */
const WAIT_MS = 200_000;
const HEADER = 'x-imprimatur-enrolment';

/** Characters of the OpenAI Videos API: persons who agreed. */
@Controller('v1/videos/characters')
export class CharactersController {
  constructor(@Inject(PARTS) private readonly parts: ApiParts) {}

  /** A video alone makes no character: it must answer the challenge of an enrolment that its person began. */
  @Post()
  @HttpCode(200)
  @Needs('videos:write')
  @AcceptsUploads(FIELD_BYTES)
  async create(
    @Req() request: UploadRequest,
    @Calling() caller: Caller,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Character> {
    const { enrolments, persons } = this.parts.consent;
    const { name } = CreateCharacter.parse(plainBody(request.body));
    const video = videoOf(request);
    const id = request.header(HEADER);
    if (!id) throw enrolmentRequired();
    const row = await enrolments.get(caller.tenantId, id);
    if (row.state === 'open' || row.state === 'released') throw enrolmentRequired();
    await enrolments.receive(row, video, { mirrored: false, characterName: name });
    const personId = await enrolments.judged(row, WAIT_MS, goneSignal(response));
    return persons.character(caller.tenantId, personId);
  }

  @Get(':id')
  @Needs('videos:read')
  character(@Param('id') id: string, @Calling() caller: Caller): Promise<Character> {
    return this.parts.consent.persons.character(caller.tenantId, id);
  }

  /** Ends the consent, as the person could. Released clips stay unless they are withdrawn. */
  @Delete(':id')
  @Needs('videos:write')
  async remove(@Param('id') id: string, @Calling() caller: Caller): Promise<CharacterDeleted> {
    const { persons, revocations } = this.parts.consent;
    const row = await persons.get(caller.tenantId, id);
    await revocations.revoke(row.id, { withdraw: 'none' }, `key:${caller.keyId}`);
    return { id, object: 'character.deleted', deleted: true };
  }
}

function enrolmentRequired(): ConsentError {
  const message =
    'Nobody becomes a character without their own consent. Begin an enrolment (POST /v1/consent/enrolments), let the ' +
    `person agree and fetch their challenge, and send the answer with its id in the header ${HEADER}.`;
  return new ConsentError('invalid', 'enrolment_required', message);
}
