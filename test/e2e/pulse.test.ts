import { expect, test } from 'vitest'
import { changeTasks } from '../../src/change/engine/change-tasks.ts'
import type { Pulse } from '../../src/change/task/act/pulse.ts'
import { exits, workflowFor } from '../lab/lab.ts'
import { recordingLab } from '../report/view/recorded.ts'

const WORKFLOW = workflowFor('leaf1', {
  push: '{ confirmWithin: 5m }',
  verify:
    '{ within: 2m, stableFor: 30s, every: 10s, checks: [{ vlans-present: { vlans: [998] } }, { vlans-present: { vlans: [1] } }] }',
})

/** Lives through one change; with `heard` somebody listens to its verification. */
async function changed(heard?: Pulse[]) {
  const { lab, events } = recordingLab({
    workflow: WORKFLOW,
    ...(heard === undefined
      ? {}
      : {
          seams: (seams) => ({
            ...seams,
            tasks: (change, ledger) => changeTasks({ ...change, pulse: (note) => heard.push(note) }, ledger),
          }),
        }),
  })
  await exits(0, lab.change())
  return events
}

test('a verification tells each round since when it is good and when the switch will put itself back, and puts nothing of it on record', {
  tags: ['long', 'turn'],
}, async () => {
  const heard: Pulse[] = []
  const events = await changed(heard)
  const armed = events.find((event) => event.type === 'ActIntended' && event.act === 'arm')
  const armedAt = Date.parse(armed?.at ?? '')
  expect(heard.map(({ round }) => round)).toEqual([1, 2, 3, 4, 5])
  const [first, ...later] = heard
  expect(first?.goodSince).toBe(first?.at)
  for (const note of later) expect(note.goodSince).toBe(first?.goodSince)
  expect((heard.at(-1)?.at ?? 0) - (first?.goodSince ?? 0)).toBe(30_000)
  for (const { timerEnds = 0 } of heard) expect(Math.abs(timerEnds - armedAt - 300_000)).toBeLessThanOrEqual(1000)
  const silent = await changed()
  expect(events.map(({ type }) => type)).toEqual(silent.map(({ type }) => type))
  expect(events.length).toBeGreaterThan(40)
})

test('the second check of a name is told apart from the first on record', { tags: ['long', 'turn'] }, async () => {
  const events = await changed()
  const verdicts = events.flatMap((event) => (event.type === 'VerdictGiven' ? [event] : []))
  expect(verdicts.map(({ check, nth, verdict }) => [check, nth, verdict.status])).toEqual([
    ['vlans-present', undefined, 'pass'],
    ['vlans-present', 2, 'pass'],
  ])
})
