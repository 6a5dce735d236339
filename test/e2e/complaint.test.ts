import { expect, test } from 'vitest'
import { exits, workflowFor } from '../lab/lab.ts'
import { recordingLab } from '../report/view/recorded.ts'

const CONFIRM = /^configure session \S+ commit$/
const WARNING = '% Warning: the agent answers slowly'

test('a confirm that a switch complains of and has carried out is on record as done', async () => {
  let isSet = false
  const { lab: its, events } = recordingLab({
    workflow: workflowFor('leaf1'),
    before: ({ fabric }, device, commands) => {
      if (isSet || !commands.some((one) => CONFIRM.test(one))) return
      isSet = true
      fabric.fault({ device, kind: 'error-line', command: CONFIRM.source, message: WARNING })
    },
  })
  await exits(0, its.change())
  const ends = events.flatMap((one) => (one.type === 'ActFinished' && one.act === 'confirm' ? [one.outcome] : []))
  expect(ends).toEqual(['refused', 'done'])
})
