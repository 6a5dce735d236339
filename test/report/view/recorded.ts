import type { JournalEvent } from '../../../src/change/record/event/event.ts'
import { SeededRandom } from '../../../src/lab/trial/seeded-random.ts'
import type { Principal } from '../../../src/model/principal.ts'
import type { Seams } from '../../../src/project/system/process/seams.ts'
import { aroundAppends, type Lab, type LabOptions, openLab } from '../../lab/lab.ts'

/** Who runs the changes of the recorded journals, on whatever machine. */
export const ALICE: Principal = {
  issuer: 'local',
  id: 'local:1000:alice@noc1',
  kind: 'person',
  auth: 'os',
  display: 'alice',
}

/** A lab whose journal is kept as it is written. */
export interface RecordingLab {
  readonly lab: Lab
  /** Everything that executions have put on record so far, in order. */
  readonly events: readonly JournalEvent[]
}

/** Starts a lab on the virtual clock in which everybody is Alice, and keeps what comes onto the record. */
export function recordingLab(options: LabOptions = {}): RecordingLab {
  const events: JournalEvent[] = []
  const recorded = (seams: Seams) => ({
    ...seams,
    principal: ALICE,
    names: new SeededRandom(7),
    journal: aroundAppends({
      behind: (written) => {
        events.push(...written)
      },
    }),
  })
  const seams = (given: Seams) => recorded(options.seams?.(given) ?? given)
  const lab = openLab({ ...options, seams })
  return { lab, events }
}

/** A change of four leaves in three waves that must stay good for a while. */
export const FOUR_LEAVES = `name: add-vlan
params:
  vlan: { type: integer }
  name: { type: string }
targets: leaf1 or leaf2 or leaf3 or leaf4
change: { mode: merge, lines: ['vlan 998', '   name TESTED'] }
rollout: { waves: [1, 2], keepApart: none }
steps:
  - snapshot: { state: [vlan, bgp, mlag, lldp], neighbors: 8 }
  - plan
  - approve
  - push: { confirmWithin: 10m }
  - verify: { within: 3m, stableFor: 30s, every: 10s, checks: [reachable, bgp-established, { vlans-present: { vlans: [998] } }] }
  - confirm
`
