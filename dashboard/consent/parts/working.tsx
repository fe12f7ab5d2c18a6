import { Card } from '../../shared/card.js';
import { Progress } from '../../shared/progress.js';

/** What runs, and how far it is. @param share null where nobody knows */
export function Working({ what, share, note }: { what: string; share: number | null; note?: string }) {
  return (
    <Card title={what} focus kind="work">
      <Progress what={what} share={share} />
      {note && <p className="hint">{note}</p>}
    </Card>
  );
}
