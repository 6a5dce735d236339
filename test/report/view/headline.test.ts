import { expect, test } from 'vitest'
import { verifyOf } from '../../../src/change/plan/settled.ts'
import { executionViewSchema } from '../../../src/report/view/execution-view.ts'
import { executionViewOf } from '../../../src/report/view/view-of.ts'
import { exits } from '../../lab/exits.ts'
import { FOUR_LEAVES, recordingLab } from './recorded.ts'

const TERMS = (name: string) =>
  verifyOf({ timers: { confirmWithin: 600, verifyWithin: 180, stableFor: 30, every: 10 } }, name)

test('the headline follows a change from its plan to its end', { tags: ['long', 'turn'] }, async () => {
  const { lab, events } = recordingLab({ workflow: FOUR_LEAVES })
  await exits(0, lab.agreed('run workflow.yaml -p vlan=998 -p name=TESTED'))
  const id = events[0]?.execution ?? ''
  const said: string[] = []
  for (let length = 1; length <= events.length; length++) {
    const view = executionViewOf(id, events.slice(0, length), {
      now: Date.parse(events[length - 1]?.at ?? ''),
      isRunning: true,
      terms: TERMS,
    })
    executionViewSchema.parse(view)
    if (said.at(-1) !== view.headline) said.push(view.headline)
  }
  expect(said).toMatchInlineSnapshot(`
    [
      "It begins",
      "Snapshot is under way",
      "4 switches are read before the plan is made",
      "Snapshot is under way",
      "Plan is under way",
      "4 switches show what the change would do, for the plan",
      "Plan is under way",
      "Approve is under way",
      "The approval of the plan is judged",
      "Approve is under way",
      "Base unchanged is under way",
      "4 switches are compared with the plan once more",
      "Base unchanged is under way",
      "Roll out is under way",
      "Wave 1 of 3: leaf1 loads and commits the change",
      "Roll out is under way",
      "Wave 1 of 3: leaf1 is live, and its checks are judged",
      "Wave 1 of 3: leaf1 has been good for 0 s, 30 s to go",
      "Roll out is under way",
      "Wave 2 of 3: leaf2 loads and commits the change",
      "Wave 2 of 3: leaf2 and leaf3 load and commit the change",
      "Wave 2 of 3: leaf3 loads and commits the change",
      "Roll out is under way",
      "Wave 2 of 3: leaf2 is live, and its checks are judged",
      "Wave 2 of 3: leaf2 has been good for 0 s, 30 s to go",
      "Wave 2 of 3: leaf3 is live, and its checks are judged",
      "Wave 2 of 3: leaf2 and leaf3 have been good for 0 s, 30 s to go",
      "Wave 2 of 3: leaf2 has been good for 30 s, and the last look is due",
      "Roll out is under way",
      "Wave 3 of 3: leaf4 loads and commits the change",
      "Roll out is under way",
      "Wave 3 of 3: leaf4 is live, and its checks are judged",
      "Wave 3 of 3: leaf4 has been good for 0 s, 30 s to go",
      "Roll out is under way",
      "All ready is under way",
      "4 switches are looked at once more before the confirm",
      "All ready is under way",
      "Confirm is under way",
      "The change is being confirmed: 0 of 4 switches done",
      "The change is being confirmed: 1 of 4 switches done",
      "The change is being confirmed: 2 of 4 switches done",
      "The change is being confirmed: 3 of 4 switches done",
      "The change is being confirmed: 4 of 4 switches done",
      "Confirm is under way",
      "Save is under way",
      "The change is confirmed and being saved: 0 of 4 switches done",
      "The change is confirmed and being saved: 1 of 4 switches done",
      "The change is confirmed and being saved: 2 of 4 switches done",
      "The change is confirmed and being saved: 3 of 4 switches done",
      "The change is confirmed and being saved: 4 of 4 switches done",
      "Save is under way",
      "Done is under way",
      "All 4 switches have the change: confirmed, saved and read back",
    ]
  `)
})
