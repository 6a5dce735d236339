import { expect, test } from 'vitest'
import type { EventBody, JournalEvent } from '../../src/change/record/event/event.ts'
import { stopEveryOpen } from '../../src/project/execution/stop/stop.ts'
import type { Caller } from '../../src/project/identity/caller-of.ts'
import { STARTED } from '../change/record/one-of-each-event.ts'
import type { App } from '../lab/lab.ts'

const ENDED: EventBody = { type: 'ExecutionEnded', outcome: 'succeeded', devices: {} }

test('[W8] what is open is read many at once: of a thousand that a store in a database has, none waits for the one before', async () => {
  const ids = Array.from({ length: 1_000 }, (_, index) => `x${index}`)
  let [reads, under, most] = [0, 0, 0]
  const store = {
    openExecutions: async () => ids.map((id) => ({ id, hasActed: false })),
    tail: async () => ({ events: [], cursor: 0 }),
    approvals: async () => [],
    read: async (id: string) => {
      reads += 1
      under += 1
      most = Math.max(most, under)
      await new Promise((resolve) => setImmediate(resolve))
      under -= 1
      // Each has ended since it was listed: nothing is left to be stopped.
      return [STARTED, ENDED].map(
        (body, index) =>
          ({
            ...body,
            v: 1,
            seq: index + 1,
            at: '2026-01-05T08:00:00.000Z',
            actor: 'a',
            execution: id,
          }) as JournalEvent,
      )
    },
  }
  const app = { store } as unknown as App
  const found = await stopEveryOpen(app, {} as Caller, { reason: 'r', restored: false }, () => undefined)
  expect([found, reads, most]).toEqual([0, 1_000, 100])
})
