import type { FaceRegister } from '#domain/likeness';
import type { Core } from '#platform/core';

export function openFaceRegister(_core: Core): FaceRegister {
  const fail = () => Promise.reject(new Error('no register'));
  return { refresh: fail, find: fail };
}
