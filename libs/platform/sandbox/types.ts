/** What goes into a task and what comes out; both must survive structured cloning. */
export interface TaskShape {
  payload: unknown;
  result: unknown;
}

/** Settings of a pool of child processes. */
export interface SandboxOptions {
  /** Absolute path of the compiled module that calls `serveSandbox`; see `compiledModule` of #kernel. */
  module: string;
  /** Most children at a time; each runs one task at a time. */
  size: number;
  /** Resident memory, in MiB, above which a child is killed. */
  maxRssMb: number;
  /** Milliseconds that a task may take, counted from its start in a ready child. */
  defaultTimeoutMs: number;
  /** All that the child's environment holds besides PATH. */
  env?: Record<string, string>;
  /** Tasks after which a child is replaced; 200 by default. */
  recycleAfter?: number;
  /** Milliseconds that a child may take to load its module; 60 000 by default. */
  startTimeoutMs?: number;
}

/** How one task is run. */
export interface RunOptions {
  timeoutMs?: number;
  /** Aborting kills the child that runs the task. */
  signal?: AbortSignal;
  /** Called with 0..1 as the task reports it. */
  onProgress?: (fraction: number) => void;
}

/** A pool of child processes in which untrusted bytes are opened. */
export interface Sandbox<Tasks extends { [K in keyof Tasks]: TaskShape }> {
  /**
   * Runs a task and gives its result.
   * @throws SandboxError `sandbox_crashed`, `sandbox_timeout`, `sandbox_memory`, `sandbox_aborted`, `sandbox_closed`
   * @throws AppError what the task threw: same kind, code and message; `sandbox_task_failed` for other errors
   */
  run<K extends keyof Tasks & string>(
    task: K,
    payload: Tasks[K]['payload'],
    options?: RunOptions,
  ): Promise<Tasks[K]['result']>;
  /** Takes no more tasks, waits for those given, and ends the children. */
  close(): Promise<void>;
  /** Process ids of the living children. */
  pids(): number[];
}

/** What a task gets besides its payload. */
export interface TaskContext {
  /** Reports how much is done, 0..1. */
  progress: (fraction: number) => void;
  /** Aborted when the parent goes away; an abort by the parent kills the process instead. */
  signal: AbortSignal;
}

/** One task on the child's side. */
export type TaskHandler<T extends TaskShape> = (payload: T['payload'], context: TaskContext) => Promise<T['result']>;
