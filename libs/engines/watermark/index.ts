export { createDetector, type Detector, type WatermarkReading, type WatermarkSearch } from './detector.js';
export { WatermarkError, type WatermarkErrorCode } from './errors.js';
export { createMarker, type Marker, type MarkerOptions } from './marker.js';
export { WATERMARK_ALG } from './params.js';
export { parseSoftBindingValue, softBindingValue } from './payload.js';
