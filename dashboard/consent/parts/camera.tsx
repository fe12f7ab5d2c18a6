import { useEffect, useRef, useState } from 'react';
import type { LivenessChallenge } from '#contracts';
import { Card } from '../../shared/card.js';
import { cueAt } from '../cues.js';
import type { Enrolling } from '../enrolling.js';
import { useWords } from '../language.js';
import { useCamera, type CameraState } from '../use-camera.js';
import { Cues, Digits, useElapsed } from './cues.js';
import { Working } from './working.js';

function Mirror({ stream, children }: { stream: MediaStream; children?: React.ReactNode }) {
  const { words } = useWords();
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current) video.current.srcObject = stream;
  }, [stream]);
  return (
    <div className="mirror">
      <video ref={video} autoPlay muted playsInline aria-label={words.camera.preview} />
      <svg className="oval" viewBox="0 0 400 300" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
        <path fillRule="evenodd" d="M-400-400h1200v1200h-1200zM200 26a86 118 0 1 0 .01 0z" />
        <ellipse cx="200" cy="144" rx="86" ry="118" />
      </svg>
      {children}
    </div>
  );
}

function CameraFault({
  kind,
  again,
  enrolling,
}: {
  kind: Extract<CameraState, { at: 'fault' }>['kind'];
  again: () => void;
  enrolling: Enrolling;
}) {
  const { words } = useWords();
  const [what, next] = words.camera.faults[kind];
  return (
    <Card title={what} focus kind="fault">
      <p className="next">{next}</p>
      <div className="buttons">
        <button type="button" onClick={again}>
          {words.failed.again}
        </button>
        <button type="button" className="second" onClick={() => enrolling.turn('file')}>
          {words.ready.file}
        </button>
      </div>
    </Card>
  );
}

function Review({ state, enrolling }: { state: Extract<CameraState, { at: 'review' }>; enrolling: Enrolling }) {
  const { words } = useWords();
  const [unplayable, setUnplayable] = useState(false);
  return (
    <Card title={words.review.title} focus>
      <p className="next">{words.review.lead}</p>
      {unplayable ? (
        <p>{words.review.unplayable}</p>
      ) : (
        <video className="playback" src={state.url} controls playsInline onError={() => setUnplayable(true)} />
      )}
      <div className="buttons">
        <button type="button" onClick={() => enrolling.hand({ file: state.file, mirrored: false })}>
          {words.review.send}
        </button>
        <button type="button" className="second" onClick={enrolling.prepare}>
          {words.review.again}
        </button>
      </div>
    </Card>
  );
}

/** The challenge before the camera of this device. */
export function Camera({ challenge, enrolling }: { challenge: LivenessChallenge; enrolling: Enrolling }) {
  const { words } = useWords();
  const { camera } = words;
  const { state, open, begin, finish } = useCamera();
  const at = useElapsed(state.at === 'recording' ? state.recording.elapsed : null);
  const over = state.at === 'recording' && cueAt(challenge, at).kind === 'done';
  const end = useRef(finish);
  end.current = finish;
  useEffect(() => {
    if (over) end.current();
  }, [over]);
  if (state.at === 'opening') return <Working what={camera.opening} share={null} />;
  if (state.at === 'fault') return <CameraFault kind={state.kind} again={open} enrolling={enrolling} />;
  if (state.at === 'review') return <Review state={state} enrolling={enrolling} />;
  const silent = state.stream.getAudioTracks().length === 0;
  return (
    <Card title={camera.title} focus kind="shoot">
      {state.at === 'recording' && <Cues challenge={challenge} at={at} />}
      {state.at === 'countdown' && (
        <p className="cue count" aria-live="assertive">
          {camera.in(state.left)}
        </p>
      )}
      {state.at === 'preview' && state.interrupted && (
        <p role="alert" className="wrong">
          {camera.interrupted}
        </p>
      )}
      <Mirror stream={state.stream}>{state.at === 'recording' && <p className="rec">{camera.recording}</p>}</Mirror>
      <Digits code={challenge.code} />
      {silent && <p className="hint">{camera.noSound}</p>}
      <div className="buttons">
        {state.at === 'preview' && (
          <button type="button" onClick={begin}>
            {camera.begin}
          </button>
        )}
        <button type="button" className="second" onClick={enrolling.prepare}>
          {camera.cancel}
        </button>
      </div>
    </Card>
  );
}
