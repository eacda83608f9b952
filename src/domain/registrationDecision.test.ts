import { describe, expect, test } from 'vitest';
import { appendMark, createMark } from './mark.ts';
import type { RegisteredEntity } from './registeredEntity.ts';
import { decideRegistration, mayDelete, type RegistrationFacts } from './registrationDecision.ts';

const owner = { ownerId: 'default', namespace: 'team-a', name: 'orders' };
const other = { ...owner, namespace: 'team-b' };
const hash = 'a'.repeat(64);
const ours: RegisteredEntity = {
  id: '1',
  description: appendMark('Orders', createMark(owner, hash)),
  provider: 'automation',
  version: 0.2,
  deleted: false,
  scheduleInterval: '0 3 * * *',
};
const handmade: RegisteredEntity = { ...ours, description: 'made by hand', provider: 'user' };
const theirs: RegisteredEntity = { ...ours, description: appendMark('', createMark(other, hash)) };
const known = { id: '1', hash, version: 0.2 };

describe('what is done about an entity', () => {
  test.each<[string, Partial<RegistrationFacts>, ReturnType<typeof decideRegistration>]>([
    ['that is not there', { entity: undefined }, 'put'],
    ['as it was left', {}, 'keep'],
    ['that nobody remembers, with our mark', { known: undefined }, 'put'],
    ['after a change of the pipeline', { hash: 'b'.repeat(64) }, 'put'],
    ['that somebody has changed', { entity: { ...ours, version: 0.3 } }, 'put'],
    ['that was deleted softly', { entity: { ...ours, deleted: true } }, 'put'],
    ['whose description was replaced', { entity: { ...ours, description: 'mine', version: 0.3 } }, 'put'],
    ['that was made anew with our mark', { entity: { ...ours, id: '2' } }, 'put'],
    ['that somebody else made', { entity: handmade, known: undefined }, 'leave'],
    ['that somebody else made in place of ours', { entity: { ...handmade, id: '2' } }, 'leave'],
    ['that somebody else made, to be taken over', { entity: handmade, known: undefined, adopt: true }, 'put'],
    ['of another pipeline', { entity: theirs, known: undefined }, 'leave'],
    [
      'that a run made for itself',
      {
        entity: { id: '3', description: '', version: 0.1, deleted: false, provider: 'user' },
        known: undefined,
      },
      'put',
    ],
    [
      'without description that has a schedule',
      { entity: { ...handmade, description: '' }, known: undefined },
      'leave',
    ],
    [
      'without description that somebody deleted',
      { entity: { id: '3', description: '', version: 0.1, deleted: true }, known: undefined },
      'leave',
    ],
  ])('%s', (_, facts, expected) => {
    expect(decideRegistration({ owner, hash, known, adopt: false, entity: ours, ...facts })).toBe(expected);
  });
});

describe('an entity goes with the pipeline', () => {
  test.each([
    ['where it bears the mark and was made by automation', ours, true, true],
    ['not where somebody else made it', { ...ours, provider: 'user' }, true, false],
    [
      'on the word of the mark alone where the version tells no more',
      { ...ours, provider: 'user' },
      false,
      true,
    ],
    ['not without the mark', { ...ours, description: 'Orders' }, true, false],
    ['not with the mark of another pipeline', theirs, true, false],
  ])('%s', (_, entity, knowsProvider, expected) => {
    expect(mayDelete(entity, owner, knowsProvider)).toBe(expected);
  });
});
