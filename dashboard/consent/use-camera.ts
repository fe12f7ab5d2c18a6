import { useCallback, useEffect, useRef, useState } from 'react';
import { CameraError, closeCamera, openCamera, record, type CameraFault, type Recording } from './camera.js';

const COUNTDOWN_S = 3;

/** What the camera does. */
export type CameraState =
  | { at: 'opening' }
  | { at: 'fault'; kind: CameraFault }
  | { at: 'preview'; stream: MediaStream; interrupted: boolean }
  | { at: 'countdown'; stream: MediaStream; left: number }
  | { at: 'recording'; stream: MediaStream; recording: Recording }
  | { at: 'review'; file: File; url: string };

/** The camera from its opening to a recording that can be looked at. It is off as soon as it is not needed. */
export function useCamera(): { state: CameraState; open: () => void; begin: () => void; finish: () => void } {
  const [state, setState] = useState<CameraState>({ at: 'opening' });
  const stream = useRef<MediaStream | null>(null);
  const gone = useRef(false);
  const fail = (e: unknown) => {
    if (stream.current) closeCamera(stream.current);
    setState({ at: 'fault', kind: e instanceof CameraError ? e.kind : 'busy' });
  };

  const open = useCallback(() => {
    setState({ at: 'opening' });
    openCamera().then((opened) => {
      if (gone.current) return closeCamera(opened);
      stream.current = opened;
      setState({ at: 'preview', stream: opened, interrupted: false });
    }, fail);
  }, []);

  useEffect(() => {
    gone.current = false;
    open();
    return () => {
      gone.current = true;
      if (stream.current) closeCamera(stream.current);
    };
  }, [open]);

  useEffect(() => {
    if (state.at !== 'countdown') return;
    const next = () => {
      if (state.left > 1) return setState({ ...state, left: state.left - 1 });
      record(state.stream).then((recording) => setState({ at: 'recording', stream: state.stream, recording }), fail);
    };
    const timer = setTimeout(next, 1000);
    return () => clearTimeout(timer);
  }, [state]);

  useEffect(() => {
    if (state.at !== 'recording' && state.at !== 'countdown') return;
    // Browsers slow hidden pages down: instructions would come late, pictures not at all.
    const hidden = () => {
      if (!document.hidden) return;
      if (state.at === 'recording') state.recording.finish().catch(() => undefined);
      setState({ at: 'preview', stream: state.stream, interrupted: true });
    };
    document.addEventListener('visibilitychange', hidden);
    return () => document.removeEventListener('visibilitychange', hidden);
  }, [state]);

  const url = state.at === 'review' ? state.url : null;
  useEffect(() => () => (url ? URL.revokeObjectURL(url) : undefined), [url]);

  return {
    state,
    open,
    begin: () => state.at === 'preview' && setState({ at: 'countdown', stream: state.stream, left: COUNTDOWN_S }),
    finish: () => {
      if (state.at !== 'recording') return;
      state.recording.finish().then((file) => {
        closeCamera(state.stream);
        setState({ at: 'review', file, url: URL.createObjectURL(file) });
      }, fail);
    },
  };
}
