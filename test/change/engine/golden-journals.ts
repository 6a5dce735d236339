import type { ExecutionState } from '../../../src/change/engine/state.ts'
import type { Outcome } from '../../../src/change/record/event/event.ts'
import type { Phase } from '../../../src/eos/device/history.ts'
import type { DeviceEnd } from '../../../src/model/act.ts'
import { table } from '../../table.ts'

/** What a recorded journal must read as: written by hand from its last events. */
export interface Golden {
  readonly file: string
  readonly events: number
  readonly status: ExecutionState['status']
  readonly outcome?: Outcome
  /** Where the switches ended, and how far the acts on them went. */
  readonly switches: Readonly<Record<string, readonly [end: DeviceEnd, phase: Phase]>>
  readonly waits?: true
  /** What is done next, when somebody goes on at the time of the last event. */
  readonly next?: readonly string[]
}

/** The journals of `test/fixtures/journals/interpreter-2`: events, status, outcome, the end of each switch and how far its acts went, and what is next. */
export const GOLDEN: readonly Golden[] = table`
  flagship-succeeded                 153  ended         succeeded      leaf1 changed saved, leaf2 changed saved
  flagship-planned                   16   ended         planned        leaf1 untouched untouched, leaf2 untouched untouched
  flagship-nothing-to-do             16   ended         nothing-to-do  leaf1 unchanged untouched, leaf2 unchanged untouched
  saved-plan-succeeded               110  ended         succeeded      leaf1 changed saved, leaf2 changed saved
  waits-for-approval                 21   running       -              leaf1 untouched untouched, leaf2 untouched untouched  waits
  approved-later-succeeded           118  ended         succeeded      leaf1 changed saved, leaf2 changed saved
  rejected                           34   ended         refused        leaf1 untouched untouched, leaf2 untouched untouched
  commit-refused                     82   ended         rolled-back    leaf1 reverted ended, leaf2 untouched ended
  verification-failed-rolled-back    62   ended         rolled-back    leaf1 reverted ended, leaf2 untouched untouched
  one-wave-rolled-back               86   ended         rolled-back    leaf1 reverted ended, leaf3 reverted ended
  interrupted-in-verify              84   ended         cancelled      leaf1 reverted ended, leaf2 reverted ended
  confirm-refused-restored           111  ended         rolled-back    leaf1 reverted ended, leaf3 reverted ended
  rollback-unknown                   82   ended         unknown        leaf1 reverted armed, leaf2 unknown armed
  killed-in-plan                     12   running       -              leaf1 untouched untouched, leaf2 untouched untouched  task /Plan attempt 1 of leaf1 leaf2, begun before
  killed-before-arm                  61   running       -              leaf1 unknown armed, leaf2 unknown arming             task RollOutWaves[1].RollOutWave[0]/Push attempt 1 of leaf2, begun before
  killed-before-arm-resumed          83   ended         rolled-back    leaf1 reverted ended, leaf2 reverted ended
  killed-arm-unanswered              61   running       -              leaf1 unknown armed, leaf2 unknown arming             task RollOutWaves[1].RollOutWave[0]/Push attempt 1 of leaf2, begun before
  killed-armed                       69   running       -              leaf1 unknown armed, leaf2 unknown armed              task RollOutWaves[1].RollOutWave[0]/Verify attempt 1 of leaf2, begun before
  killed-armed-resumed               118  ended         succeeded      leaf1 changed saved, leaf2 changed saved
  killed-confirm-unanswered          88   running       -              leaf1 unknown confirming, leaf2 unknown confirming    task ConfirmAll[0]/Confirm attempt 1 of leaf1, begun before  task ConfirmAll[1]/Confirm attempt 1 of leaf2, begun before
  killed-confirm-unanswered-resumed  123  ended         succeeded      leaf1 changed saved, leaf2 changed saved
  killed-confirmed                   89   running       -              leaf1 unknown confirmed, leaf2 unknown confirming     task ConfirmAll[0]/Confirm attempt 1 of leaf1, begun before  task ConfirmAll[1]/Confirm attempt 1 of leaf2, begun before
  killed-saved                       107  running       -              leaf1 changed saved, leaf2 changed saved              task SaveAll[0]/Save attempt 1 of leaf1, begun before  task SaveAll[1]/Save attempt 1 of leaf2, begun before
  killed-rolling-back                79   compensating  -              leaf1 unknown aborting, leaf3 unknown aborting        undo of leaf1  undo of leaf3
  killed-rolling-back-resumed        93   ended         rolled-back    leaf1 reverted ended, leaf3 reverted ended
  killed-restoring                   104  compensating  -              leaf1 unknown restoring, leaf3 reverted ended         undo of leaf1
`.map(([file = '', events, status, outcome, switches = '', ...next]) => {
  const ends = switches.split(', ').map((one) => {
    const [name = '', ...end] = one.split(' ')
    return [name, end]
  })
  return {
    file,
    events: Number(events),
    status: status as Golden['status'],
    ...(outcome === '-' ? {} : { outcome: outcome as Outcome }),
    switches: Object.fromEntries(ends),
    ...(next[0] === 'waits' ? { waits: true, next: [] } : status === 'ended' ? {} : { next }),
  }
})
