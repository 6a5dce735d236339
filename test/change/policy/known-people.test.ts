import { describe, expect, test } from 'vitest'
import type { ApprovalDemand } from '../../../src/change/policy/approval-case.ts'
import { type KnownPeople, markedUnknown, withOneMore } from '../../../src/change/policy/quorum.ts'
import type { NamedPerson } from '../../../src/model/principal.ts'
import { demandWords } from '../../../src/report/policy/explanation.ts'

/** Somebody whom an event of the provider `corp` names. */
const named = (name: string): NamedPerson => ({ issuer: 'corp', id: name, person: name })
const NOBODY: KnownPeople = { people: [], members: [] }

/** A name, of whom an installation knows, and whether the name is one of them. */
const ROWS: Readonly<Record<string, readonly [string, Partial<KnownPeople>, boolean]>> = {
  'nobody is known': ['ann', {}, false],
  'somebody else is known': ['ann', { people: [{ issuer: 'corp', id: 'bob', person: 'E7' }] }, false],
  'the subject of a login': ['ann', { people: [{ issuer: 'corp', id: 'ann' }] }, true],
  'the subject of a login at another provider': ['ann', { people: [{ issuer: 'lab', id: 'ann' }] }, false],
  'what a provider says of the person': ['E7', { people: [{ issuer: 'corp', id: '00u1', person: 'E7' }] }, true],
  'the same of another provider': ['E7', { people: [{ issuer: 'lab', id: '00u1', person: 'E7' }] }, true],
  'an address in another case, with blanks': [
    ' Ann@Corp.example ',
    { people: [{ issuer: 'corp', id: '00u1', person: 'ann@corp.example' }] },
    true,
  ],
  'the name of a trusted key': [
    'ann@corp.example',
    { people: [{ issuer: 'ssh', id: 'ann@corp.example', person: 'ann@corp.example' }] },
    true,
  ],
  'somebody for whom an agent acts': [
    'ann',
    { people: [{ issuer: 'corp', id: 'bot', onBehalfOf: { issuer: 'corp', id: 'ann' } }] },
    true,
  ],
  'a member of a role': ['ann', { members: ['corp:sub:ann'] }, true],
  'a member that is an address': ['Ann@corp.example', { members: ['corp:sub:ann@corp.example'] }, true],
  'a member at another provider': ['ann', { members: ['lab:sub:ann'] }, false],
  'a member whose subject only ends so': ['ann', { members: ['corp:sub:joann', 'corp:sub:corp:sub:ann'] }, false],
  'a group of that name': ['ann', { members: ['corp:group:ann', 'kind:person'] }, false],
}

describe('whom an event names', () => {
  test.each(Object.entries(ROWS))('is known or not: %s', (_, [name, known, isKnown]) => {
    const marked = markedUnknown([named(name)], { ...NOBODY, ...known })
    expect(marked).toEqual([isKnown ? named(name) : { ...named(name), unknown: true }])
  })

  test('each is judged by itself', () => {
    const marked = markedUnknown([named('ann'), named('bob')], { ...NOBODY, members: ['corp:sub:bob'] })
    expect(marked).toEqual([{ ...named('ann'), unknown: true }, named('bob')])
  })
})

const demand = (change: Partial<ApprovalDemand> = {}): ApprovalDemand => ({
  by: 'leaf',
  count: 1,
  from: ['lead'],
  distinct: 'person',
  notRequester: true,
  notRunner: false,
  ...change,
})

describe('a plan of somebody whom nobody knows', () => {
  const unknown = [{ named: [named('ann'), { ...named('bob'), unknown: true as const }] }]

  test('[E2] needs one approval more by each rule that does not count who made it, and no more by the others', () => {
    const others = demand({ by: 'other', count: 2, notRequester: false, notRunner: true })
    expect(withOneMore([demand(), demand({ by: 'spine', count: 2 }), others], unknown)).toEqual([
      { ...demand(), count: 2, forUnknown: true },
      { ...demand({ by: 'spine' }), count: 3, forUnknown: true },
      others,
    ])
  })

  test('needs none more where each is known, or where it names nobody', () => {
    expect(withOneMore([demand()], [{ named: [named('ann')] }, {}])).toEqual([demand()])
  })

  test('several of them ask for one more', () => {
    expect(withOneMore([demand()], [...unknown, ...unknown])).toEqual([{ ...demand(), count: 2, forUnknown: true }])
  })

  test('says so where the demand is said', () => {
    expect(withOneMore([demand()], unknown).map(demandWords)).toEqual([
      '2 approvals by lead, from different people, not from whoever made the plan, one more because somebody whom the event names is nobody known',
    ])
  })
})
