import { describe, expect, test } from 'vitest'
import { type Ruling, rulingsInOrder, type StateStart } from '../../src/change/engine/ports.ts'
import type { ExecutionState } from '../../src/change/engine/state.ts'
import type { EventBody, JournalEvent } from '../../src/change/record/event/event.ts'
import { EosflowError } from '../../src/model/error.ts'
import { frozenAuthority, hasWritten, writes } from '../../src/project/execution/may-begin/window.ts'
import { ALICE } from '../change/record/one-of-each-event.ts'
import { partOf } from '../lab/part-of.ts'

const recorded = (bodies: readonly EventBody[]): readonly JournalEvent[] =>
  bodies.map((body, index) => ({
    v: 1,
    seq: index + 1,
    at: '2026-01-05T08:00:00.000Z',
    actor: 'a',
    execution: 'x1',
    ...body,
  }))

const scheduled = (state: string, method: string): EventBody => ({
  type: 'TaskScheduled',
  path: '',
  state,
  attempt: 1,
  arguments: { url: 'https://netbox.example/api', method },
})
const started = (state: string): EventBody => ({ type: 'TaskStarted', path: '', state, attempt: 1 })
const armed: EventBody = { type: 'ActIntended', device: 'leaf1', act: 'arm', session: 's' }
const staged: EventBody = { type: 'ActIntended', device: 'leaf1', act: 'stage', session: 's', checkpoint: 'c' }
const redriven: EventBody = { type: 'ExecutionRedriven' }

const startOf = (task: string, name = 'Ask'): StateStart =>
  partOf<StateStart>({ state: { kind: 'Task', name, task }, devices: [] })

describe('a state that may change something', () => {
  test.each<[string, string, readonly EventBody[], boolean]>([
    ['a push', 'push', [], true],
    ['a verification', 'verify', [], false],
    ['a plan, which ends its session itself', 'plan', [], false],
    ['a confirm, which only follows a push', 'confirm', [], false],
    ['what puts back', 'rollback', [], false],
    ['a request that reads', 'http', [scheduled('Ask', 'GET')], false],
    ['a request that only asks for the head', 'http', [scheduled('Ask', 'HEAD')], false],
    ['a request that writes', 'http', [scheduled('Ask', 'POST')], true],
    ['a request that writes, of another state', 'http', [scheduled('Ask', 'GET'), scheduled('Tell', 'POST')], false],
    ['a request whose last turn writes', 'http', [scheduled('Ask', 'GET'), scheduled('Ask', 'DELETE')], true],
  ])('%s', (_name, task, records, expected) => {
    expect(writes(startOf(task), recorded(records))).toBe(expected)
  })
})

describe('an execution has begun to change something', () => {
  test.each<[string, readonly EventBody[], boolean]>([
    ['not by a staging', [staged], false],
    ['by a timed commit', [staged, armed], true],
    ['not by a request that is only due', [scheduled('Tell', 'POST')], false],
    ['by a request that was begun', [scheduled('Tell', 'POST'), started('Tell')], true],
    ['not by a request that reads', [scheduled('Ask', 'GET'), started('Ask')], false],
    ['not by what it did before it was redriven', [scheduled('Tell', 'PUT'), started('Tell'), armed, redriven], false],
    ['by a request since then', [armed, redriven, scheduled('Tell', 'PUT'), started('Tell')], true],
  ])('%s', (_name, records, expected) => {
    expect(hasWritten(recorded(records))).toBe(expected)
  })
})

describe('the start of a state while a freeze is in force', () => {
  const DENIED: Ruling = {
    effect: 'deny',
    error: new EosflowError('not-authorised', 'no rule'),
    record: { type: 'AccessDenied', principal: ALICE, needs: 'task.push', reason: 'no rule' },
  }
  const FREEZE = { type: 'FreezeSet', principal: ALICE, reason: 'INC-1', until: '2026-01-05T16:00:00.000Z' } as const

  const ruled = async (
    task: string,
    {
      records = [],
      status = 'running',
      ruling = { effect: 'allow' },
      isFrozen = true,
    }: {
      readonly records?: readonly EventBody[]
      readonly status?: ExecutionState['status']
      readonly ruling?: Ruling
      readonly isFrozen?: boolean
    } = {},
  ) => {
    const app = {
      words: () => 'how it ends',
      clock: { now: () => Date.parse('2026-01-05T08:00:00Z') },
      store: { freezes: async () => (isFrozen ? recorded([FREEZE]) : []), read: async () => recorded(records) },
      project: { policy: () => undefined },
    } as unknown as Parameters<typeof frozenAuthority>[0]
    const authority = rulingsInOrder([async () => ruling, frozenAuthority(app, { principal: ALICE })])
    const made = await authority(startOf(task), { id: 'x1', file: 'w.yaml', status } as ExecutionState)
    return made.effect === 'allow' ? 'allow' : `${made.error.kind}: ${made.record.reason}`
  }
  const FROZEN = 'window-closed: nothing new begins until 2026-01-05T16:00:00.000Z: freeze 1, set by a: INC-1'

  test.each<[string, string, Parameters<typeof ruled>[1], string]>([
    ['a push', 'push', {}, FROZEN],
    ['a push without a freeze', 'push', { isFrozen: false }, 'allow'],
    ['a push that the policy denies', 'push', { ruling: DENIED }, 'not-authorised: no rule'],
    ['a later push', 'push', { records: [armed] }, 'allow'],
    ['a request that writes', 'http', { records: [scheduled('Ask', 'POST')] }, FROZEN],
    [
      'a request that writes, to put something back',
      'http',
      { records: [scheduled('Ask', 'POST')], status: 'compensating' },
      'allow',
    ],
    ['a request that reads', 'http', { records: [scheduled('Ask', 'GET')] }, 'allow'],
    ['a confirm', 'confirm', {}, 'allow'],
    ['a plan', 'plan', {}, 'allow'],
  ])('%s', async (_name, task, given, expected) => {
    expect(await ruled(task, given)).toBe(expected)
  })
})
