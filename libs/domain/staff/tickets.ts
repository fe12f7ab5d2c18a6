import type { Clock } from '#kernel';
import type { Sealer } from '#platform/keys';
import { z } from 'zod';
import { ticketEnded } from './errors.js';

const TICKET_MS = 10 * 60_000;
const CONTEXT = 'staff.ticket';

const Ticket = z.strictObject({
  staffId: z.string(),
  /** Of the person when it was given: password and second factor have not changed since. */
  version: z.number().int(),
  until: z.number(),
  /** Base32 secret of a second factor that is being set up. */
  secret: z.string().optional(),
});

/** That somebody knew their password a moment ago. */
export type Ticket = z.infer<typeof Ticket>;

/** Tickets between the two steps of a sign-in. They are sealed and kept nowhere, so nobody can fill a table with them. */
export class Tickets {
  constructor(
    private readonly sealer: Sealer,
    private readonly clock: Clock,
  ) {}

  give(ticket: Omit<Ticket, 'until'>): string {
    return this.sealer.seal(JSON.stringify({ ...ticket, until: this.clock.now().getTime() + TICKET_MS }), CONTEXT);
  }

  /** @throws StaffError `ticket_ended` for anything but a ticket of ours that is still good */
  read(sealed: string): Ticket {
    let ticket: Ticket;
    try {
      ticket = Ticket.parse(JSON.parse(this.sealer.open(sealed, CONTEXT).toString('utf8')));
    } catch {
      throw ticketEnded();
    }
    if (ticket.until <= this.clock.now().getTime()) throw ticketEnded();
    return ticket;
  }
}
