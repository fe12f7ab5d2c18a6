export { SceneError, type SceneErrorCode } from './errors.js';
export { readPrompt } from './reader.js';
export { renderScene } from './render.js';
export type {
  CameraMove,
  Mood,
  Motion,
  Place,
  RenderedScene,
  RenderOptions,
  SceneDescription,
  SceneEffect,
  SceneLanguage,
  ScenePalette,
  SceneRequest,
  SceneSubject,
  SubjectKind,
  TimeOfDay,
  Weather,
} from './types.js';

/** Name and version of this generator; the version changes whenever the same request would give other bytes. */
export const ENGINE = { name: 'imprimatur-scene', version: '1' } as const;
