import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { renderConfig } from '../../src/config/render.ts'
import { extent, extentOfLong } from '../extent.ts'
import { BASE } from '../plan/carry-material.ts'
import { CHANGES, EDITS, some } from '../plan/carry-pairs.ts'
import { type CarriedLab, carriedLab, planIn } from './carried-lab.ts'
import { leaves } from './two-leaves.ts'
import { workflowFor } from './vlan-change.ts'

/** Printed where it fails. */
const SEED = 20_261_127

const VERIFY = '{ within: 20s, stableFor: 0s, every: 2s, checks: [reachable] }'
const REFUSAL = 'the approvals do not carry to a plan that is made again'

/** What the switch runs, each command with those that it is under: by the indentation, without the code under test. */
function rowsOf({ lab }: CarriedLab): readonly string[] {
  let path: string[] = []
  return renderConfig(lab.fabric.device('leaf1').switch.running)
    .split('\n')
    .filter((row) => row.trim() !== '' && !row.trim().startsWith('!'))
    .map((row) => {
      path = [...path.slice(0, (row.length - row.trimStart().length) / 3), row.trim()]
      return path.join(' / ')
    })
}

const without = (rows: readonly string[], others: readonly string[]): readonly string[] =>
  rows.filter((row) => !others.includes(row)).toSorted()

/** A leaf that runs `BASE`, and a plan of the change that bob has approved; undefined where there is nothing to approve. */
async function approvedOn(lines: readonly string[]): Promise<CarriedLab | undefined> {
  const { fabric } = leaves(1)
  const devices = fabric.devices.map((device) => ({ ...device, config: BASE, managementOutside: true }))
  const given = carriedLab({
    fabric: { ...fabric, devices },
    workflow: workflowFor('leaf1', { lines: [...lines], verify: VERIFY }),
  })
  const planned = await given.as('alice', 'plan', 'workflow.yaml', '-o', 'a.plan')
  expect(planned.code, planned.out + planned.err).toBe(0)
  const approved = await given.as('bob', 'approve', 'a.plan')
  expect(approved.code, approved.out + approved.err).toBe(0)
  return given
}

test('what is sent by an approval that carried is exactly what was approved, on what the switch ran before', {
  tags: ['cut'],
  timeout: 3_600_000,
}, async () => {
  const count = { carried: 0, refused: 0, same: 0 }
  await fc.assert(
    fc.asyncProperty(some(CHANGES, 2), some(EDITS, 2), async (change, edit) => {
      const given = await approvedOn(change.lines)
      if (given === undefined) return
      const first = rowsOf(given)
      await given.byHand(...edit.lines)
      const base = rowsOf(given)
      const ran = await given.as('alice', 'run', 'a.plan', '--rebase')
      const after = rowsOf(given)
      const said = `${change.lines.join('; ')} | ${edit.lines.join('; ')} | ${ran.out}${ran.err}`
      if (ran.code !== 0) {
        count.refused += 1
        expect(ran.code, said).toBe(5)
        expect(ran.err, said).toContain(REFUSAL)
        expect(after, said).toEqual(base)
        return
      }
      const plan = planIn(readFileSync(join(given.lab.dir, 'a.plan'), 'utf8'))
      const shown = plan.content.devices.flatMap(({ diff }) => diff)
      const signed = (sign: string) =>
        shown.flatMap((line) => (line.sign === sign ? [line.text.trim()] : [])).toSorted()
      const last = (rows: readonly string[]) => rows.map((row) => row.split(' / ').at(-1)).toSorted()
      expect(last(without(after, base)), said).toEqual(signed('+'))
      expect(last(without(base, after)), said).toEqual(signed('-'))
      if (without(base, first).length + without(first, base).length === 0) {
        count.same += 1
        return
      }
      count.carried += 1
      expect(
        [...edit.in].filter((block) => block === 'never' || change.names.has(block)),
        said,
      ).toEqual([])
      expect(
        [...edit.names].filter((block) => change.in.has(block)),
        said,
      ).toEqual([])
    }),
    { seed: SEED, numRuns: extent(3, extentOfLong(10, 300)), endOnFailure: true },
  )
  process.stdout.write(`carried ${count.carried}, refused ${count.refused}, the same ${count.same} (seed ${SEED})\n`)
  expect(count.carried).toBeGreaterThan(extent(0, extentOfLong(1, 60)))
  expect(count.refused).toBeGreaterThan(extent(0, extentOfLong(2, 100)))
})
