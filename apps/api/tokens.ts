/** Injection token of what every process stands on. */
export const CORE = Symbol('core');
/** Injection token of the API's parts. */
export const PARTS = Symbol('parts');
