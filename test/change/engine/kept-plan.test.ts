import { expect, test } from 'vitest'
import { keptPlan } from '../../../src/change/engine/change.ts'
import type { Ledger } from '../../../src/change/engine/ledger.ts'
import type { ArtefactRef } from '../../../src/change/record/event/event.ts'
import type { Artefacts } from '../../../src/change/record/store/journal.ts'
import { EosflowError } from '../../../src/model/error.ts'
import { partOf } from '../../lab/part-of.ts'

const REF: ArtefactRef = 'blob:plan'
const PLAN = JSON.stringify({ version: 1, content: { devices: [] }, evidence: {} })
const OTHER = JSON.stringify({ version: 1, content: { devices: ['leaf1'] }, evidence: {} })
/** By sha256sum, of `{"devices":[]}` and `{"devices":["leaf1"]}`. */
const OF_PLAN = 'sha256:f7d5d95e2efc41c3038a634cd2d8fdef61c26847cee8819598ade0f2f62e26d2'
const OF_OTHER = 'sha256:c9ff8963815e6da31d96fb2f470b0533d852c508e338e69a4ebfde01377be56d'

/** A store of one text, with what its mark is; how often the text was read. */
function storeOf(mark: () => Promise<string | undefined>) {
  const store = { text: PLAN, reads: 0, now: 0 }
  const texts: Artefacts = {
    put: async () => REF,
    get: async (ref) => {
      expect(ref).toBe(REF)
      store.reads += 1
      if (store.text === '') throw new EosflowError('store', 'the store has no such text')
      return store.text
    },
    markOf: async (ref) => {
      expect(ref).toBe(REF)
      return mark()
    },
  }
  const clock = { now: () => 0, monotonic: () => store.now, sleep: async () => undefined }
  const ledger = partOf<Ledger>({ state: { plan: { ref: REF } } })
  return { store, plan: keptPlan({ texts, clock }, ledger) }
}

test('the digest of what is stored is read once, for as long as it has the same mark', async () => {
  let mark = '1'
  const { store, plan } = storeOf(async () => mark)
  expect(await Promise.all([plan.digestNow(), plan.digestNow()])).toEqual([OF_PLAN, OF_PLAN])
  expect(await plan.digestNow()).toBe(OF_PLAN)
  expect(store.reads).toBe(1)
  store.text = OTHER
  mark = '2'
  expect(await plan.digestNow()).toBe(OF_OTHER)
  expect(store.reads).toBe(2)
})

test('a mark is believed for a minute', async () => {
  const { store, plan } = storeOf(async () => '1')
  await plan.digestNow()
  store.text = OTHER
  store.now = 59_999
  expect(await plan.digestNow()).toBe(OF_PLAN)
  store.now = 60_000
  expect(await plan.digestNow()).toBe(OF_OTHER)
})

test.each<[string, () => Promise<string | undefined>]>([
  ['is not known', async () => undefined],
  ['cannot be asked', () => Promise.reject(new EosflowError('store', 'the store does not answer'))],
])('what is stored is read each time where its mark %s', async (_, mark) => {
  const { store, plan } = storeOf(mark)
  await plan.digestNow()
  store.text = OTHER
  expect(await plan.digestNow()).toBe(OF_OTHER)
  expect(store.reads).toBe(2)
})

test('what could not be read has no digest, and is read again', async () => {
  const { store, plan } = storeOf(async () => '1')
  store.text = ''
  expect(await plan.digestNow()).toBe('unreadable')
  store.text = PLAN
  expect(await plan.digestNow()).toBe(OF_PLAN)
})
