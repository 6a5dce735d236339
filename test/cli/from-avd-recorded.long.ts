// @module-tag night
import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { everyNthOfLong } from '../extent.ts'
import { exits } from '../lab/exits.ts'
import { recordings } from '../recordings.ts'
import { deployed, onSimulated, recordedAvd } from './avd-project.ts'
import { eosflow } from './eosflow.ts'

/** Each example with how many switches it has, and on how many of them AVD's intended text takes lines away that it has not built. */
const EXAMPLES = [
  ['single-dc-l3ls', 8, 0],
  ['campus-fabric', 10, 10],
] as const

describe.skipIf(!existsSync(recordings('inventories/avd-intended')))('an example of AVD', () => {
  test.each(everyNthOfLong(4, 'examples of AVD that are deployed', EXAMPLES))(
    '%s is deployed from its base configurations',
    { timeout: 240_000 },
    async (example, count, foreign) => {
      const project = recordedAvd(example)
      expect(project.bases.size).toBe(count)
      await exits(0, eosflow('init --from avd .', { cwd: project.dir }))
      await onSimulated(project)
      if (foreign > 0) {
        const refused = await exits(10, eosflow('plan workflows/deploy.yaml', { cwd: project.dir }))
        expect(refused.stderr.match(/nobody knows whether anybody wants them/g)).toEqual(
          Array.from({ length: foreign }, () => 'nobody knows whether anybody wants them'),
        )
        await exits(0, eosflow('adopt *', { cwd: project.dir }))
      }
      const { planned, run, again, drift } = await deployed(project)
      expect(planned).toContain(`Plan: ${count} switches to change, 0 unchanged`)
      expect(run.stdout).toContain(`succeeded · ${count} switches: ${count} confirmed`)
      expect([again.code, again.stdout.includes(`0 switches to change, ${count} unchanged`)]).toEqual([0, true])
      expect([
        drift.code,
        drift.stdout.includes(`${count} switches, ${count} compared: 0 differ, ${count} as confirmed`),
      ]).toEqual([0, true])
    },
  )
})
