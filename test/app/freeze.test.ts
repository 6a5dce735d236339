import { describe, expect, test } from 'vitest'
import { hasWritten, writes } from '../../src/app/freeze/has-written.ts'
import type { StateStart } from '../../src/engine/authority.ts'
import type { EventBody, JournalEvent } from '../../src/journal/event.ts'

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
  ({ state: { kind: 'Task', name, task }, devices: [] }) as unknown as StateStart

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
