import { describe, expect, test } from 'vitest'
import { KeyRing } from '../../../src/change/record/seal/store-keys.ts'
import { sealText } from '../../../src/change/record/store/blob-format.ts'
import { namedTexts } from '../../../src/change/record/store/named-texts.ts'
import { KEY } from './sqlite/open-for-test.ts'

const keys = new KeyRing(KEY)
const ref = (digit: string) => `blob:${digit.repeat(64)}`
const none = () => undefined

function missingOf(...records: readonly object[]) {
  const texts = namedTexts()
  for (const [index, record] of records.entries()) texts.add('x1', index + 1, JSON.stringify(record))
  return [...texts.missing]
}

describe('the texts that records name', () => {
  test('are what their members are for, with the first record that names each', () => {
    const records = [
      { type: 'PlanMade', plan: ref('1'), bases: ref('2'), candidates: ref('d') },
      { type: 'ActFinished', base: ref('3'), target: ref('4'), startup: ref('3'), replaced: ref('5') },
      { type: 'SnapshotTaken', snapshot: ref('6') },
      { type: 'PolicyLoaded', text: ref('7') },
      { type: 'BundlePublished', manifest: ref('8') },
      { type: 'EventReceived', body: ref('9') },
      { type: 'ExecutionStarted', file: `rollback/20260105-080000-01234567/${ref('a')}/workflow.yaml` },
      { type: 'ExecutionStarted', file: `restore/${ref('f')}/workflow.yaml` },
      { type: 'ApprovalDecided', undoes: 'sha256:00', undo: ref('e') },
      { type: 'TaskSucceeded', path: '/a', output: { snapshot: ref('b') } },
      { type: 'TaskSucceeded', path: '/b', output: { status: 200, headers: {}, body: { artefact: ref('c') } } },
    ]
    expect(missingOf(...records)).toEqual([
      [ref('1'), 1],
      [ref('2'), 1],
      [ref('d'), 1],
      [ref('3'), 2],
      [ref('4'), 2],
      [ref('5'), 2],
      [ref('6'), 3],
      [ref('7'), 4],
      [ref('8'), 5],
      [ref('9'), 6],
      [ref('a'), 7],
      [ref('f'), 8],
      [ref('e'), 9],
      [ref('b'), 10],
      [ref('c'), 11],
    ])
  })

  test.each([
    ['a reason', { type: 'StopRequested', stopped: 'x1', reason: `see ${ref('1')}` }],
    ['a parameter', { type: 'ExecutionStarted', file: 'workflow.yaml', params: { snapshot: ref('1') } }],
    ['what a service says', { type: 'TaskSucceeded', path: '/a', output: { status: 200, body: { note: ref('1') } } }],
    ['a part of a name', { type: 'PolicyLoaded', text: `${ref('1')}0` }],
  ])('are not %s that looks like one', (_what, record) => {
    expect(missingOf(record)).toEqual([])
  })

  test('are not in the answer of an outside system', () => {
    const submitted = { type: 'TaskSubmitted', path: '/ask', token: 'sha256:01' }
    expect(missingOf(submitted, { type: 'TaskSucceeded', path: '/ask', output: { snapshot: ref('1') } })).toEqual([])
  })
})

describe('the texts that texts name', () => {
  const part = sealText(keys, 'a part')
  const inners = {
    PlanMade: [{ plan: '' }, JSON.stringify({ evidence: { parts: { leaf1: part.ref } } })],
    ApprovalDecided: [
      { undo: '' },
      JSON.stringify({ content: { workflow: { file: `rollback/plan-00/${part.ref}/workflow.yaml` } } }),
    ],
    BundlePublished: [{ manifest: '' }, JSON.stringify({ files: [{ path: 'a', digest: 'b', ref: part.ref }] })],
  } as const

  test.each(Object.entries(inners))('[S17] of %s are looked for, in any order', (type, [members, text]) => {
    const outer = sealText(keys, text)
    const member = Object.keys(members)[0] ?? ''
    for (const [given, gone] of [
      [[outer], [[part.ref, 7]]],
      [[outer, part], []],
      [[part, outer], []],
    ] as const) {
      const texts = namedTexts()
      texts.add('x1', 7, JSON.stringify({ type, [member]: outer.ref }))
      for (const one of given) expect(texts.judge(keys, one, none)).toBeUndefined()
      expect([...texts.missing]).toEqual(gone)
    }
  })

  test('are not looked for in what a sender has sent', () => {
    const body = sealText(keys, JSON.stringify({ evidence: { parts: { leaf1: ref('1') } } }))
    const texts = namedTexts()
    texts.add('x1', 1, JSON.stringify({ type: 'EventReceived', body: body.ref }))
    expect(texts.judge(keys, body, none)).toBeUndefined()
    expect([...texts.missing]).toEqual([])
  })

  test('that are another text than their name says are altered', () => {
    const texts = namedTexts()
    texts.add('x1', 3, JSON.stringify({ type: 'SnapshotTaken', snapshot: part.ref }))
    const other = sealText(keys, 'another')
    expect(texts.judge(keys, { ref: part.ref, bytes: other.bytes }, none)).toEqual({
      seq: 3,
      reason: `the text ${part.ref} was altered`,
    })
  })
})
