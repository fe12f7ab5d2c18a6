import { type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { z } from 'zod';
import {
  Approved,
  Character,
  CharacterDeleted,
  ConsentExport,
  CreateCharacter,
  CreateEnrolment,
  EnrolChallenge,
  EnrolChecking,
  Enrolment,
  EnrolRecording,
  EnrolRelease,
  EnrolView,
  ErasureReceipt,
  ErrorEnvelope,
  ListPersons,
  ListUses,
  LivenessChallenge,
  Me,
  Person,
  PersonLink,
  PersonList,
  PutApproved,
  PutGrant,
  Revocation,
  RevokeConsent,
  Use,
  UseList,
  UseStill,
} from '#contracts';
import { byId, json, operation, type Route } from './operation.js';

const TAG = 'Consent';
const PEOPLE = 'Consent: the person';

const byClip = { path: z.object({ clipId: z.string().describe('Identifier of a clip with one’s own likeness.') }) };
const video = { video: z.any().describe('The recording: MP4, MOV or WebM, at most 64 MB and 90 seconds.') };
const header = z.object({
  'X-Imprimatur-Enrolment': z.string().describe('The enrolment whose challenge the video answers: enr_...'),
});

/** A route whose bearer is the secret of somebody's link. */
function ofPerson(route: Omit<Route, 'tag'>): ZodOpenApiOperationObject {
  return { ...operation({ ...route, tag: PEOPLE }), security: [{ personSecret: [] }] };
}

const platform: ZodOpenApiPathsObject = {
  '/v1/consent/enrolments': {
    post: operation({
      summary: 'Begin an enrolment: the answer has the link to send to the person. Needs the scope consent.',
      tag: TAG,
      body: CreateEnrolment,
      answer: Enrolment,
    }),
  },
  '/v1/consent/enrolments/{id}': {
    get: operation({ summary: 'Where an enrolment stands.', tag: TAG, params: byId, answer: Enrolment }),
  },
  '/v1/consent/persons': {
    get: operation({
      summary: 'List persons who lent their likeness.',
      tag: TAG,
      params: { query: ListPersons },
      answer: PersonList,
    }),
  },
  '/v1/consent/persons/{id}': {
    get: operation({ summary: 'One person and what they allow.', tag: TAG, params: byId, answer: Person }),
  },
  '/v1/consent/persons/{id}/links': {
    post: operation({
      summary: 'Make a new address of the person’s own page; the one before ends.',
      tag: TAG,
      params: byId,
      answer: PersonLink,
    }),
  },
  '/v1/consent/persons/{id}/revoke': {
    post: operation({
      summary: 'End a consent for the person. It holds at once; the erasure follows.',
      tag: TAG,
      params: byId,
      body: RevokeConsent,
      answer: Revocation,
    }),
  },
  '/v1/consent/receipts/{id}': {
    get: operation({
      summary: 'The signed receipt of an erasure; 404 until it is done.',
      tag: TAG,
      open: true,
      params: byId,
      answer: ErasureReceipt,
    }),
  },
};

const enrol: ZodOpenApiPathsObject = {
  '/v1/consent/enrol': {
    get: ofPerson({ summary: 'Notice and state of one’s own enrolment.', answer: EnrolView }),
  },
  '/v1/consent/enrol/release': {
    post: ofPerson({ summary: 'Agree, before anything is recorded.', body: EnrolRelease, answer: EnrolView }),
  },
  '/v1/consent/enrol/challenge': {
    post: ofPerson({ summary: 'Draw what to do in the recording.', body: EnrolChallenge, answer: LivenessChallenge }),
  },
  '/v1/consent/enrol/recording': {
    post: ofPerson({
      summary: 'Hand in the answer to the challenge; poll the state.',
      form: EnrolRecording.extend(video),
      answer: EnrolChecking,
    }),
  },
};

const me: ZodOpenApiPathsObject = {
  '/v1/consent/me': { get: ofPerson({ summary: 'What is kept and allowed.', answer: Me }) },
  '/v1/consent/me/grant': { put: ofPerson({ summary: 'Change what is allowed.', body: PutGrant, answer: Me }) },
  '/v1/consent/me/approved': {
    put: ofPerson({ summary: 'Replace the list of approved users.', body: PutApproved, answer: Approved }),
  },
  '/v1/consent/me/uses': {
    get: ofPerson({ summary: 'Every clip, drafts too.', params: { query: ListUses }, answer: UseList }),
  },
  '/v1/consent/me/uses/{clipId}/still': {
    get: {
      summary: 'A picture of a clip. Every look is put on record.',
      tags: [PEOPLE],
      security: [{ personSecret: [] }],
      requestParams: { ...byClip, query: UseStill },
      responses: {
        200: { description: 'WebP.', content: { 'image/webp': {} } },
        default: { description: 'Error.', ...json(ErrorEnvelope) },
      },
    },
  },
  '/v1/consent/me/uses/{clipId}/withdraw': {
    post: ofPerson({ summary: 'End one clip: withdrawn if released, else deleted.', params: byClip, answer: Use }),
  },
  '/v1/consent/me/revoke': {
    post: ofPerson({ summary: 'End the consent and be erased.', body: RevokeConsent, answer: Revocation }),
  },
  '/v1/consent/me/export': { get: ofPerson({ summary: 'Everything that is kept.', answer: ConsentExport }) },
};

const characters: ZodOpenApiPathsObject = {
  '/v1/videos/characters': {
    post: operation({
      summary: 'Make a character from a video that answers the challenge of an enrolment; waits for the checks.',
      tag: 'Videos',
      params: { header },
      form: CreateCharacter.extend(video),
      answer: Character,
    }),
  },
  '/v1/videos/characters/{id}': {
    get: operation({ summary: 'Retrieve a character.', tag: 'Videos', params: byId, answer: Character }),
    delete: operation({
      summary: 'End the consent behind a character.',
      tag: 'Videos',
      params: byId,
      answer: CharacterDeleted,
    }),
  },
};

/** Routes of consent. */
export const consent: ZodOpenApiPathsObject = { ...platform, ...enrol, ...me, ...characters };
