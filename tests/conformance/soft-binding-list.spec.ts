import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#kernel';
import { ALGORITHMS } from '#domain/bindings';
import { z } from 'zod';

// The rules of softbinding-algorithm-list.schema.json of c2pa-org/softbinding-algorithm-list.
const NAME = /^[A-Za-z]{2,63}(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+\.?$/;
const Entry = z
  .strictObject({
    identifier: z.number().int().min(0).max(65535),
    deprecated: z.boolean().optional(),
    alg: z.string().regex(NAME),
    type: z.enum(['watermark', 'fingerprint']),
    decodedMediaTypes: z
      .array(z.enum(['application', 'audio', 'image', 'model', 'text', 'video']))
      .min(1)
      .optional(),
    encodedMediaTypes: z
      .array(z.string().regex(/^[a-zA-Z0-9-]+\/[a-zA-Z0-9+-]+(?:\.[a-zA-Z0-9+-]+)*$/))
      .min(1)
      .optional(),
    entryMetadata: z.strictObject({
      description: z.string().min(1),
      categories: z.array(z.string().regex(NAME)).optional(),
      dateEntered: z.iso.datetime(),
      contact: z.email(),
      informationalUrl: z.url({ protocol: /^https$/ }),
    }),
    softBindingResolutionApis: z.array(z.url({ protocol: /^https$/ })).optional(),
  })
  .refine((entry) => entry.decodedMediaTypes ?? entry.encodedMediaTypes, 'names no media type');

const dir = join(projectRoot, 'docs/soft-binding');
const files = readdirSync(dir).filter((name) => name.endsWith('.json'));
const entries = files.map((name) => [name, JSON.parse(readFileSync(join(dir, name), 'utf8')) as unknown] as const);

describe('entries for the list of soft binding algorithms', () => {
  it.each(entries)('%s follows its schema and is named after its algorithm', (name, entry) => {
    expect(`${Entry.parse(entry).alg}.json`).toBe(name);
  });

  it('are there for exactly what the service supports, with numbers of their own', () => {
    const all = entries.map(([, entry]) => Entry.parse(entry));
    const of = (type: string) => all.filter((entry) => entry.type === type).map(({ alg }) => ({ alg }));
    expect({ watermarks: of('watermark'), fingerprints: of('fingerprint') }).toEqual(ALGORITHMS);
    expect(new Set(all.map(({ identifier }) => identifier)).size).toBe(all.length);
    expect(all.every(({ softBindingResolutionApis: apis }) => apis?.every((url) => url.endsWith('/v1')))).toBe(true);
  });

  it('would be refused with a field missing, unknown or out of range', () => {
    const good = entries[0]![1] as Record<string, unknown>;
    const { alg: _, ...nameless } = good;
    for (const bad of [
      nameless,
      { ...good, identifier: 70_000 },
      { ...good, alg: 'wm' },
      { ...good, colour: 'red' },
      { ...good, decodedMediaTypes: undefined },
    ]) {
      expect(Entry.safeParse(bad).success).toBe(false);
    }
  });
});
