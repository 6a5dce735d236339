import { expect, test } from 'vitest'
import { renderConfig } from '../../src/config/render.ts'
import { STATE_AREAS } from '../../src/workflow/state-areas.ts'
import { everyNthOfLong, extentOfLong } from '../extent.ts'
import { type Lab, type LabOptions, startLab } from '../lab/lab.ts'
import { COLLATERALS, type Collateral } from './collaterals.ts'
import { HARMLESS, type Harmless } from './harmless.ts'

/** Adds one VLAN to leaf1; nothing else may differ in any state area, on no neighbour, and in no configuration. */
const workflow = (vlan: number): string => `name: add-a-vlan
targets: leaf1
change: { mode: merge, lines: ['vlan ${vlan}', '   name TESTED'] }
steps:
  - snapshot: { state: [${STATE_AREAS.join(', ')}] }
  - plan
  - approve
  - push: { confirmWithin: 5m }
  - verify:
      within: 10s
      stableFor: 10s
      every: 10s
      expect: { vlan: { added: [${vlan}] }, everythingElse: unchanged }
  - confirm
`

/** A lab in which something happens right behind the timed commit of leaf1. */
function startDisturbed(options: Pick<LabOptions, 'hears'> = {}): { lab: Lab; disturb: (act: () => void) => void } {
  let isCommitted = false
  let act: (() => void) | undefined
  const lab = startLab({
    ...options,
    workflow: workflow(900),
    before: (_lab, device, commands) => {
      if (isCommitted) {
        act?.()
        act = undefined
      }
      isCommitted = device === 'leaf1' && commands.some((command) => command.includes('commit timer'))
    },
  })
  return {
    lab,
    disturb: (next) => {
      act = next
    },
  }
}

test('every collateral of a good change is caught, told in one line and rolled back', {
  tags: 'long',
  timeout: 240_000,
}, async () => {
  const { lab, disturb } = startDisturbed()
  const leaf1 = lab.fabric.device('leaf1').switch
  const before = renderConfig(leaf1.running)
  const missed: string[] = []
  const looked = everyNthOfLong(8, 'collaterals of a good change', COLLATERALS)
  for (const [index, collateral] of looked.entries()) {
    lab.write('workflow.yaml', workflow(900 + index))
    disturb(() => {
      for (const fault of collateral.faults) lab.fabric.fault(fault)
    })
    const { code, out, err } = await lab.change()
    lab.fabric.clearFaults()
    if (collateral.mended !== undefined) lab.fabric.fault(collateral.mended)
    const isToldOnce = linesTelling(out, collateral).length === 1
    const isBack = renderConfig(leaf1.running) === before
    if (code !== 6 || !isToldOnce || !isBack) missed.push(`${collateral.name}: exit ${code}\n${out}${err}`)
  }
  process.stdout.write(`${looked.length} collaterals of a good change: ${missed.length} missed\n`)
  expect(missed).toEqual([])
  expect(looked).toHaveLength(extentOfLong(4, 25))
})

function linesTelling(out: string, { told }: Collateral): readonly string[] {
  return out.split('\n').filter((line) => line.includes(told))
}

test('nothing that moves by itself is taken for a change', { tags: 'long' }, async () => {
  const moved = new Map(HARMLESS.map(({ name }) => [name, 0]))
  let isLater = false
  const { lab, disturb } = startDisturbed({
    hears: (_lab, answer) => (isLater ? { ...answer, body: later(answer.body, moved) } : answer),
  })
  disturb(() => {
    isLater = true
    lab.fabric.fault({ device: 'spine1', kind: 'session-limit', sessions: 1 })
  })
  const { code, out, err } = await lab.change()
  const alarms = out.split('\n').filter((line) => line.includes('not expected'))
  process.stdout.write(`${HARMLESS.length} harmless changes: ${alarms.length} false alarms\n`)
  expect(alarms).toEqual([])
  expect(code, `${out}${err}`).toBe(0)
  expect(HARMLESS).toHaveLength(25)
  expect([...moved].filter(([, times]) => times === 0)).toEqual([])
})

/** An answer as it reads later; counts what has moved. */
function later(body: string, moved: Map<string, number>): string {
  return JSON.stringify(HARMLESS.reduce((answer, harmless) => laterOf('', answer, harmless, moved), JSON.parse(body)))
}

function laterOf(key: string, value: unknown, harmless: Harmless, moved: Map<string, number>): unknown {
  const inside = Array.isArray(value)
    ? value.map((one) => laterOf('', one, harmless, moved))
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, laterOf(name, one, harmless, moved)]))
      : value
  const after = harmless.later(key, inside)
  if (after !== inside) moved.set(harmless.name, (moved.get(harmless.name) ?? 0) + 1)
  return after
}
