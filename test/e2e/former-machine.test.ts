import { expect, test } from 'vitest'
import type { EventBody } from '../../src/journal/event.ts'
import type { Journal } from '../../src/journal/journal.ts'
import { type MortalProcess, within } from '../copies/mortal-process.ts'
import { startLab } from './in-memory.ts'
import { isSaved, whereIs } from './vlan-change.ts'

/** A journal that writes an execution down as eosflow did before confirms and saves were two tasks. */
function former(journal: Journal): Journal {
  const asBefore = (event: EventBody): EventBody =>
    event.type === 'ExecutionStarted'
      ? { ...event, machine: JSON.parse(JSON.stringify(event.machine).replaceAll('"version":3', '"version":2')) }
      : event
  return {
    read: (execution) => journal.read(execution),
    append: (execution, events, ...rest) => journal.append(execution, events.map(asBefore), ...rest),
  }
}

test('what an earlier eosflow has confirmed is saved by its successor, and not confirmed a second time', async () => {
  let process: MortalProcess | undefined
  const lab = startLab({
    seams: (seams) => within(process, { ...seams, journal: (journal) => former(seams.journal(journal)) }),
  })
  await lab.eosflow('plan', 'workflow.yaml', '-o', 'change.plan')
  await lab.eosflow('approve', 'change.plan')
  process = { at: 'ActFinished confirm', copy: () => undefined, diesAt: '', copied: false, dead: false }
  const killed = process
  await lab.eosflow('run', 'change.plan')
  process = undefined
  const leaf1 = lab.fabric.device('leaf1')
  expect([killed.dead, isSaved(leaf1)]).toEqual([true, false])
  const { code, out, err } = await lab.eosflow('resume', '@latest')
  expect(code, out + err).toBe(0)
  expect([whereIs(leaf1), isSaved(leaf1), leaf1.counters().commits.confirms]).toEqual(['AFTER', true, 1])
})
