// @module-tag night
import { afterAll, beforeAll, expect, test } from 'vitest'
import { workflowFor } from '../lab/vlan-change.ts'
import { type Built, build, crashAndResume } from './crash.ts'

/** Where a process is killed that deletes checkpoints of earlier changes, before it commits its own. */
const POINTS = ['intent-prune', 'before-prune', 'prune-sent', 'after-prune', 'prune-journalled'] as const

const pastOf = (name: string): readonly string[] =>
  [901, 902].map((vlan) => workflowFor(name, { lines: [`vlan ${vlan}`] }).replace('[998]', `[${vlan}]`))

let built: Built

beforeAll(async () => {
  built = await build()
})

afterAll(() => built.remove())

test.for([
  ['leaf1', undefined],
  ['leaf3', undefined],
  ['leaf1', 'ssh'],
] as const)(
  '[B8] a kill in the middle of the deletion of old checkpoints loses no change: %s, %s',
  { timeout: 180_000 },
  async ([on, transport]) => {
    for (const point of POINTS) {
      const end = await crashAndResume(built.killingCli, {
        point,
        on,
        switches: [on],
        workflow: workflowFor(on),
        past: pastOf(on),
        ...(transport === undefined ? {} : { transport }),
      })
      expect([point, end.signal, end.code, end.ends, end.said], end.text).toEqual([
        point,
        'SIGKILL',
        0,
        ['AFTER+'],
        ['AFTER'],
      ])
      expect(end.again.requests).toBe(0)
    }
  },
)
