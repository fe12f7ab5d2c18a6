// Stems are written without accents: the prompt is compared without them too.
const ENGLISH = [
  'say|says|saying|said|speak|speaks|speaking|spoke|spoken|talk|talks|talking|talked|tell|tells|telling|told',
  'announce|announces|announcing|announced|declare|declares|declaring|declared|explain|explains|explaining',
  'shout|shouts|shouting|yell|yells|yelling|whisper|whispers|whispering|murmur|murmurs|chant|chants|chanting',
  'sing|sings|singing|sung|singer|singers|song|songs|lyrics|rap|raps|rapping|rapper|recite|recites|reciting|karaoke',
  'narrate|narrates|narrated|narrating|narrator|narration|speech|speeches|voice|voices|voiceover|voice-over',
  'monologue|monologues|dialogue|dialogues|dialog|lecture|lectures|sermon|sermons|preach|preaches|preaching|podcast',
  'interview|interviews|interviewed|press conference|announcement|announcements|addresses the|addressing the',
  'newscast|news anchor|news report|newsreader|newsreel|reporter|debate|debates|debating|reads? aloud|reading aloud',
  'answers|replies|asks|promises|confesses|confessing|conversation|conversations|chatting|spokesperson|commentary',
].join('|');

const FRENCH = [
  'dit|disent|disant|disait|parle|parlent|parlant|parler|parlait|raconte|racontent|racontant|annonce|annonces|annoncent',
  'annoncant|declare|declarent|declarant|declaration|crie|crient|criant|hurle|hurlent|hurlant|chuchote|chuchotent',
  'murmure|murmurent|chante|chantent|chantant|chanter|chant|chants|chanson|chansons|chanteur|chanteuse|rappe|rappeur',
  'slame|slameur|recite|recitent|recitant|narrateur|narratrice|narration|discours|voix|voix-off|paroles|monologue',
  'dialogue|dialogues|dialoguent|conference|conferences|allocution|allocutions|sermon|preche|prechent|explique',
  'expliquent|expliquant|scande|scandent|slogan|slogans|interview|interviewe|entretien|temoigne|temoignage|proclame',
  "proclament|harangue|s'adresse|s'adressent|prononce|prononcent|prononcant|presentateur|presentatrice|journaliste",
  'a voix haute|repond|repondent|demande|demandent|promet|avoue|debat|debattent|conversation|bavardent|on entend',
].join('|');

const SPEECH = new RegExp(`(?<![\\p{L}\\p{N}])(?:${ENGLISH}|${FRENCH})(?![\\p{L}\\p{N}])`, 'u');

/** Pairs of quotation marks with something to read between them. */
const QUOTED = [
  /"[^"]*[\p{L}\p{N}][^"]*"/u,
  /[“„‟”][^“”„‟]*[\p{L}\p{N}][^“”„‟]*[”“]/u,
  /«[^»]*[\p{L}\p{N}][^»]*»|»[^«]*[\p{L}\p{N}][^«]*«/u,
  /[「『][^」』]*[\p{L}\p{N}][^」』]*[」』]/u,
  // An apostrophe inside a word is no quotation mark: the pair must stand free, around at least two characters.
  /(?<![\p{L}\p{N}])['‘‚][^'‘’‚]*[\p{L}\p{N}][^'‘’‚]+['’‘](?![\p{L}\p{N}])/u,
];

/**
 * Whether a prompt asks for words to be said: it quotes something, or names talking, singing or a speech, in English or
 * French. Wide on purpose: it never decides alone, it only says that speech in the clip deserves a listener.
 * @param prompt as the maker wrote it
 */
export function quotesSpeech(prompt: string): boolean {
  const text = prompt.normalize('NFKC');
  if (QUOTED.some((pattern) => pattern.test(text))) return true;
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[’‘]/g, "'").replace(/\s+/g, ' ').toLowerCase();
  return SPEECH.test(plain);
}
