import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import {
  AddHashes,
  CreateHashBank,
  ListHashes,
  MatchHashes,
  RenameHashBank,
  type HashBank,
  type HashEntry,
  type HashImport,
  type HashMatches,
} from '#contracts';
import { BanksUnavailableError } from '#domain/hash-banks';
import { parseHash } from '#engines/fingerprint';
import { AppError, messageOf } from '#kernel';
import type { Caller } from '#platform/auth';
import type { Core } from '#platform/core';
import type { ApiParts } from '../parts.js';
import { CORE, PARTS } from '../tokens.js';
import { Calling, Needs } from '../wire/auth.guard.js';
import { AcceptsUploads, type UploadRequest } from '../wire/uploads.js';
import { fileList, jsonList } from './hash-lists.js';

/** Lists that a tenant may send, and questions that it may ask, a minute. */
const IMPORTS_PER_MINUTE = 60;
const MATCHES_PER_MINUTE = 120;

interface Deleted {
  id: string;
  object: 'hash_bank.deleted' | 'hash_entry.deleted';
  deleted: true;
}

/** Banks of fingerprints: what may not appear, here or for every tenant. */
@Controller('v1/hash_banks')
@Needs('review')
export class HashBanksController {
  constructor(
    @Inject(CORE) private readonly core: Core,
    @Inject(PARTS) private readonly parts: ApiParts,
  ) {}

  @Post()
  @HttpCode(200)
  create(@Body() body: unknown, @Calling() caller: Caller): Promise<HashBank> {
    return this.parts.hashBanks.create(caller, CreateHashBank.parse(body ?? {}));
  }

  @Get()
  async list(@Calling() caller: Caller): Promise<{ object: 'list'; data: HashBank[]; has_more: false }> {
    return { object: 'list', data: await this.parts.hashBanks.list(caller), has_more: false };
  }

  /** Not how clips are judged: the worker does that. For tests, and for partners that compare their own hashes. */
  @Post('match')
  @HttpCode(200)
  async match(@Body() body: unknown, @Calling() caller: Caller): Promise<HashMatches> {
    const { hashes } = MatchHashes.parse(body ?? {});
    hashes.forEach((hash, i) => checked(hash, i));
    await this.parts.limits.take(`hash_match:${caller.tenantId}`, MATCHES_PER_MINUTE);
    await this.upToDate();
    const operator = await this.parts.hashBanks.isOperator(caller);
    const data: HashMatches['data'] = [];
    const mine = new Map((await this.parts.hashBanks.list(caller)).map((bank) => [bank.id, bank]));
    for (const [index, hash] of hashes.entries()) {
      const one = { algorithm: 'vpdq' as const, hashes: [{ atS: index, hash: hash.toLowerCase(), quality: 100 }] };
      for (const found of await this.parts.bankMatcher.match(caller.tenantId, one)) {
        const shown = operator || mine.get(found.bank.id)?.shared === false;
        data.push({
          bank: { ...found.bank, category: found.category },
          index,
          hash: found.hash,
          bank_hash: shown ? found.bankHash : null,
          distance: found.distance,
          label: shown ? found.label : null,
        });
      }
    }
    return { object: 'list', data };
  }

  @Get(':id')
  get(@Param('id') id: string, @Calling() caller: Caller): Promise<HashBank> {
    return this.parts.hashBanks.get(caller, id);
  }

  @Post(':id')
  @HttpCode(200)
  rename(@Param('id') id: string, @Body() body: unknown, @Calling() caller: Caller): Promise<HashBank> {
    return this.parts.hashBanks.rename(caller, id, RenameHashBank.parse(body ?? {}).name);
  }

  @Delete(':id')
  async remove(@Param('id') id: string, @Calling() caller: Caller): Promise<Deleted> {
    await this.parts.hashBanks.remove(caller, id);
    return { id, object: 'hash_bank.deleted', deleted: true };
  }

  @Post(':id/hashes')
  @HttpCode(200)
  @AcceptsUploads(10_000)
  async add(
    @Param('id') id: string,
    @Body() body: unknown,
    @Req() request: UploadRequest,
    @Calling() caller: Caller,
  ): Promise<HashImport> {
    await this.parts.limits.take(`hash_import:${caller.tenantId}`, IMPORTS_PER_MINUTE);
    if (request.is('json')) return this.parts.hashBanks.import(caller, id, jsonList(AddHashes.parse(body)));
    const list = await fileList(this.core, request);
    try {
      return await this.parts.hashBanks.import(caller, id, list.open);
    } finally {
      await list.dispose();
    }
  }

  @Get(':id/hashes')
  async entries(
    @Param('id') id: string,
    @Query() query: unknown,
    @Calling() caller: Caller,
  ): Promise<{ object: 'list'; data: HashEntry[]; has_more: boolean }> {
    const { data, more } = await this.parts.hashBanks.entries(caller, id, ListHashes.parse(query));
    return { object: 'list', data, has_more: more };
  }

  @Delete(':id/hashes/:entry')
  async removeEntry(
    @Param('id') id: string,
    @Param('entry') entry: string,
    @Calling() caller: Caller,
  ): Promise<Deleted> {
    await this.parts.hashBanks.removeEntry(caller, id, entry);
    return { id: entry, object: 'hash_entry.deleted', deleted: true };
  }

  private async upToDate(): Promise<void> {
    try {
      await this.parts.bankIndex.refresh();
    } catch (e) {
      this.core.logger.warn({ reason: messageOf(e) }, 'hash banks');
      throw new BanksUnavailableError('The hash banks could not be read right now. Try again.', e);
    }
  }
}

/** @throws AppError `hash_malformed` naming the place, from 0 */
function checked(hash: string, index: number): void {
  try {
    parseHash(hash);
  } catch (e) {
    if (!(e instanceof AppError)) throw e;
    throw new AppError(e.kind, e.code, e.message, { param: `hashes.${index}`, data: { line: index + 1 } });
  }
}
