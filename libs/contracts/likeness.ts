import { z } from 'zod';

/**
 * Whose faces a reference image shows, as the worker that looked at it tells: who was recognised, never a template.
 */
export const ReferenceFaces = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('looked'),
    /** Persons of the register that a face is surely of. */
    persons: z.array(z.string()),
    /** Entries of the protected register that a face is surely of, or may be of (`doubtful`). */
    protected: z.array(z.object({ id: z.string(), doubtful: z.boolean() })),
    /** Faces that could be compared and are nobody's who is enrolled. */
    strangers: z.number().int(),
    /** Faces large enough to matter that could not be compared with anybody. */
    untold: z.number().int(),
  }),
  /** The faces could not be looked at or compared. */
  z.object({ state: z.literal('unable'), reason: z.string() }),
]);
export type ReferenceFaces = z.infer<typeof ReferenceFaces>;
