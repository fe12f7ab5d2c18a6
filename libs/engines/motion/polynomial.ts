/** Neighbourhood of the polynomial fit: 5 pixels to each side, weighted by a Gaussian of 1.1 pixels. */
const REACH = 5;
const SIGMA = 1.1;

const weight = new Float64Array(REACH + 1);
for (let k = 0, sum = 0; k <= REACH; k++) {
  weight[k] = Math.exp((-k * k) / (2 * SIGMA * SIGMA));
  sum += (k === 0 ? 1 : 2) * weight[k]!;
  if (k === REACH) weight.forEach((w, i) => (weight[i] = w / sum));
}
const moment = (power: number) => weight.reduce((sum, w, k) => sum + (k === 0 ? 0 : 2 * w * k ** power), 0);

/** The normal equations of a separable weight have these four numbers and zeros. */
const variance = moment(2);
const spread = moment(4) - variance * variance;
const LINEAR = 1 / variance;
const SQUARE = 1 / spread;
const CONSTANT = -variance / spread;
const MIXED = 1 / (variance * variance);

const [G0, G1, G2, G3, G4, G5] = weight as unknown as [number, number, number, number, number, number];

/**
 * Fits a quadratic to the neighbourhood of every pixel (Farneback, SCIA 2003; edges repeat).
 * @param image grey values, row by row, `width * height`
 * @param out 5 numbers a pixel: coefficients of y, x, y², x², xy
 * @param lines scratch of `3 * (width + 10)` values
 */
export function expand(
  image: Float32Array,
  width: number,
  height: number,
  out: Float32Array,
  lines: Float32Array,
): void {
  const stride = width + 2 * REACH;
  const plain = lines.subarray(0, stride);
  const slope = lines.subarray(stride, 2 * stride);
  const curve = lines.subarray(2 * stride, 3 * stride);
  for (let y = 0, at = 0; y < height; y++) {
    verticalPart(image, width, height, y, plain, slope, curve);
    for (let x = 0; x < width; x++, at += 5) {
      const i = x + REACH;
      const s1 = plain[i - 1]! + plain[i + 1]!;
      const s2 = plain[i - 2]! + plain[i + 2]!;
      const s3 = plain[i - 3]! + plain[i + 3]!;
      const s4 = plain[i - 4]! + plain[i + 4]!;
      const s5 = plain[i - 5]! + plain[i + 5]!;
      const constant = G0 * plain[i]! + G1 * s1 + G2 * s2 + G3 * s3 + G4 * s4 + G5 * s5;
      const squareX = G1 * s1 + 4 * G2 * s2 + 9 * G3 * s3 + 16 * G4 * s4 + 25 * G5 * s5;
      const inX =
        G1 * (plain[i + 1]! - plain[i - 1]!) +
        2 * G2 * (plain[i + 2]! - plain[i - 2]!) +
        3 * G3 * (plain[i + 3]! - plain[i - 3]!) +
        4 * G4 * (plain[i + 4]! - plain[i - 4]!) +
        5 * G5 * (plain[i + 5]! - plain[i - 5]!);
      const inY =
        G0 * slope[i]! +
        G1 * (slope[i - 1]! + slope[i + 1]!) +
        G2 * (slope[i - 2]! + slope[i + 2]!) +
        G3 * (slope[i - 3]! + slope[i + 3]!) +
        G4 * (slope[i - 4]! + slope[i + 4]!) +
        G5 * (slope[i - 5]! + slope[i + 5]!);
      const mixed =
        G1 * (slope[i + 1]! - slope[i - 1]!) +
        2 * G2 * (slope[i + 2]! - slope[i - 2]!) +
        3 * G3 * (slope[i + 3]! - slope[i - 3]!) +
        4 * G4 * (slope[i + 4]! - slope[i - 4]!) +
        5 * G5 * (slope[i + 5]! - slope[i - 5]!);
      const squareY =
        G0 * curve[i]! +
        G1 * (curve[i - 1]! + curve[i + 1]!) +
        G2 * (curve[i - 2]! + curve[i + 2]!) +
        G3 * (curve[i - 3]! + curve[i + 3]!) +
        G4 * (curve[i - 4]! + curve[i + 4]!) +
        G5 * (curve[i - 5]! + curve[i + 5]!);
      out[at] = inY * LINEAR;
      out[at + 1] = inX * LINEAR;
      out[at + 2] = constant * CONSTANT + squareY * SQUARE;
      out[at + 3] = constant * CONSTANT + squareX * SQUARE;
      out[at + 4] = mixed * MIXED;
    }
  }
}

/** Weighted sums of one column of 11 pixels: of the values, of y times the values, of y² times the values. */
function verticalPart(
  image: Float32Array,
  width: number,
  height: number,
  y: number,
  plain: Float32Array,
  slope: Float32Array,
  curve: Float32Array,
): void {
  const row = (k: number) => {
    const from = Math.min(Math.max(y + k, 0), height - 1) * width;
    return image.subarray(from, from + width);
  };
  const middle = row(0);
  const [u1, u2, u3, u4, u5] = [row(-1), row(-2), row(-3), row(-4), row(-5)];
  const [d1, d2, d3, d4, d5] = [row(1), row(2), row(3), row(4), row(5)];
  for (let x = 0, i = REACH; x < width; x++, i++) {
    const s1 = G1 * (u1[x]! + d1[x]!);
    const s2 = G2 * (u2[x]! + d2[x]!);
    const s3 = G3 * (u3[x]! + d3[x]!);
    const s4 = G4 * (u4[x]! + d4[x]!);
    const s5 = G5 * (u5[x]! + d5[x]!);
    plain[i] = G0 * middle[x]! + s1 + s2 + s3 + s4 + s5;
    curve[i] = s1 + 4 * s2 + 9 * s3 + 16 * s4 + 25 * s5;
    slope[i] =
      G1 * (d1[x]! - u1[x]!) +
      2 * G2 * (d2[x]! - u2[x]!) +
      3 * G3 * (d3[x]! - u3[x]!) +
      4 * G4 * (d4[x]! - u4[x]!) +
      5 * G5 * (d5[x]! - u5[x]!);
  }
  for (const line of [plain, slope, curve]) {
    line.fill(line[REACH]!, 0, REACH);
    line.fill(line[REACH + width - 1]!, REACH + width);
  }
}
