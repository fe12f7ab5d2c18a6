import { ConversionError } from './errors.js';

/** Attribute of a TensorFlow node as it stands in a TFJS graph model (strings are base64, integers are text). */
interface RawAttribute {
  i?: string | number;
  f?: number;
  b?: boolean;
  s?: string;
  list?: { i?: (string | number)[]; s?: string[] };
  shape?: { dim?: { size: string | number }[] };
}

interface RawNode {
  name: string;
  op: string;
  input?: string[];
  attr?: Record<string, RawAttribute>;
}

/** A weight's place in the packed weight file, and how it was quantised. */
export interface WeightSpec {
  name: string;
  shape: number[];
  dtype: string;
  quantization?: { dtype: string; min?: number; scale?: number };
}

/** Weights that share files. */
export interface WeightGroup {
  paths: string[];
  weights: WeightSpec[];
}

/** The `model.json` of a TFJS graph model. */
export interface GraphModelJson {
  format?: string;
  modelTopology: { node: RawNode[] };
  weightsManifest: WeightGroup[];
  /** Where newer converters put the list of outputs; by the names of tensors. */
  signature?: Signature;
  /** Where older ones put it. */
  userDefinedMetadata?: { signature?: Signature };
}

interface Signature {
  outputs?: Record<string, { name?: string }>;
}

/** One operation, with attributes decoded on reading. */
export interface GraphNode {
  name: string;
  op: string;
  /** Names of the producing nodes; control inputs are dropped. */
  inputs: string[];
  ints(attribute: string, fallback?: number[]): number[];
  strings(attribute: string): string[];
  flag(attribute: string): boolean;
}

const text = (base64: string) => Buffer.from(base64, 'base64').toString('utf8');

function missing(node: RawNode, attribute: string): never {
  throw new ConversionError('unsupported_attribute', `Node ${node.name} (${node.op}) has no usable "${attribute}".`);
}

function wrap(raw: RawNode): GraphNode {
  const attr = raw.attr ?? {};
  return {
    name: raw.name,
    op: raw.op,
    inputs: (raw.input ?? []).filter((i) => !i.startsWith('^')).map((i) => i.replace(/:0$/, '')),
    ints(attribute, fallback) {
      const value = attr[attribute];
      const list = value?.list?.i ?? value?.shape?.dim?.map((d) => d.size);
      return list?.map(Number) ?? fallback ?? missing(raw, attribute);
    },
    strings(attribute) {
      const value = attr[attribute];
      if (value?.s !== undefined) return [text(value.s)];
      return (value?.list?.s ?? []).map(text);
    },
    flag: (attribute) => attr[attribute]?.b ?? false,
  };
}

/**
 * The nodes that `wanted` depend on, each after everything it reads from; what only other outputs need is left out.
 * @param wanted names of nodes
 * @throws ConversionError `model_source_unreadable` when a node is not there
 */
export function topologicalOrder(model: GraphModelJson, wanted: readonly string[]): GraphNode[] {
  const byName = new Map(model.modelTopology.node.map((n) => [n.name, wrap(n)]));
  const done = new Set<string>();
  const order: GraphNode[] = [];
  const visit = (name: string, asker: string): void => {
    if (done.has(name)) return;
    const node = byName.get(name);
    if (!node) throw new ConversionError('model_source_unreadable', `${asker} reads "${name}", which is not there.`);
    done.add(name);
    for (const input of node.inputs) visit(input, `Node ${name}`);
    order.push(node);
  };
  for (const name of wanted) visit(name, 'The list of outputs');
  return order;
}

/** Names of the nodes that give the model's outputs: its signature, or the nodes that nothing reads. */
export function outputNames(model: GraphModelJson): string[] {
  const { outputs = {} } = model.signature ?? model.userDefinedMetadata?.signature ?? {};
  const signature = Object.entries(outputs).map(([key, { name }]) => (name ?? key).replace(/:0$/, ''));
  if (signature.length > 0) return signature;
  const read = new Set(model.modelTopology.node.flatMap((n) => wrap(n).inputs));
  return model.modelTopology.node.map((n) => n.name).filter((name) => !read.has(name));
}
