import { createPublicKey } from 'node:crypto';
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { AppError, sha256Hex } from '#kernel';
import type { RegisterAgainstLog } from '#contracts';
import { compareWithLog, logVerifierKey } from '#domain/transparency';
import type { Core } from '#platform/core';
import type { ApiParts } from '../parts.js';
import { CORE, PARTS } from '../tokens.js';
import { Needs } from '../wire/auth.guard.js';

const BYTES = 'application/octet-stream';
const TEXT = 'text/plain; charset=utf-8';
/** Tiles never change once they were published. */
const FOR_EVER = 'public, max-age=31536000, immutable';
const BRIEFLY = 'public, max-age=1';

const absent = (what: string) => new AppError('not_found', 'log_not_found', `The log has no ${what}.`);

/** The public transparency log, as any client of C2SP tlog-tiles reads it. */
@Controller('log')
@Needs('public')
export class LogController {
  constructor(
    @Inject(CORE) private readonly core: Core,
    @Inject(PARTS) private readonly parts: ApiParts,
  ) {}

  /** The newest signed tree head with the signatures of its witnesses. */
  @Get('checkpoint')
  async checkpoint(@Res() response: Response): Promise<void> {
    const note = await this.parts.log.checkpoint();
    if (note === null) throw absent('checkpoint yet');
    send(response, note, TEXT, BRIEFLY);
  }

  /** The key that checks it. */
  @Get('key')
  key(@Res() response: Response): void {
    send(response, `${logVerifierKey(this.core)}\n`, TEXT, BRIEFLY);
  }

  /** The key that signs verification reports, with the SHA-256 that people compare. */
  @Get('report-key')
  reportKey(@Res() response: Response): void {
    const key = createPublicKey(this.core.keyring.report.privateKeyPkcs8Pem);
    const sha256 = sha256Hex(key.export({ type: 'spki', format: 'der' }));
    send(response, `SHA-256 ${sha256}\n${key.export({ type: 'spki', format: 'pem' }).toString()}`, TEXT, BRIEFLY);
  }

  /** Hashes of the tree, and entries (`tile/entries/...`). */
  @Get('tile/*path')
  async tile(@Req() request: Request, @Res() response: Response): Promise<void> {
    const path = request.path.slice('/log/'.length);
    const bytes = await this.parts.log.tile(path);
    if (!bytes) throw absent('such tile');
    send(response, Buffer.from(bytes), BYTES, FOR_EVER);
  }

  /** A proof that an entry is in the log (C2SP tlog-proof). */
  @Get('proof/:index')
  async proof(@Param('index') index: string, @Res() response: Response): Promise<void> {
    const proof = await this.parts.log.proof(placeOf(index));
    if (proof === null) throw absent('entry at this index');
    send(response, proof, TEXT, BRIEFLY);
  }

  /** One entry, as it is hashed. */
  @Get('entry/:index')
  async entry(@Param('index') index: string, @Res() response: Response): Promise<void> {
    const entry = await this.parts.log.entry(placeOf(index));
    if (!entry) throw absent('entry at this index');
    send(response, Buffer.from(entry), 'application/json', FOR_EVER);
  }
}

/** For those who run the service. */
@Controller('v1/log')
export class LogRegisterController {
  constructor(@Inject(CORE) private readonly core: Core) {}

  /** Compares the register with the published log, both ways. */
  @Get('register')
  @Needs('admin')
  register(): Promise<RegisterAgainstLog> {
    return compareWithLog(this.core.database);
  }
}

function placeOf(index: string): number {
  if (/^(0|[1-9]\d{0,14})$/.test(index)) return Number(index);
  throw new AppError('invalid', 'log_index_invalid', 'The index of an entry is a whole number from 0.', {
    param: 'index',
  });
}

function send(response: Response, body: string | Buffer, type: string, caching: string): void {
  response.setHeader('content-type', type);
  response.setHeader('cache-control', caching);
  response.setHeader('access-control-allow-origin', '*');
  response.send(body);
}
