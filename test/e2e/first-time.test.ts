import { expect, test } from 'vitest'
import { exits, type Lab, openLab } from '../lab/lab.ts'
import { leaves } from './two-leaves.ts'

const workflow = (targets: string, vlan: number) => `name: first
params: { vlan: { type: integer } }
targets: ${targets}
change: { mode: merge, lines: ['vlan {{ vlan }}', '   name NEW'] }
steps:
  - snapshot
  - plan
  - approve
  - push
  - verify: { within: 2s, stableFor: 0s, every: 1s, checks: [reachable, { vlans-present: { vlans: [${vlan}] } }] }
  - confirm
`

const saidOf = async (lab: Lab, file: string, vlan: number) => {
  const { out } = await lab.ok('plan', file, '-p', `vlan=${vlan}`, '-o', 'plan.json', '--details')
  const words = out.replaceAll(/\n {2}(?! )/g, ' ')
  return words.split('\n').filter((line) => line.includes('never confirmed'))
}

test('a kind is said until a switch of its model and version has confirmed it', {
  tags: ['long', 'turn'],
}, async () => {
  const { fabric } = leaves(2)
  const devices = fabric.devices.map((one) => (one.name === 'leaf2' ? { ...one, eos: '4.31.4M' } : one))
  const lab = openLab({
    switches: { fabric: { ...fabric, devices } },
    files: {
      'both.yaml': workflow("'leaf*'", 998),
      'one.yaml': workflow('leaf1', 998),
      'bad.yaml': workflow('leaf1', 4000),
    },
  })
  const never =
    'leaf1: lines of the kinds `vlan`, `vlan.name` were never confirmed on DCS-7050SX3-48YC8 4.32.2F here (since 2026-01-05)'
  expect(await saidOf(lab, 'one.yaml', 998)).toEqual([never])
  expect((await lab.agreed('run bad.yaml -p vlan=998')).code).toBe(6)
  expect(await saidOf(lab, 'one.yaml', 998)).toEqual([never])
  expect(await saidOf(lab, 'both.yaml', 998)).toEqual([
    'leaf1 leaf2: lines of the kinds `vlan`, `vlan.name` were never confirmed on DCS-7050SX3-48YC8 4.32.2F, DCS-7050SX3-48YC8 4.31.4M here (since 2026-01-05); make one of them a canary',
  ])
  expect(await saidOf(lab, 'one.yaml', 998)).toEqual([never])
  await exits(0, lab.agreed('run plan.json'))
  expect(await saidOf(lab, 'one.yaml', 999)).toEqual([])
  expect(await saidOf(lab, 'both.yaml', 999)).toEqual([
    'leaf2: lines of the kinds `vlan`, `vlan.name` were never confirmed on DCS-7050SX3-48YC8 4.31.4M here (since 2026-01-05)',
  ])
})
