/** An element as it was read: name, attributes, text and children in order. */
export interface XmlNode {
  name: string;
  attributes: Record<string, string>;
  text: string;
  children: XmlNode[];
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function plain(text: string): string {
  return text.replace(/&([^;\s]*);?/g, (whole, name: string) => {
    const found = ENTITIES[name];
    if (found === undefined || !whole.endsWith(';')) throw new Error(`not an entity: ${whole}`);
    return found;
  });
}

function attributesOf(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  const left = text.replace(/\s+([\w:.-]+)="([^"<]*)"/g, (_, name: string, value: string) => {
    found[name] = plain(value);
    return '';
  });
  if (left.trim()) throw new Error(`not attributes: ${left}`);
  return found;
}

/** Reads a document of elements, attributes and text; strict: whatever else there is throws. */
export function readXml(xml: string): XmlNode {
  const body = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  if (body === xml) throw new Error('no declaration');
  const top: XmlNode = { name: '', attributes: {}, text: '', children: [] };
  const open = [top];
  for (const [part] of body.matchAll(/<[^>]*>|[^<>]+|[<>]/g)) {
    const here = open.at(-1)!;
    const tag = /^<(\/?)([\w:.-]+)([^]*?)(\/?)>$/.exec(part);
    if (!tag) {
      if (/[<>]/.test(part)) throw new Error(`stray ${part}`);
      here.text += plain(part);
    } else if (tag[1]) {
      if (open.pop()?.name !== tag[2]) throw new Error(`${tag[2]} ends what did not begin`);
    } else {
      const node = { name: tag[2]!, attributes: attributesOf(tag[3]!), text: '', children: [] };
      here.children.push(node);
      if (!tag[4]) open.push(node);
    }
  }
  if (open.length !== 1 || top.children.length !== 1) throw new Error('not one element');
  return top.children[0]!;
}

/**
 * Sequences of the CyberTipline reporting schema, as its public documentation and open-source clients have them: children
 * of these elements stand in this order, those with a `!` once, those with a `*` as often as wanted, others at most once.
 */
const SEQUENCES: Record<string, string[]> = {
  report: [
    ...['batchedReport', 'incidentSummary!', 'internetDetails*', 'lawEnforcement', 'reporter!', 'personOrUserReported'],
    ...['intendedRecipient*', 'victim*', 'additionalInfo'],
  ],
  incidentSummary: [
    ...['incidentType!', 'platform', 'escalateToHighPriority', 'reportAnnotations', 'incidentDateTime!'],
    'incidentDateTimeDescription',
  ],
  internetDetails: ['webPageIncident!'],
  webPageIncident: ['url*', 'additionalInfo'],
  reporter: ['reportingPerson!', 'contactPerson', 'companyTemplate', 'termsOfService', 'legalURL'],
  reportingPerson: ['firstName', 'lastName', 'phone*', 'email*', 'address*', 'age', 'dateOfBirth'],
  personOrUserReported: [
    ...['personOrUserReportedPerson', 'vehicleDescription', 'espIdentifier', 'espService', 'compromisedAccount'],
    ...['screenName', 'displayName*', 'profileUrl*', 'profileBio', 'ipCaptureEvent*', 'deviceId*'],
    ...['thirdPartyUserReported', 'priorCTReports*', 'groupIdentifier', 'estimatedLocation', 'additionalInfo'],
  ],
  fileDetails: [
    ...['reportId!', 'fileId!', 'originalFileName', 'uploadedToEspTimestamp', 'locationOfFile', 'fileViewedByEsp'],
    ...['exifViewedByEsp', 'publiclyAvailable', 'fileRelevance', 'fileAnnotations', 'industryClassification'],
    ...['originalFileHash*', 'ipCaptureEvent', 'deviceId*', 'details*', 'additionalInfo*'],
  ],
  fileAnnotations: [
    ...['animeDrawingVirtualHentai', 'potentialMeme', 'viral', 'possibleSelfProduction', 'physicalHarm'],
    ...['violenceGore', 'bestiality', 'liveStreaming', 'infant', 'generativeAi'],
  ],
};

/** Faults of a document against the sequences of the schema; empty when it is in order. */
export function faultsOf(node: XmlNode): string[] {
  const sequence = SEQUENCES[node.name];
  if (!sequence) return node.children.length ? [`${node.name} has children`] : [];
  const faults: string[] = node.text.trim() ? [`${node.name} has text`] : [];
  const left = node.children.map(({ name }) => name);
  for (const entry of sequence) {
    const name = entry.replace(/[!*]$/, '');
    let count = 0;
    while (left[0] === name) {
      left.shift();
      count++;
    }
    if (entry.endsWith('!') && count !== 1) faults.push(`${node.name}/${name} stands ${count} times`);
    if (!/[!*]$/.test(entry) && count > 1) faults.push(`${node.name}/${name} stands ${count} times`);
  }
  return [
    ...faults,
    ...left.map((name) => `${node.name}/${name} is not in its place`),
    ...node.children.flatMap(faultsOf),
  ];
}

/** The only child of that name, by path. */
export function at(node: XmlNode, ...path: string[]): XmlNode {
  return path.reduce((here, name) => {
    const found = here.children.filter((child) => child.name === name);
    if (found.length !== 1) throw new Error(`${found.length} elements ${name} in ${here.name}`);
    return found[0]!;
  }, node);
}
