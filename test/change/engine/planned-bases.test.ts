import { expect, test } from 'vitest'
import { plannedBase } from '../../../src/change/engine/change.ts'
import type { ChangePorts } from '../../../src/change/engine/ports.ts'
import type { JournalEvent } from '../../../src/change/record/event/event.ts'
import { partOf } from '../../lab/part-of.ts'

test('what a switch ran when a plan was made is looked for in the two hundred newest executions', async () => {
  const ids = Array.from({ length: 201 }, (_, index) => `x${index}`)
  const keptBy = (id: string) =>
    plannedBase(
      partOf<ChangePorts>({
        texts: { get: async (ref: string) => (ref === 'blob:bases' ? '{"leaf1":"blob:leaf1"}' : `text of ${ref}`) },
        executionIds: async (most?: number) => ids.slice(0, most),
        readExecution: async (one: string) =>
          one === id ? partOf<JournalEvent[]>([{ type: 'PlanMade', digest: 'sha256:aa', bases: 'blob:bases' }]) : [],
      }),
      'sha256:aa',
      'leaf1',
    )
  expect([await keptBy('x199'), await keptBy('x200')]).toEqual(['text of blob:leaf1', undefined])
})
