import proto, { type onnx } from 'onnx-proto';
import { permute, type Constant } from './weights.js';

/** ONNX operator set that the converter writes. */
export const OPSET = 13;

/** Axes of an NHWC value in the order of NCHW. */
export const TO_NCHW = [0, 3, 1, 2];
const TO_NHWC = [0, 2, 3, 1];
const { AttributeProto, ModelProto, TensorProto } = proto.onnx;
const { FLOAT, INT64 } = TensorProto.DataType;

/**
 * A value on its way through the converter. `shape` is always the TensorFlow one (NHWC for images, -1 for the
 * batch); `layout` says how the ONNX value named `onnx` lies in memory.
 */
export interface Value {
  onnx: string;
  shape: number[];
  layout: 'tf' | 'nchw';
  /** Set while the value is a constant that no ONNX node has needed yet. */
  constant?: Constant;
  /** Set when the value is `of`, limited to min..max: a further limit can then start from `of`. */
  limited?: { of: string; min: number; max: number };
}

type Attribute = number | number[] | string | { float: number };

function attribute(name: string, value: Attribute): onnx.IAttributeProto {
  const { AttributeType } = AttributeProto;
  if (typeof value === 'string') return { name, type: AttributeType.STRING, s: Buffer.from(value) };
  if (typeof value === 'object' && 'float' in value) return { name, type: AttributeType.FLOAT, f: value.float };
  return Array.isArray(value)
    ? { name, type: AttributeType.INTS, ints: value }
    : { name, type: AttributeType.INT, i: value };
}

function valueInfo(name: string, shape: number[]): onnx.IValueInfoProto {
  const dim = shape.map((d) => (d < 0 ? { dimParam: 'batch' } : { dimValue: d }));
  return { name, type: { tensorType: { elemType: FLOAT, shape: { dim } } } };
}

function littleEndian(data: Float32Array): Uint8Array {
  const bytes = new Uint8Array(data.length * 4);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < data.length; i++) view.setFloat32(i * 4, data[i] as number, true);
  return bytes;
}

/** Collects nodes and weights, puts Transposes where a layout changes, and writes the ONNX file. */
export class OnnxBuilder {
  private readonly nodes: onnx.INodeProto[] = [];
  private readonly weights: onnx.ITensorProto[] = [];
  private readonly inputs: onnx.IValueInfoProto[] = [];
  private readonly outputs: onnx.IValueInfoProto[] = [];
  /** Transposed copies by `name/layout`, so that one value is transposed at most once. */
  private readonly transposed = new Map<string, Value>();

  private nextName(kind: string): string {
    return `${kind}_${this.nodes.length}_${this.weights.length}`;
  }

  /** Adds a node with one output and returns the output's name. */
  node(opType: string, inputs: string[], attributes: Record<string, Attribute> = {}): string {
    const name = this.nextName(opType);
    this.nodes.push({
      name,
      opType,
      input: inputs,
      output: [name],
      attribute: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
    });
    return name;
  }

  /** Stores float weights and returns their name. */
  weight({ shape, data }: Constant): string {
    const name = this.nextName('w');
    this.weights.push({ name, dims: shape, dataType: FLOAT, rawData: littleEndian(data) });
    return name;
  }

  /** Stores a list of integers (axes, shapes) and returns its name. */
  integers(values: number[]): string {
    const name = this.nextName('i');
    const bytes = new Uint8Array(values.length * 8);
    const view = new DataView(bytes.buffer);
    values.forEach((v, i) => view.setBigInt64(i * 8, BigInt(v), true));
    this.weights.push({ name, dims: [values.length], dataType: INT64, rawData: bytes });
    return name;
  }

  input(name: string, shape: number[]): Value {
    this.inputs.push(valueInfo(name, shape));
    return { onnx: name, shape, layout: 'tf' };
  }

  /** Puts values side by side along `axis` of their TensorFlow shape. */
  concat(values: Value[], axis: number): Value {
    const [first, ...others] = values as [Value, ...Value[]];
    const layout = first.layout;
    const shape = first.shape.map((d, i) => (i === axis ? others.reduce((sum, v) => sum + (v.shape[i] ?? 0), d) : d));
    const names = values.map((v) => this.as(v, layout).onnx);
    const at = layout === 'nchw' && shape.length === 4 ? TO_NCHW.indexOf(axis) : axis;
    return { onnx: this.node('Concat', names, { axis: at }), shape, layout };
  }

  /** Declares a model output in TensorFlow's layout. */
  output(name: string, value: Value): void {
    const from = this.as(value, 'tf');
    this.nodes.push({ name, opType: 'Identity', input: [from.onnx], output: [name] });
    this.outputs.push(valueInfo(name, value.shape));
  }

  /** The same value in the layout asked for. Only values of rank 4 have two layouts. */
  as(value: Value, layout: Value['layout']): Value {
    if (value.constant) {
      const constant =
        layout === 'nchw' && value.shape.length === 4 ? permute(value.constant, TO_NCHW) : value.constant;
      return { onnx: this.weight(constant), shape: value.shape, layout };
    }
    if (value.layout === layout || value.shape.length !== 4) return value;
    const key = `${value.onnx}/${layout}`;
    const known = this.transposed.get(key);
    if (known) return known;
    const perm = layout === 'nchw' ? TO_NCHW : TO_NHWC;
    const made: Value = { onnx: this.node('Transpose', [value.onnx], { perm }), shape: value.shape, layout };
    this.transposed.set(key, made);
    return made;
  }

  /** Nodes that an output depends on; a limit that a later one replaced is dropped. */
  private needed(): onnx.INodeProto[] {
    const wanted = new Set(this.outputs.map((output) => output.name));
    const kept: onnx.INodeProto[] = [];
    for (const node of this.nodes.toReversed()) {
      if (!(node.output ?? []).some((name) => wanted.has(name))) continue;
      (node.input ?? []).forEach((name) => wanted.add(name));
      kept.push(node);
    }
    return kept.reverse();
  }

  /** The ONNX file. The same graph always gives the same bytes. */
  finish(graphName: string): Uint8Array {
    const node = this.needed();
    const read = new Set(node.flatMap((n) => n.input ?? []));
    const message = ModelProto.create({
      irVersion: 7,
      producerName: 'imprimatur',
      opsetImport: [{ domain: '', version: OPSET }],
      graph: {
        name: graphName,
        node,
        initializer: this.weights.filter((w) => read.has(w.name ?? '')),
        input: this.inputs,
        output: this.outputs,
      },
    });
    return ModelProto.encode(message).finish();
  }
}
