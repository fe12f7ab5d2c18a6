import type { DeskEvent } from '#contracts';
import { mayDo, type StaffCaller } from '#platform/auth';
import { Listener } from '#platform/database';
import { placeOf } from './access.js';
import { DESK_CHANNEL, type DeskNotice } from './events.js';

/** Takes one event. */
export type DeskEar = (event: DeskEvent) => void;

/** What happens at the desk, to everybody who may know: ids and counts, nothing else. One connection serves all consoles of a process. */
export class DeskStream {
  private readonly ears = new Map<DeskEar, StaffCaller>();
  private readonly listener: Listener;

  constructor(databaseUrl: string, onError: (error: unknown) => void) {
    this.listener = new Listener(databaseUrl, DESK_CHANNEL, {
      onMessage: (payload) => this.tell(JSON.parse(payload) as DeskNotice),
      // Something may have been missed.
      onReconnect: () => this.ears.forEach((_, ear) => ear({ type: 'resync' })),
      onError,
    });
  }

  /** Listens until the function that it returns is called. The connection is made for the first who listens. */
  async listen(staff: StaffCaller, ear: DeskEar): Promise<() => void> {
    this.ears.set(ear, staff);
    await this.listener.start();
    return () => void this.ears.delete(ear);
  }

  /** Ends the connection. */
  close(): Promise<void> {
    return this.listener.stop();
  }

  private tell({ event, place, to }: DeskNotice): void {
    for (const [ear, staff] of this.ears) {
      if (to ? to !== staff.id : !concerns(staff, place)) continue;
      ear(event);
    }
  }
}

function concerns(staff: StaffCaller, place: DeskNotice['place']): boolean {
  return place ? mayDo(staff, 'case.list', placeOf(place)) : mayDo(staff, 'queue.read');
}
