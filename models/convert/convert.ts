import { OnnxBuilder, type Value } from './builder.js';
import { ConversionError } from './errors.js';
import { outputNames, topologicalOrder, type GraphModelJson, type GraphNode } from './graph.js';
import { OPS } from './ops/index.js';
import { decodeWeights } from './weights.js';

/** One output of the ONNX file: a node of the original, or several put side by side along axis 1. */
export interface Result {
  name: string;
  nodes: readonly string[];
}

/** What the ONNX file is to be called and what it gives. */
export interface ConvertOptions {
  /** Name of the graph inside the file. */
  name: string;
  /** Name of the input; by default the original's. */
  input?: string;
  /** Outputs in order; by default the original's own, a single one under the name `output`. */
  results?: readonly Result[] | undefined;
}

function emit(build: OnnxBuilder, node: GraphNode, values: Map<string, Value>): Value {
  const write = OPS[node.op];
  if (!write) throw new ConversionError('unsupported_op', `Node ${node.name} needs ${node.op}, which is not written.`);
  return write(
    build,
    node,
    node.inputs.map((name) => values.get(name) as Value),
  );
}

function ownResults(model: GraphModelJson): Result[] {
  const names = outputNames(model);
  return names.map((name) => ({ name: names.length === 1 ? 'output' : name, nodes: [name] }));
}

/**
 * Translates a TFJS graph model (TensorFlow GraphDef as JSON, NHWC) to an ONNX file, opset 13.
 * Inputs and outputs keep TensorFlow's layout; inside, images travel as NCHW. The batch stays open even where the
 * original was made for one picture. Same input, same bytes.
 * @param packed the weight shards, joined in the manifest's order
 * @throws ConversionError `unsupported_op`, `unsupported_attribute` or `model_source_unreadable`
 */
export function convertGraphModel(model: GraphModelJson, packed: Uint8Array, options: ConvertOptions): Uint8Array {
  const constants = decodeWeights(model.weightsManifest, packed);
  const results = options.results ?? ownResults(model);
  const build = new OnnxBuilder();
  const values = new Map<string, Value>();
  for (const node of topologicalOrder(
    model,
    results.flatMap((r) => r.nodes),
  )) {
    const constant = constants.get(node.name);
    if (constant) {
      values.set(node.name, { onnx: '', shape: constant.shape, layout: 'tf', constant });
    } else if (node.op === 'Placeholder') {
      const [, ...picture] = node.ints('shape');
      values.set(node.name, build.input(options.input ?? node.name, [-1, ...picture]));
    } else {
      values.set(node.name, emit(build, node, values));
    }
  }
  for (const { name, nodes } of results) {
    const parts = nodes.map((node) => values.get(node) as Value);
    build.output(name, parts.length === 1 ? (parts[0] as Value) : build.concat(parts, 1));
  }
  return build.finish(options.name);
}
