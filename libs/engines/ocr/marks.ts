/** What a known mark stands for. */
export type MarkKind = 'stock' | 'generator' | 'platform' | 'editor';

/** A visible mark that third parties put on pictures. */
export interface KnownMark {
  name: string;
  kind: MarkKind;
  /** As it reads, folded and without spaces. */
  forms: readonly string[];
  /** An ordinary word as well: counts only when it stands alone, or after "made with" and the like. */
  word?: true;
}

/** Marks looked for. To add one, add a line; whether it counts is decided by the policy. */
export const KNOWN_MARKS: readonly KnownMark[] = [
  { name: 'Getty Images', kind: 'stock', forms: ['gettyimages'] },
  { name: 'Shutterstock', kind: 'stock', forms: ['shutterstock'] },
  { name: 'iStock', kind: 'stock', forms: ['istock', 'istockphoto'] },
  { name: 'Alamy', kind: 'stock', forms: ['alamy'] },
  { name: 'Adobe Stock', kind: 'stock', forms: ['adobestock'] },
  { name: 'Depositphotos', kind: 'stock', forms: ['depositphotos'] },
  { name: 'Dreamstime', kind: 'stock', forms: ['dreamstime'] },
  { name: '123RF', kind: 'stock', forms: ['123rf'] },
  { name: 'Pond5', kind: 'stock', forms: ['pond5'] },
  { name: 'Storyblocks', kind: 'stock', forms: ['storyblocks'] },
  { name: 'Sora', kind: 'generator', forms: ['sora'], word: true },
  { name: 'Runway', kind: 'generator', forms: ['runway', 'runwayml'], word: true },
  { name: 'Pika', kind: 'generator', forms: ['pika', 'pikalabs'], word: true },
  { name: 'Luma', kind: 'generator', forms: ['luma', 'lumadreammachine', 'dreammachine'], word: true },
  { name: 'Kling', kind: 'generator', forms: ['kling', 'klingai'], word: true },
  { name: 'Veo', kind: 'generator', forms: ['veo', 'googleveo'], word: true },
  { name: 'Hailuo', kind: 'generator', forms: ['hailuo', 'hailuoai', 'minimax'], word: true },
  { name: 'Synthesia', kind: 'generator', forms: ['synthesia'] },
  { name: 'HeyGen', kind: 'generator', forms: ['heygen'] },
  { name: 'TikTok', kind: 'platform', forms: ['tiktok'], word: true },
  { name: 'Instagram', kind: 'platform', forms: ['instagram'], word: true },
  { name: 'YouTube', kind: 'platform', forms: ['youtube'], word: true },
  { name: 'Snapchat', kind: 'platform', forms: ['snapchat'], word: true },
  { name: 'Facebook', kind: 'platform', forms: ['facebook'], word: true },
  { name: 'CapCut', kind: 'editor', forms: ['capcut'] },
  { name: 'VEED', kind: 'editor', forms: ['veed', 'veedio'], word: true },
  { name: 'InVideo', kind: 'editor', forms: ['invideo', 'invideoai'], word: true },
  { name: 'Kapwing', kind: 'editor', forms: ['kapwing'] },
  { name: 'KineMaster', kind: 'editor', forms: ['kinemaster'] },
  { name: 'FilmoraGo', kind: 'editor', forms: ['filmora', 'filmorago'] },
];
