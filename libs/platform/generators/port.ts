import { type Derivation, type GenerationRequest, type GenerationStatus } from '#contracts';

/** Who made a clip, as written into its content credentials. */
export interface GeneratorDescription {
  name: string;
  /** `unknown` where the engine does not say. */
  version: string;
  /** URI of the IPTC digital source type vocabulary. */
  digitalSourceType: string;
}

/** Something that makes clips. Every method may be called from several jobs at once. */
export interface Generator {
  /** Unique among the configured generators; stored with a clip. */
  readonly name: string;
  readonly kind: 'embedded' | 'openai-videos' | 'comfyui';
  /** Jobs that the engine really works on at the same time, at least 1. */
  readonly slots: number;
  /** What it can make of a clip that it is given; a remix is words alone, so every engine makes one. */
  readonly derives?: readonly Exclude<Derivation, 'remix'>[];
  /**
   * Starts a job. Not idempotent on every engine: store the result before anything else.
   * @param signal ends this call, not the job
   * @returns the engine's own reference, opaque
   * @throws GeneratorError `generator_rate_limited`, `generator_unavailable`, `generator_rejected`,
   *   `generator_unauthorized`, `generator_refused`, `generator_bad_answer`
   */
  create(req: GenerationRequest, signal: AbortSignal): Promise<string>;
  /**
   * Where a job stands. A failed job is an answer, not an error; {@link failureOf} classifies it.
   * @throws GeneratorError `generator_job_lost` when the engine no longer knows the job, and those of `create`
   */
  poll(ref: string, signal: AbortSignal): Promise<GenerationStatus>;
  /**
   * Brings the finished clip to the file `toPath`, which appears only when it is a whole MP4.
   * @returns size of the file in bytes
   * @throws GeneratorError `generator_bad_content`, `generator_not_ready`, `generator_job_lost`, and those of `poll`
   */
  fetch(ref: string, toPath: string, signal: AbortSignal): Promise<{ bytes: number }>;
  /**
   * Gives a job up. `aborted`: the engine stops; `detached`: it may go on, and nobody looks at it. Never throws.
   * Also frees what the engine keeps of a finished job, where it can.
   */
  cancel(ref: string): Promise<'aborted' | 'detached'>;
  /** Whether the engine answers now. Never throws; `detail` is for operators. */
  health(): Promise<{ ok: boolean; detail: string }>;
  describe(): GeneratorDescription;
}

/** IPTC term for what a trained model made. */
export const TRAINED_ALGORITHMIC_MEDIA = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';

/** IPTC term for what an algorithm without training data made. */
export const ALGORITHMIC_MEDIA = 'http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia';
