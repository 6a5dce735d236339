import { expect, test } from 'vitest'
import { exits, openLab, warns, whereIs, workflowFor } from '../lab/lab.ts'

const LONG_TIMER = workflowFor('leaf1', { push: '{ confirmWithin: 9m }' })
const SHORT_TIMER = workflowFor('leaf2', { push: '{ confirmWithin: 3m }' })
const WAITING = workflowFor('leaf3')

test('[P6] resume without an id takes what is under a commit timer first, the nearest expiry first, and then the newest', {
  tags: 'long',
}, async () => {
  const lab = openLab({ workflow: SHORT_TIMER })
  await lab.killAt('arm-journalled', 'leaf2')
  lab.write('workflow.yaml', LONG_TIMER)
  await lab.killAt('arm-journalled', 'leaf1')
  lab.write('workflow.yaml', WAITING)
  await exits(12, lab.eosflow('run workflow.yaml --detach'))
  const armed = () => ['leaf1', 'leaf2'].map((name) => lab.fabric.device(name).switch.sessions.timer !== undefined)
  expect(armed()).toEqual([true, true])

  await warns(0, lab.resume(), /^resuming \S+: the commit timer of leaf2 runs out in 1[78]\d s\n/m)
  expect(armed()).toEqual([true, false])

  await warns(0, lab.resume(), /^resuming \S+: the commit timer of leaf1 runs out in 5\d\d s\n/m)
  expect(armed()).toEqual([false, false])
  expect(whereIs(lab.fabric.device('leaf1'))).toBe('AFTER')

  const third = await exits(12, lab.resume())
  expect(third.err).not.toMatch(/^resuming /m)
})
