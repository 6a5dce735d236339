import { expect, test } from 'vitest'
import { foldAll } from '../../src/change/engine/fold.ts'
import type { JournalEvent } from '../../src/change/record/event/event.ts'
import type { Claims } from '../../src/change/record/store/claims.ts'
import { heardJournal } from '../../src/change/record/store/journal.ts'
import { VirtualClock } from '../../src/lab/trial/timeline.ts'
import { progressOf } from '../../src/project/execution/journal/begin.ts'
import { isExecutionRunning } from '../../src/project/execution/run/run-until-settled.ts'
import { journalled, started } from '../change/engine/machine.ts'
import { partOf } from '../lab/part-of.ts'

test.each([
  ['that is claimed', [true], true],
  ['whose process has put its beginning on record, and claims it a moment later', [false, true], true],
  ['that nobody claims in half a second', [false, false], false],
])('an execution %s', async (_name, claimed, expected) => {
  const clock = new VirtualClock()
  let asked = 0
  const claims = partOf<Claims>({ isClaimed: async () => claimed[asked++] === true })
  const answer = isExecutionRunning({ claims, clock }, 'e-1')
  await new Promise((resolve) => setImmediate(resolve))
  await clock.advance(499)
  expect(asked).toBe(1)
  await clock.advance(1)
  expect(await answer).toBe(expected)
  expect(asked).toBe(claimed.length)
})

test('[P20] where the switches are is read from the records of an execution, and from those of no other one', async () => {
  const session = 'eosflow-00c0ffee-1'
  const [first, ...armed] = journalled(
    started(['leaf1']),
    { type: 'ActIntended', device: 'leaf1', act: 'arm', session, seconds: 300 },
    { type: 'ActFinished', device: 'leaf1', act: 'arm', session, outcome: 'done' },
  ) as [JournalEvent, ...JournalEvent[]]
  const id = '20261120-000000-00c0ffee'
  const told = async (execution: string) => {
    const progress = progressOf(foldAll(id, [first]))
    await heardJournal({ append: async () => armed, read: async () => [] }, [progress.hears]).append(execution, armed)
    return progress.lastWord(Date.parse(first.at)).line
  }
  expect(await told(id)).toContain('leaf1')
  expect(await told('20261120-000000-0badcafe')).not.toContain('leaf1')
})
