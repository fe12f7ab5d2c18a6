import { type ZodOpenApiPathsObject } from 'zod-openapi';
import { z } from 'zod';
import {
  AddHashes,
  CreateHashBank,
  HashBank,
  HashEntry,
  HashImport,
  HashMatches,
  ListHashes,
  MatchHashes,
  RenameHashBank,
} from '#contracts';
import { byId, id, listOf, operation } from './operation.js';

const TAG = 'Hash banks';
const deleted = z.object({ id, object: z.string(), deleted: z.literal(true) });
const HashFile = z.object({ file: z.any().describe('A hash list: lines, CSV, JSON or XML.') });

/** Routes of the hash banks. */
export const hashBanks: ZodOpenApiPathsObject = {
  '/v1/hash_banks': {
    post: operation({
      summary: 'Make a bank of fingerprints. Shared banks need the scope admin.',
      tag: TAG,
      body: CreateHashBank,
      answer: HashBank,
    }),
    get: operation({ summary: 'List the banks that count for the tenant.', tag: TAG, answer: listOf(HashBank) }),
  },
  '/v1/hash_banks/match': {
    post: operation({
      summary: 'What in the banks is within 31 bits of PDQ hashes.',
      tag: TAG,
      body: MatchHashes,
      answer: HashMatches,
    }),
  },
  '/v1/hash_banks/{id}': {
    get: operation({ summary: 'One bank.', tag: TAG, params: byId, answer: HashBank }),
    post: operation({ summary: 'Rename a bank.', tag: TAG, params: byId, body: RenameHashBank, answer: HashBank }),
    delete: operation({ summary: 'Take a bank out of use.', tag: TAG, params: byId, answer: deleted }),
  },
  '/v1/hash_banks/{id}/hashes': {
    post: operation({
      summary:
        'Add hashes: JSON, a file, or a list as the body (text/plain, text/csv). A bad line is a 400 with its number, and nothing is added.',
      tag: TAG,
      params: byId,
      body: AddHashes,
      form: HashFile,
      answer: HashImport,
    }),
    get: operation({
      summary: 'The hashes of a bank.',
      tag: TAG,
      params: { ...byId, query: ListHashes },
      answer: listOf(HashEntry),
    }),
  },
  '/v1/hash_banks/{id}/hashes/{entry}': {
    delete: operation({
      summary: 'Take one hash out of use.',
      tag: TAG,
      params: { path: z.object({ id, entry: z.string().describe('Identifier of the entry.') }) },
      answer: deleted,
    }),
  },
};
