export { GenerateStep, type EngineByName, type GenerateOptions } from './generate.js';
export { InspectStep, type KnownPictures } from './inspect.js';
export { bankedPictures } from './known.js';
export { LogStep } from './log.js';
export { MarkStep } from './mark.js';
export { RereadError, RereadStep } from './reread.js';
export { StepRunner } from './run.js';
export { SignStep, type Signing } from './sign.js';
export type { Step } from './step.js';
