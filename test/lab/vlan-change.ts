import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type RunningDevice, renderConfig } from './sources.ts'

/** The change that the tests of this folder make: one VLAN on the switches they select, wave by wave. */
export const WORKFLOW = workflowFor('leaf1')

/** The same change for other switches, or with other lines of the file. */
export function workflowFor(
  targets: string,
  {
    push = '{ confirmWithin: 5m }',
    verify = '{ within: 20s, stableFor: 0s, every: 2s, checks: [reachable, { vlans-present: { vlans: [998] } }] }',
    lines = ['vlan 998', '   name TESTED'],
    extra = '',
    rollout = '{ waves: [1], keepApart: mlag }',
  } = {},
) {
  return `name: add-a-vlan
targets: ${targets}
change: { mode: merge, lines: ${JSON.stringify(lines)} }
rollout: ${rollout}
${extra}
steps:
  - snapshot: { state: [vlan] }
  - plan
  - approve
  - push: ${push}
  - verify: ${verify}
  - confirm
`
}

/** The commits of a switch that was sent none. */
export const NO_COMMIT = { plain: 0, timed: 0, confirms: 0 }
/** Those of one whose timed commit was confirmed. */
export const CONFIRMED_ONCE = { plain: 0, timed: 1, confirms: 1 }
/** Those of one whose timed commit was not confirmed. */
export const PUT_BACK_ONCE = { plain: 0, timed: 1, confirms: 0 }

/** Where a switch is, by its own running-config. */
export function whereIs({ switch: device }: Pick<RunningDevice, 'switch'>): 'BEFORE' | 'AFTER' {
  return renderConfig(device.running).includes('\nvlan 998\n') ? 'AFTER' : 'BEFORE'
}

/** Whether startup-config holds what running-config holds. */
export function isSaved({ switch: device }: Pick<RunningDevice, 'switch'>) {
  return renderConfig(device.running) === renderConfig(device.startup)
}

/** A plan that was written into the folder of a project. */
export function planAt({ dir }: { readonly dir: string }, file: string): ReturnType<typeof JSON.parse> {
  return JSON.parse(readFileSync(join(dir, file), 'utf8'))
}
