import { z } from 'zod';
import { type GenerationRequest, type GenerationStatus } from '#contracts';
import { AppError } from '#kernel';
import { dimensions, integerSeed } from './openai-wire.js';

/** JSON pointers to the places of a graph that a job fills in. */
export interface ComfySlots {
  prompt: string;
  seed?: string;
  width?: string;
  height?: string;
  frames?: string;
  fps?: string;
  /** Input of a LoadImage node; without it reference images are refused. */
  image?: string;
}

type Node = Record<string, unknown>;

function invalid(slot: string, pointer: string): AppError {
  const message = `The slot "${slot}" points to ${pointer}, which is not in the graph.`;
  return new AppError('invalid', 'generator_graph_invalid', message);
}

function place(graph: Node, slot: string, pointer: string): { parent: Node; key: string } {
  const keys = pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const key = keys.pop();
  if (!pointer.startsWith('/') || key === undefined) throw invalid(slot, pointer);
  let parent: Node = graph;
  for (const step of keys) {
    const next = Object.hasOwn(parent, step) ? parent[step] : undefined;
    if (typeof next !== 'object' || next === null) throw invalid(slot, pointer);
    parent = next as Node;
  }
  if (!Object.hasOwn(parent, key)) throw invalid(slot, pointer);
  return { parent, key };
}

/** @throws AppError `generator_graph_invalid` when a slot points to nothing */
export function checkGraph(graph: Node, slots: ComfySlots): void {
  for (const [slot, pointer] of Object.entries(slots) as [string, string | undefined][]) {
    if (pointer !== undefined) place(graph, slot, pointer);
  }
}

/** What fills the slots. */
export interface GraphValues {
  req: GenerationRequest;
  fps: number;
  extraFrames: number;
  /** Name of the uploaded reference image. */
  image: string | undefined;
}

/** A copy of the template with its slots filled. */
export function fillGraph(template: Node, slots: ComfySlots, { req, fps, extraFrames, image }: GraphValues): Node {
  const graph = structuredClone(template);
  const { width, height } = dimensions(req.size);
  const values: Record<keyof ComfySlots, unknown> = {
    prompt: req.prompt,
    seed: integerSeed(req.seed),
    width,
    height,
    frames: Math.round(req.seconds * fps) + extraFrames,
    fps,
    image,
  };
  for (const [slot, pointer] of Object.entries(slots) as [keyof ComfySlots, string | undefined][]) {
    if (pointer === undefined || values[slot] === undefined) continue;
    const { parent, key } = place(graph, slot, pointer);
    parent[key] = values[slot];
  }
  return graph;
}

const File = z.object({
  filename: z.string().min(1),
  subfolder: z.string().default(''),
  type: z.string().default('output'),
});
const Entry = z.object({
  outputs: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  status: z
    .object({ status_str: z.string(), completed: z.boolean().optional(), messages: z.array(z.unknown()).default([]) })
    .optional(),
});

/** A finished job as `GET /history/{id}` tells it. */
export interface HistoryEntry {
  status: GenerationStatus;
  outputs: Record<string, Record<string, unknown>>;
}

function failure(messages: unknown[]): { code: string; message: string } {
  for (const message of messages.toReversed()) {
    if (!Array.isArray(message)) continue;
    const [kind, data] = message as [unknown, Record<string, unknown> | undefined];
    if (kind === 'execution_interrupted') return { code: 'interrupted', message: 'The job was interrupted.' };
    if (kind !== 'execution_error') continue;
    const { exception_type: type, exception_message: text } = data ?? {};
    return { code: typeof type === 'string' ? type : 'execution_error', message: typeof text === 'string' ? text : '' };
  }
  return { code: 'execution_error', message: '' };
}

/** Reads the history of one job; null while it has none. */
export function readHistory(history: Record<string, unknown>, ref: string): HistoryEntry | null {
  const read = Entry.safeParse(Object.hasOwn(history, ref) ? history[ref] : undefined);
  if (!read.success) return null;
  const { outputs, status } = read.data;
  if (status?.status_str === 'error') {
    return { outputs, status: { status: 'failed', progress: 0, error: failure(status.messages) } };
  }
  return { outputs, status: { status: 'completed', progress: 100, error: null } };
}

/** The first MP4 among the outputs, whatever its node calls the list; saved files go before temporary ones. */
export function findClip(entry: HistoryEntry): z.infer<typeof File> | null {
  const files = Object.values(entry.outputs)
    .flatMap((lists) => Object.values(lists))
    .filter(Array.isArray)
    .flat()
    .map((one) => File.safeParse(one))
    .flatMap((one) => (one.success && /\.mp4$/i.test(one.data.filename) ? [one.data] : []));
  return files.find((file) => file.type === 'output') ?? files[0] ?? null;
}
