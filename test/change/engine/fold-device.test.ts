import { expect, test } from 'vitest'
import { foldFinished, foldIntended } from '../../../src/change/engine/fold-device.ts'
import type { JournalEvent } from '../../../src/change/record/event/event.ts'
import type { DeviceHistory } from '../../../src/eos/device/history.ts'

type Intended = Extract<JournalEvent, { type: 'ActIntended' }>
type Finished = Extract<JournalEvent, { type: 'ActFinished' }>

const HEAD = { v: 1, seq: 1, at: '2026-01-05T08:00:00.000Z', actor: 'a', execution: 'x', device: 'leaf1' } as const
const intended = (given: Partial<Intended>) => ({ ...HEAD, type: 'ActIntended', session: 's-1', ...given }) as Intended
const finished = (given: Partial<Finished>) =>
  ({ ...HEAD, type: 'ActFinished', session: 's-1', outcome: 'done', ...given }) as Finished

const STAGED = foldFinished(
  foldIntended(undefined, intended({ act: 'stage', checkpoint: 'c' })),
  finished({ act: 'stage', base: 'blob:base', target: 'blob:target' }),
)
const REPLAY = intended({ act: 'replay', session: 's-2', checkpoint: 'c' })

const seen = ({ phase, reached, session, sessions, replaying, replayed }: DeviceHistory) => ({
  phase,
  reached,
  session,
  sessions,
  ...(replaying === undefined ? {} : { replaying }),
  ...(replayed === undefined ? {} : { replayed }),
})
const AS_STAGED = { phase: 'staged', reached: 'stage', session: 's-1', sessions: 2 }

test('a replay leaves the change where it is, takes its own name and keeps what it has proven', () => {
  const asked = foldIntended(STAGED, REPLAY)
  expect(seen(asked)).toEqual({ ...AS_STAGED, replaying: 's-2' })
  const proven = foldFinished(asked, finished({ act: 'replay', session: 's-2', base: 'blob:base' }))
  expect(seen(proven)).toEqual({ ...AS_STAGED, replayed: 'blob:base' })
})

test.each([
  ['refused', {}],
  ['unknown', { replaying: 's-2' }],
] as const)(
  'one that is %s proves nothing, and what ends its session is nothing that happens to the change',
  (outcome, left) => {
    const asked = foldFinished(foldIntended(STAGED, REPLAY), finished({ act: 'replay', session: 's-2', outcome }))
    expect(seen(asked)).toEqual({ ...AS_STAGED, ...left })
    const aborting = foldIntended(asked, intended({ act: 'abort', session: 's-2' }))
    expect(seen(aborting)).toEqual({ ...AS_STAGED, ...left })
    const gone = foldFinished(aborting, finished({ act: 'abort', session: 's-2' }))
    expect(seen(gone)).toEqual(AS_STAGED)
    const ended = foldFinished(foldIntended(gone, intended({ act: 'abort' })), finished({ act: 'abort' }))
    expect(ended.phase).toBe('ended')
  },
)

test('the deletion of checkpoints is nothing that happens to the change', () => {
  const pruned = foldFinished(
    foldIntended(STAGED, intended({ act: 'prune', checkpoints: ['old'] })),
    finished({ act: 'prune' }),
  )
  expect(pruned).toEqual(STAGED)
})

test('a new change on the same switch begins anew, and knows what was proven and which names are used up', () => {
  const proven = foldFinished(
    foldIntended(STAGED, REPLAY),
    finished({ act: 'replay', session: 's-2', base: 'blob:base' }),
  )
  const ended = foldFinished(foldIntended(proven, intended({ act: 'abort' })), finished({ act: 'abort' }))
  const again = foldIntended(ended, intended({ act: 'stage', session: 's-3', checkpoint: 'c' }))
  expect(seen(again)).toEqual({
    phase: 'staging',
    reached: 'stage',
    session: 's-3',
    sessions: 3,
    replayed: 'blob:base',
  })
  expect(again.base).toBeUndefined()
})
