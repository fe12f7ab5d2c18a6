import { z } from 'zod';
import { ListPersons, ListUses, Person, Use } from './consent.js';

/** A person who lent their likeness, as staff see them: what the platform sees, in numbers. No face, and no name of their own. */
export const DeskPerson = Person.pick({
  ...{ id: true, state: true, user: true, handle: true, grant: true, keep_until: true, created_at: true },
  ...{ revoked_at: true, erased_at: true },
}).extend({
  object: z.literal('desk.person'),
  tenant: z.object({ id: z.string(), name: z.string() }),
  /** Grants so far, ended ones too. */
  grants: z.number().int(),
  /** Clips with their likeness, drafts too. */
  uses: z.object({ total: z.number().int(), released: z.number().int(), held: z.number().int() }),
});
export type DeskPerson = z.infer<typeof DeskPerson>;

/** Query of `GET /v1/desk/likeness`. */
export const ListDeskPersons = ListPersons.extend({
  tenant: z.string().max(100).optional(),
  /** Id, handle, or the platform's name of the person. */
  q: z.string().trim().max(256).optional(),
});
export type ListDeskPersons = z.infer<typeof ListDeskPersons>;

/** A page of persons, newest first. */
export const DeskPersonList = z.object({ object: z.literal('list'), data: z.array(DeskPerson), has_more: z.boolean() });
export type DeskPersonList = z.infer<typeof DeskPersonList>;

/** A clip with somebody's likeness, as staff see it. */
export const DeskUse = Use.omit({ stills: true, can_withdraw: true, available: true }).extend({
  /** The latest case about the clip that this reader may read. */
  case_id: z.string().nullable(),
});
export type DeskUse = z.infer<typeof DeskUse>;

/** Query of `GET /v1/desk/likeness/{id}/uses`. */
export const ListDeskUses = ListUses;
export type ListDeskUses = z.infer<typeof ListDeskUses>;

/** A page of clips, newest first. */
export const DeskUseList = z.object({ object: z.literal('list'), data: z.array(DeskUse), has_more: z.boolean() });
export type DeskUseList = z.infer<typeof DeskUseList>;
