import { shownMessage } from '#kernel';

/** What one detector does during one clip. */
export interface Watcher<F, R> {
  /** Frames come in order, one at a time. */
  look(frame: F): Promise<void> | void;
  finish(): Promise<R> | R;
}

/** What became of a detector: its result, or why there is none. */
export type Outcome<R> = { ok: true; value: R } | { ok: false; reason: string };

/**
 * One detector during one clip. It gets frames in order, at its own pace; whatever it throws ends it alone and is told in
 * the end, so that the other detectors go on and nothing that failed reads as clean.
 */
export class Part<F, R> {
  private tail: Promise<void>;
  private watcher: Watcher<F, R> | undefined;
  private fault: string | undefined;
  private busyMs = 0;

  /** @param begin loads the detector where needed, and starts it on this clip */
  constructor(
    readonly name: string,
    begin: () => Promise<Watcher<F, R>>,
  ) {
    this.tail = this.guarded(async () => {
      this.watcher = await begin();
    });
  }

  /** Hands a frame on. @returns when the detector is done with it and all before */
  push(frame: F): Promise<void> {
    this.tail = this.tail.then(() => this.guarded(() => this.watcher?.look(frame)));
    return this.tail;
  }

  /** The result. Never rejects. */
  async finish(): Promise<Outcome<R>> {
    await this.tail;
    let value: R | undefined;
    await this.guarded(async () => {
      value = await this.watcher?.finish();
    });
    return this.fault === undefined ? { ok: true, value: value as R } : { ok: false, reason: this.fault };
  }

  /** Milliseconds in which the detector had something to do, waiting for its networks included. */
  get ms(): number {
    return Math.round(this.busyMs);
  }

  private async guarded(work: () => Promise<void> | void): Promise<void> {
    if (this.fault !== undefined) return;
    const started = performance.now();
    try {
      await work();
    } catch (e) {
      this.fault = shownMessage(e);
    }
    this.busyMs += performance.now() - started;
  }
}
