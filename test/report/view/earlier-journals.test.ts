import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parseEvent } from '../../../src/change/record/event/record-text.ts'
import { executionViewSchema } from '../../../src/report/view/execution-view.ts'
import { viewOf } from '../../../src/report/view/view-of.ts'
import { foldView, newView } from '../../../src/report/view/view-state.ts'
import { GOLDEN } from '../../change/engine/golden-journals.ts'

const FOLDER = fileURLToPath(new URL('../../fixtures/journals/interpreter-2', import.meta.url))

/** The headlines of the journals that an earlier eosflow has written, by file. */
function headlines() {
  let prefixes = 0
  const said = GOLDEN.map(({ file, events, outcome }) => {
    const journal = readFileSync(`${FOLDER}/${file}.jsonl`, 'utf8').trimEnd().split('\n').map(parseEvent)
    let state = newView(journal[0]?.execution ?? '')
    for (const event of journal) {
      state = foldView(state, event)
      executionViewSchema.parse(viewOf(state, { now: Date.parse(event.at) }))
      prefixes += 1
    }
    const view = viewOf(state, { now: Date.parse(journal.at(-1)?.at ?? '') })
    expect([file, journal.length, view.outcome]).toEqual([file, events, outcome ?? null])
    return [file, view.headline] as const
  })
  expect(prefixes).toBeGreaterThan(1500)
  return Object.fromEntries(said)
}

test('every prefix of every journal of an earlier version is a view, and its sentence is what was recorded', {
  tags: 'long',
}, () => {
  expect(headlines()).toMatchInlineSnapshot(`
    {
      "approved-later-succeeded": "leaf1 and leaf2 have the change: confirmed, saved and read back",
      "commit-refused": "leaf2 refused 'configure session eosflow-8600a933-2 commit timer 00:05:00': Cannot commit session: out of TCAM: everything was put back",
      "confirm-refused-restored": "leaf3 refused 'configure session eosflow-80eab0cd-2 commit': Cannot commit session: everything was put back",
      "flagship-nothing-to-do": "Nothing to do: every switch already is as the change wants it",
      "flagship-planned": "The plan is made: it would change 2 switches",
      "flagship-succeeded": "leaf1 and leaf2 have the change: confirmed, saved and read back",
      "interrupted-in-verify": "It was stopped, so everything was put back",
      "killed-arm-unanswered": "Wave 2 of 2: leaf2 loads and commits the change",
      "killed-armed": "Wave 2 of 2: leaf2 has been good for 0 s",
      "killed-armed-resumed": "leaf1 and leaf2 have the change: confirmed, saved and read back",
      "killed-before-arm": "Wave 2 of 2: leaf2 loads and commits the change",
      "killed-before-arm-resumed": "leaf2: the timed commit did not take effect: everything was put back",
      "killed-confirm-unanswered": "The change is being confirmed: 0 of 2 switches done",
      "killed-confirm-unanswered-resumed": "leaf1 and leaf2 have the change: confirmed, saved and read back",
      "killed-confirmed": "The change is being confirmed: 1 of 2 switches done",
      "killed-in-plan": "2 switches show what the change would do, for the plan",
      "killed-restoring": "leaf3 was not good after the commit: everything is being put back, 1 of 2 switches done",
      "killed-rolling-back": "leaf3 was not good after the commit: everything is being put back, 0 of 2 switches done",
      "killed-rolling-back-resumed": "leaf3 was not good after the commit, so everything was put back",
      "killed-saved": "The change is confirmed and being saved: 2 of 2 switches done",
      "one-wave-rolled-back": "leaf3 was not good after the commit, so everything was put back",
      "rejected": "Refused, and nothing was committed: local:1000:operator@workstation rejected this plan",
      "rollback-unknown": "UNKNOWN: a person has to look at leaf2, which eosflow could not read",
      "saved-plan-succeeded": "leaf1 and leaf2 have the change: confirmed, saved and read back",
      "verification-failed-rolled-back": "leaf1 was not good after the commit, so everything was put back",
      "waits-for-approval": "Waits for an approval: plan 3e112eb5 would change 2 switches",
    }
  `)
})
