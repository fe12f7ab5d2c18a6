import { useId, useState, type FormEvent } from 'react';
import { useWords } from '../language.js';
import { sendFeedback } from '../wire.js';

const COMMENT_LIMIT = 2000;

/** Whether the answer helped, and what should be better. */
export function Feedback({ id }: { id: string }) {
  const { words } = useWords();
  const { feedback } = words;
  const [helpful, setHelpful] = useState<boolean | null>(null);
  const [comment, setComment] = useState('');
  const [state, setState] = useState<'open' | 'sending' | 'sent' | 'failed' | 'unchosen'>('open');
  const [text, hint] = [useId(), useId()];
  const send = async (e: FormEvent) => {
    e.preventDefault();
    if (helpful === null) return setState('unchosen');
    setState('sending');
    await sendFeedback(id, helpful, comment.trim()).then(
      () => setState('sent'),
      () => setState('failed'),
    );
  };
  const said = { open: '', sending: '', sent: feedback.thanks, failed: feedback.failed, unchosen: feedback.choose };
  return (
    <form className="feedback" onSubmit={(e) => void send(e)}>
      {state !== 'sent' && (
        <fieldset disabled={state === 'sending'}>
          <legend>{feedback.title}</legend>
          <p className="choices">
            {([true, false] as const).map((value) => (
              <label key={String(value)}>
                <input type="radio" name="helpful" checked={helpful === value} onChange={() => setHelpful(value)} />
                {value ? feedback.yes : feedback.no}
              </label>
            ))}
          </p>
          <label htmlFor={text}>{feedback.comment}</label>
          <textarea
            id={text}
            rows={3}
            maxLength={COMMENT_LIMIT}
            aria-describedby={hint}
            value={comment}
            onChange={(e) => setComment(e.target.value)}
          />
          <p id={hint} className="hint">
            {feedback.commentHint}
          </p>
          <button type="submit" className="second">
            {feedback.send}
          </button>
        </fieldset>
      )}
      <p role="status">{said[state]}</p>
    </form>
  );
}
