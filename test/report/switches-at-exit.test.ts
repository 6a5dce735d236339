import { expect, test } from 'vitest'
import { foldAll } from '../../src/change/engine/fold.ts'
import type { ExecutionState } from '../../src/change/engine/state.ts'
import type { EventBody, JournalEvent } from '../../src/change/record/event/event.ts'
import { leftBehind } from '../../src/report/phrases/switches-at-exit.ts'

const AT = Date.parse('2026-01-02T03:04:05Z')
const ID = '20260102-030405-0000abcd'

const NAMES = ['leaf1', 'leaf2', 'leaf3']

function stateOf(targets: readonly string[], events: readonly EventBody[]): ExecutionState {
  const all: readonly object[] = [
    {
      type: 'ExecutionStarted',
      purpose: 'run',
      workflow: 'add-vlan',
      file: 'add-vlan.yaml',
      definition: 'sha256:00',
      interpreter: 2,
      machine: { version: 3, startAt: 'Done', states: { Done: { kind: 'Succeed', name: 'Done' } } },
      params: {},
      input: {},
      context: {},
      requester: { kind: 'local', id: 'local:0', name: 'root' },
      targets,
    },
    ...events,
  ]
  const at = new Date(AT).toISOString()
  const written = all.map((event, index) => ({ ...event, v: 1, seq: index + 1, at, actor: 'local:0', execution: ID }))
  return foldAll(ID, written as unknown as readonly JournalEvent[])
}

const session = 'eosflow-0000abcd-1'
const act = (device: string, name: 'stage' | 'arm' | 'confirm' | 'save' | 'abort'): readonly EventBody[] => [
  {
    type: 'ActIntended',
    device,
    act: name,
    session,
    ...(name === 'stage' ? { checkpoint: 'eosflow-0000abcd' } : {}),
    ...(name === 'arm' ? { seconds: 60 } : {}),
  },
  { type: 'ActFinished', device, act: name, session, outcome: 'done' },
]
const upTo = (device: string, ...acts: readonly ('stage' | 'arm' | 'confirm' | 'save' | 'abort')[]) =>
  acts.flatMap((one) => act(device, one))
const NEXT = `Next: eosflow resume ${ID}`

test.each<readonly [string, readonly EventBody[], string, readonly string[]]>([
  ['nothing was sent', [], `left at once: no switch was changed. ${NEXT}`, []],
  [
    'a plan alone',
    [{ type: 'ActIntended', device: 'leaf1', act: 'stage', session }],
    `left at once: no switch was changed. ${NEXT}`,
    [],
  ],
  ['staged', upTo('leaf1', 'stage'), `left at once: leaf1: staged and not committed. ${NEXT}`, []],
  [
    'one is armed, one is on its way there',
    [...upTo('leaf1', 'stage', 'arm'), ...upTo('leaf2', 'stage'), ...act('leaf2', 'arm').slice(0, 1)],
    `left at once: leaf1, leaf2: under its commit timer, which puts it back within 50 s. ${NEXT}`,
    [],
  ],
  [
    'aborted',
    upTo('leaf1', 'stage', 'arm', 'abort'),
    `left at once: leaf1: aborted, and not read back yet. ${NEXT}`,
    [],
  ],
  [
    '[P14] between two confirms',
    [...upTo('leaf1', 'stage', 'arm', 'confirm'), ...upTo('leaf2', 'stage', 'arm')],
    `left at once: leaf1: confirmed and not saved, and no commit timer puts it back; leaf2: under its commit timer, which puts it back within 50 s. ${NEXT}`,
    ['leaf1'],
  ],
  [
    'saved, and put back',
    [
      ...upTo('leaf1', 'stage', 'arm', 'confirm', 'save'),
      ...upTo('leaf2', 'stage', 'arm'),
      { type: 'UndoFinished', device: 'leaf2', end: 'reverted', detail: '' },
      { type: 'UndoFinished', device: 'leaf3', end: 'unknown', detail: '' },
    ],
    `left at once: leaf1: confirmed and saved, so that no commit timer puts it back; leaf3: in a state that nobody has read; leaf2: put back. ${NEXT}`,
    ['leaf1'],
  ],
])('%s', (_, events, line, unprotected) => {
  expect(leftBehind(stateOf(NAMES, events), AT + 10_000)).toMatchObject({ line, unprotected })
})

test('a timer that has run out by the clock is not promised', () => {
  const state = stateOf(NAMES, upTo('leaf1', 'stage', 'arm'))
  expect(leftBehind(state, AT + 60_000).line).toBe(
    `left at once: leaf1: committed under a timer that has run out by now. ${NEXT}`,
  )
})

test('many switches are counted', () => {
  const names = Array.from({ length: 8 }, (__, index) => `leaf${index + 1}`)
  const state = stateOf(
    names,
    names.flatMap((name) => upTo(name, 'stage', 'arm')),
  )
  expect(leftBehind(state, AT).line).toBe(
    `left at once: leaf1, leaf2, leaf3, leaf4, leaf5 and 3 more: under its commit timer, which puts it back within 60 s. ${NEXT}`,
  )
})
