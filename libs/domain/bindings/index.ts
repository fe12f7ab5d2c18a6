export { ALGORITHMS } from './algorithms.js';
export { Bindings, type StoredManifest, type Wanted } from './bindings.js';
export { BindingError } from './errors.js';
