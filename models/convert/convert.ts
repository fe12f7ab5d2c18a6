import { OnnxBuilder, type Value } from './builder.js';
import { ConversionError } from './errors.js';
import { outputNames, topologicalOrder, type GraphModelJson } from './graph.js';
import { OPS } from './ops.js';
import { decodeWeights } from './weights.js';

/**
 * Translates a TFJS graph model (TensorFlow GraphDef as JSON, NHWC) to an ONNX file, opset 13.
 * Inputs and outputs keep TensorFlow's layout and names; inside, images travel as NCHW. Same input, same bytes.
 * @param packed the weight shards, joined in the manifest's order
 * @throws ConversionError `unsupported_op`, `unsupported_attribute` or `model_source_unreadable`
 */
export function convertGraphModel(model: GraphModelJson, packed: Uint8Array, graphName: string): Uint8Array {
  const constants = decodeWeights(model, packed);
  const build = new OnnxBuilder();
  const values = new Map<string, Value>();
  for (const node of topologicalOrder(model)) {
    const constant = constants.get(node.name);
    if (constant) {
      values.set(node.name, { onnx: '', shape: constant.shape, layout: 'tf', constant });
    } else if (node.op === 'Placeholder') {
      values.set(node.name, build.input(node.name, node.ints('shape')));
    } else {
      const emit = OPS[node.op];
      if (!emit)
        throw new ConversionError('unsupported_op', `Node ${node.name} needs ${node.op}, which is not written.`);
      const inputs = node.inputs.map((name) => values.get(name) as Value);
      values.set(node.name, emit(build, node, inputs));
    }
  }
  const outputs = outputNames(model);
  for (const name of outputs) {
    const value = values.get(name);
    if (!value) throw new ConversionError('model_source_unreadable', `The output ${name} is not in the graph.`);
    build.output(outputs.length === 1 ? 'output' : name, value);
  }
  return build.finish(graphName);
}
