import { expect, test } from 'vitest'
import type { JournalEvent } from '../../../src/change/record/event/event.ts'
import { LiveRecords } from '../../../src/doors/http/context/live-records.ts'
import type { Watcher } from '../../../src/doors/http/context/watcher.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { type App, partOf } from '../../lab/lab.ts'

test('an execution that cannot be read takes nothing from those who watch another one', async () => {
  const clock = new VirtualClock()
  const pages: JournalEvent[][] = []
  const event = (execution: string, seq: number): JournalEvent => ({
    v: 1,
    seq,
    at: '2026-11-21T18:00:00.000Z',
    actor: 'local:1000:ann@box',
    execution,
    type: 'StateEntered',
    path: 'Main',
    state: 'Push',
  })
  const store = {
    tail: async () => ({ events: pages.shift() ?? [], cursor: 'c' }),
    read: async (id: string) => {
      if (id !== 'broken') return []
      await clock.sleep(350)
      throw new Error('the chain is broken')
    },
  }
  const failures: string[] = []
  const app = partOf<App>({ store, clock, project: { policy: () => undefined } })
  const live = new LiveRecords({ app, failed: (what) => failures.push(what) })
  const watcher = (id: string) => {
    const seen: string[] = []
    const one = {
      executions: new Set([id]),
      records: () => undefined,
      changed: () => seen.push('changed'),
      drawn: () => undefined,
      flush: () => seen.push('flushed'),
      askAgain: () => undefined,
      leave: (why: string) => seen.push(why),
    }
    live.watch(partOf<Watcher>(one))
    return seen
  }
  const [broken, good] = [watcher('broken'), watcher('good')]
  const stop = new AbortController()
  const following = live.follow(stop.signal)
  const pass = async () => {
    for (let turn = 0; turn < 8; turn += 1) {
      for (let wait = 0; wait < 5; wait += 1) await new Promise((resolve) => setImmediate(resolve))
      await clock.next()
    }
  }
  // It is asked for, and being read, when both have something new.
  live.sheetOf('broken').catch(() => undefined)
  pages.push([event('broken', 1), event('good', 2)])
  await pass()
  expect(good).toEqual(expect.arrayContaining(['changed', 'flushed']))
  expect([failures, broken.includes('flushed')]).toEqual([[], true])
  stop.abort()
  await clock.next().catch(() => undefined)
  await following
  expect(good.at(-1)).toBe('the server is ending')
})
