import { AggregatorRegistry, type MetricObject } from 'prom-client';
import { z } from 'zod';

/** One metric as `serialise` writes it. Values that are no numbers (NaN in JSON is null) are dropped. */
const Serialised = z.array(
  z.looseObject({
    name: z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/),
    help: z.string(),
    type: z.enum(['counter', 'gauge', 'histogram', 'summary']),
    aggregator: z.enum(['omit', 'sum', 'first', 'min', 'max', 'average']),
    values: z
      .array(
        z.looseObject({
          value: z.number().nullable(),
          labels: z.record(z.string(), z.union([z.string(), z.number()])),
        }),
      )
      .transform((values) => values.filter(({ value }) => value !== null)),
  }),
);

function read(part: string): MetricObject[] {
  try {
    const parsed = Serialised.safeParse(JSON.parse(part));
    return parsed.success ? (parsed.data as unknown as MetricObject[]) : [];
  } catch {
    return [];
  }
}

/**
 * Adds up what several processes serialised, as Prometheus text. Unreadable parts are left out: numbers of a process
 * that died halfway must not hide those of the living.
 */
export function mergeMetrics(parts: readonly string[]): Promise<string> {
  return AggregatorRegistry.aggregate(parts.map(read)).metrics();
}
