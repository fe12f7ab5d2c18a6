import { BadRequestException, ForbiddenException, NotFoundException } from '@nestjs/common';
import { MulterError } from 'multer';
import { z } from 'zod';
import { CreateVideo, ErrorEnvelope } from '#contracts';
import { PromptRefusedError } from '#domain/gate';
import { AppError, type ErrorKind } from '#kernel';
import { RateLimitError } from '#platform/auth';
import { shapeError } from './errors.filter.js';

function zodError(schema: z.ZodType, value: unknown): unknown {
  return schema.safeParse(value).error;
}

describe('shapeError', () => {
  it.each<[ErrorKind, number, string]>([
    ['invalid', 400, 'invalid_request_error'],
    ['unauthorized', 401, 'authentication_error'],
    ['forbidden', 403, 'permission_error'],
    ['not_found', 404, 'invalid_request_error'],
    ['conflict', 409, 'invalid_request_error'],
    ['too_large', 413, 'invalid_request_error'],
    ['unsupported_media', 400, 'invalid_request_error'],
    ['rate_limited', 429, 'rate_limit_error'],
    ['not_implemented', 501, 'invalid_request_error'],
    ['unavailable', 503, 'server_error'],
  ])('gives %s the status %d', (kind, status, type) => {
    const shaped = shapeError(new AppError(kind, 'some_code', 'A sentence.', { param: 'file' }));
    expect(shaped).toMatchObject({
      status,
      body: { error: { code: 'some_code', message: 'A sentence.', param: 'file', type } },
    });
  });

  it('gives a policy decision a status that no SDK retries', () => {
    const shaped = shapeError(new PromptRefusedError('Refused.', 'video_1', ['hate'], 'sor_1'));
    expect(shaped).toMatchObject({
      status: 400,
      body: { error: { code: 'moderation_blocked', param: 'prompt', categories: ['hate'], statement_id: 'sor_1' } },
    });
  });

  it('says how long to wait', () => {
    expect(shapeError(new RateLimitError('Too many.', 7))).toMatchObject({ status: 429, retryAfterS: 7 });
  });

  it('names the field at fault, also an unknown or a nested one', () => {
    expect(shapeError(zodError(CreateVideo, { prompt: 'x', size: '1x1' })).body.error.param).toBe('size');
    expect(shapeError(zodError(CreateVideo, { prompt: 'x', colour: 'red' })).body.error).toMatchObject({
      code: 'unknown_parameter',
      param: 'colour',
    });
    expect(shapeError(zodError(z.object({ a: z.array(z.number()) }), { a: [1, 'x'] })).body.error.param).toBe('a.1');
    const union = shapeError(zodError(z.object({ input: z.union([z.string(), z.number()]) }), { input: {} })).body
      .error;
    expect(union).toMatchObject({ param: 'input', message: expect.stringContaining('/docs') as string });
  });

  it.each([
    [new Error('connect ECONNREFUSED 10.0.0.5:5432')],
    [new AppError('internal', 'secret_code', 'The key in /data/keys is wrong.')],
    ['a string with /data/keys'],
    [null],
    [undefined],
    [{ status: 700, message: '/data/keys' }],
  ])('tells strangers nothing of our own faults: %s', (thrown) => {
    const { status, body } = shapeError(thrown);
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toMatch(/10\.0\.0\.5|secret_code|\/data/);
  });

  it.each([
    [new NotFoundException(), 404],
    [new ForbiddenException(), 403],
    [new BadRequestException('x'), 400],
    [Object.assign(new Error('too large'), { status: 413 }), 413],
    [Object.assign(new Error('bad'), { status: 400, type: 'entity.parse.failed' }), 400],
    [new MulterError('LIMIT_FILE_SIZE', 'file'), 413],
    [new MulterError('LIMIT_FIELD_COUNT'), 400],
    [new Error('Unexpected end of form'), 400],
    [new Error('Multipart: Boundary not found'), 400],
  ])('puts %s into the envelope', (thrown, expected) => {
    const { status, body } = shapeError(thrown);
    expect(status).toBe(expected);
    expect(ErrorEnvelope.strict().parse(body).error.message).not.toBe('');
  });
});
