import { at, faultsOf, readXml } from '../../../tests/support/xml.js';
import { fileDetailsXml, reportXml, type ReportedCase } from './report.js';

const SHA = 'a'.repeat(64);
const NOW = new Date('2026-06-02T10:00:00Z');
const reporter = { service: 'A & B "Studio"', email: 'safety@example.org', publicUrl: 'https://example.org/?a=1&b=2' };

function reported(change: Partial<ReportedCase['facts']> = {}, more: Partial<ReportedCase> = {}): ReportedCase {
  return {
    id: 'chi_1',
    clipId: 'video_1',
    stage: 'clip',
    openedAt: new Date('2026-06-01T10:00:05Z'),
    rules: ['apparent_minor_with_harm'],
    facts: {
      prompt: 'p',
      effectivePrompt: 'rule & <label> "synthetic" \u0000\uD800 end',
      maker: "o'neil <1>",
      model: 'scene',
      requestedAt: '2026-06-01T10:00:00.000Z',
      record: null,
      reviewed: null,
      inspection: null,
      released: null,
      ...change,
    },
    decision: { incident_type: 'Child Pornography (possession, manufacture, and distribution)' },
    ...more,
  };
}

describe('the report', () => {
  it('has its elements in the order of the schema', () => {
    const full = reported({}, { decision: { ...reported().decision, additional_info: 'more', escalate: 'now' } });
    for (const one of [full, reported(), reported({ maker: null }), reported({}, { stage: 'prompt' })]) {
      expect(faultsOf(readXml(reportXml(one, reporter, NOW)))).toEqual([]);
    }
    const silent = { ...reporter, email: null, publicUrl: 'http://127.0.0.1:3000' };
    const xml = readXml(reportXml(reported(), silent, NOW));
    expect(faultsOf(xml)).toEqual([]);
    expect(at(xml, 'internetDetails', 'webPageIncident').children.map(({ name }) => name)).toEqual(['additionalInfo']);
  });

  it('carries what people and machines wrote, whatever characters it has', () => {
    const xml = readXml(reportXml(reported(), reporter, NOW));
    expect(at(xml, 'additionalInfo').text).toContain('rule & <label> "synthetic" \uFFFD\uFFFD end');
    expect(at(xml, 'personOrUserReported', 'espIdentifier').text).toBe("o'neil <1>");
    expect(at(xml, 'reporter', 'reportingPerson', 'firstName').text).toBe('A & B "Studio"');
    expect(at(xml, 'internetDetails', 'webPageIncident', 'url').text).toBe('https://example.org/?a=1&b=2');
    expect(xml.attributes['xsi:noNamespaceSchemaLocation']).toBe('https://report.cybertip.org/ispws/xsd');
  });

  it('says what was delivered, and never that it was not', () => {
    const released = { sha256: SHA, at: '2026-06-01T11:00:00.000Z' };
    const xml = readXml(reportXml(reported({ released }, { stage: 'release' }), reporter, NOW));
    expect(faultsOf(xml)).toEqual([]);
    const said = at(xml, 'additionalInfo').text;
    expect(said).toContain(`Delivered since ${released.at}, with marks: the SHA-256 of that file is ${SHA}.`);
    expect(said).not.toContain('nobody');
    const file = { name: 'source', sha256: SHA, viewed: true, requestedAt: released.at, class: 'A1' } as const;
    const details = readXml(fileDetailsXml({ ...file, delivered: true }, { reportId: '17', fileId: 'f' }));
    expect(faultsOf(details)).toEqual([]);
    expect(details.children.map(({ name }) => name)).not.toContain('publiclyAvailable');
  });

  it('never puts the incident into the future', () => {
    const ahead = reported({ requestedAt: '2026-06-02T11:00:00.000Z' });
    const xml = readXml(reportXml(ahead, reporter, NOW));
    expect(at(xml, 'incidentSummary', 'incidentDateTime').text).toBe('2026-06-02T09:59:59.000Z');
  });

  it('says of a generated clip that a model made it, and of a sent picture that it did not', () => {
    const file = {
      sha256: SHA,
      viewed: false,
      requestedAt: '2026-06-01T10:00:00.000Z',
      class: 'B2' as const,
      delivered: false,
    };
    const ids = { reportId: '17', fileId: 'f' };
    const clip = readXml(fileDetailsXml({ ...file, name: 'source' }, ids));
    expect(faultsOf(clip)).toEqual([]);
    expect(at(clip, 'fileAnnotations', 'generativeAi').text).toBe('');
    expect(at(clip, 'industryClassification').text).toBe('B2');
    expect(at(clip, 'fileViewedByEsp').text).toBe('false');
    expect(at(clip, 'originalFileHash')).toMatchObject({ text: SHA, attributes: { hashType: 'SHA256' } });
    const picture = readXml(fileDetailsXml({ ...file, name: 'reference', viewed: true }, ids));
    expect(faultsOf(picture)).toEqual([]);
    const names = picture.children.map(({ name }) => name);
    expect(names).not.toContain('fileAnnotations');
    expect(names).not.toContain('industryClassification');
    expect(at(picture, 'fileViewedByEsp').text).toBe('true');
  });

  it('the check of the order finds what is out of place', () => {
    const xml = reportXml(reported(), reporter, NOW);
    const moved = xml.replace(/(<incidentType>.*<\/incidentType>)(<incidentDateTime>.*<\/incidentDateTime>)/, '$2$1');
    expect(faultsOf(readXml(moved))).toContain('incidentSummary/incidentType stands 0 times');
  });
});
