import { useEffect, useId, useState, type RefObject } from 'react';
import type { VerifyReport } from '#contracts';
import { bytes, clock, number } from '../../shared/format.js';
import { Foreign } from '../../shared/foreign.js';
import { useWords } from '../language.js';
import { CopyButton } from '../../shared/copy-button.js';

/** Address of a file on this device, for as long as it is shown. */
function useLocalAddress(file: File | null): string | null {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    if (!file) return setAddress(null);
    const made = URL.createObjectURL(file);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return address;
}

interface PreviewProps {
  file: File;
  video: RefObject<HTMLVideoElement | null>;
  /** Called with the second that is shown; null where nothing can be shown. */
  onTime: (second: number | null) => void;
}

function Preview({ file, video, onTime }: PreviewProps) {
  const { words } = useWords();
  const address = useLocalAddress(file);
  const [broken, setBroken] = useState(false);
  useEffect(() => setBroken(false), [address]);
  const fail = () => {
    setBroken(true);
    onTime(null);
  };
  if (!address) return null;
  if (broken) return <p className="hint unplayable">{words.clip.unplayable}</p>;
  return (
    <figure className="preview">
      {file.type.startsWith('image/') ? (
        <img src={address} alt={words.clip.title} onError={fail} />
      ) : (
        <video
          ref={video}
          src={address}
          aria-label={words.clip.title}
          muted
          controls
          playsInline
          preload="metadata"
          onError={fail}
          onLoadedMetadata={(e) => onTime(e.currentTarget.currentTime)}
          onTimeUpdate={(e) => onTime(e.currentTarget.currentTime)}
        />
      )}
      <figcaption className="hint">{words.clip.local}</figcaption>
    </figure>
  );
}

/** The file that was examined: its picture from the reader's own device, its name, and the digest that identifies it. */
export function Clip({
  report,
  file,
  ...preview
}: Omit<PreviewProps, 'file'> & { report: VerifyReport; file: File | null }) {
  const { words, lang } = useWords();
  const { clip } = words;
  const { container } = report.file;
  const id = useId();
  const name = report.file.name ?? file?.name;
  return (
    <section className="clip" aria-labelledby={id}>
      <h3 id={id}>{clip.title}</h3>
      {file && <Preview file={file} {...preview} />}
      <p className="file-name">{name ? <Foreign text={name} max={90} /> : clip.noName}</p>
      <dl className="facts">
        <div>
          <dt>{clip.size}</dt>
          <dd>{bytes(report.file.bytes, lang)}</dd>
        </div>
        {container && (
          <>
            <div>
              <dt>{clip.length}</dt>
              <dd>{clock(container.durationS, lang, true)}</dd>
            </div>
            <div>
              <dt>{clip.shape}</dt>
              <dd>
                {container.width} × {container.height}, {number(container.fps, lang)}/s
              </dd>
            </div>
          </>
        )}
        <div className="wide">
          <dt>{clip.hash}</dt>
          <dd>
            <code className="digest">{report.file.sha256}</code> <CopyButton text={report.file.sha256} />
          </dd>
        </div>
      </dl>
    </section>
  );
}
