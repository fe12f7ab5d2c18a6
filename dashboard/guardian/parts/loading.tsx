import { Card } from '../../shared/card.js';
import { Progress } from '../../shared/progress.js';
import { useWords } from '../language.js';

/** The service was asked. */
export function Loading() {
  const { words } = useWords();
  return (
    <Card title={words.loading} kind="work">
      <Progress what={words.loading} share={null} />
    </Card>
  );
}
