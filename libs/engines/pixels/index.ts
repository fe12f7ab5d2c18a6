export { apply, invert, similarity, warp, type Affine, type WarpOptions } from './affine.js';
export { overlap, suppress } from './boxes.js';
export { resizeFrame, resizeInto, stretchInto } from './resize.js';
export { checkFrame, PixelError, type PixelBox, type PixelFrame, type Point } from './types.js';
