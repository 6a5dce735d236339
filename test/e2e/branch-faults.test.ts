// @module-tag long
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { everyNthOfLong } from '../extent.ts'
import { exits } from '../lab/exits.ts'
import type { HeardFault } from '../project/execution/around/loopback-service.ts'
import { branched, timed } from './branch-lab.ts'

const FAULTS: readonly HeardFault[] = [
  ...(['reset-before', 'cut', 'never', '401', '403', '404', '409', '429', '500', '502'] as const),
  ...(['malformed', 'other-form', 'huge', 'redirect', 'slow'] as const),
]

/** What is asked of NetBox for a plan from a branch, and for its run behind the merge. */
const BRANCHES = '/api/plugins/branching/branches/'
const DEVICES = '/api/dcim/devices/'
const PLANNED = [BRANCHES, DEVICES, BRANCHES]
const RUN = [DEVICES, BRANCHES]

const ROWS = [...PLANNED, ...RUN].flatMap((path, at) =>
  FAULTS.flatMap((fault) => (['once', 'from then on'] as const).map((times) => ({ path, nth: at + 1, fault, times }))),
)

test('the table has every request to NetBox', async () => {
  const { netbox, merge, plan, run } = await branched()
  await exits(0, plan())
  merge('TESTED')
  await exits(0, run())
  expect(netbox.seen.map(({ target }) => target.split('?')[0])).toEqual([...PLANNED, ...RUN])
  expect(ROWS).toHaveLength(150)
})

test.for(everyNthOfLong(48, 'faults of a NetBox with branches', ROWS))(
  '$path, request $nth of all, answers $fault $times: the plan is of the branch or none, and the change is whole or nothing',
  async ({ nth, fault, times }) => {
    const { lab, merge, plan, run } = await branched({
      spoil: (request) => (request === nth || (times === 'from then on' && request > nth) ? fault : undefined),
      timeout: 1,
    })
    const planned = await plan()
    const isPlanned = existsSync(join(lab.dir, 'b.plan'))
    expect(isPlanned, planned.out + planned.err).toBe(planned.code === 0)
    if (!isPlanned) {
      expect([planned.code, nth <= PLANNED.length, fault]).toEqual([10, true, expect.not.stringMatching('slow')])
      return
    }
    expect(planned.out).toContain('name TESTED')
    merge('TESTED')
    const { code, out, err } = await run()
    const isRefused = code === 10 && timed(lab) === 0 && lab.whereIs('leaf1') === 'BEFORE'
    const isDone = code === 0 && timed(lab) === 1 && lab.whereIs('leaf1') === 'AFTER'
    expect([isRefused, isDone], out + err).toContain(true)
    if (fault === 'slow') expect(isDone).toBe(true)
    else if (times === 'from then on') expect(isRefused, out + err).toBe(true)
  },
)
