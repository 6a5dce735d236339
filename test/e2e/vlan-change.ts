import { renderConfig } from '../../src/config/render.ts'
import type { RunningDevice } from '../../src/trial/start-fabric.ts'

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
  } = {},
): string {
  return `name: add-a-vlan
targets: ${targets}
change: { mode: merge, lines: ${JSON.stringify(lines)} }
rollout: { waves: [1], keepApart: mlag }
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

type InventoriedDevice = Pick<RunningDevice, 'name' | 'http' | 'username' | 'password'>

/** An inventory of all switches of a fabric. */
export function inventoryOf(fabric: { readonly devices: readonly InventoriedDevice[] }): string {
  const [first] = fabric.devices
  return JSON.stringify({
    defaults: { protocol: 'http', credentials: 'sim' },
    credentials: { sim: { username: first?.username, password: first?.password, simulated: true } },
    devices: Object.fromEntries(
      fabric.devices.map(({ name, http }) => [
        name,
        { host: http.host, port: http.port, tags: { mlag: pairOf(name) } },
      ]),
    ),
  })
}

/** An inventory that reaches all switches of a fabric over SSH, each by its host key. */
export function sshInventoryOf(fabric: {
  readonly devices: readonly (InventoriedDevice & Pick<RunningDevice, 'ssh'>)[]
}): string {
  const [first] = fabric.devices
  return JSON.stringify({
    defaults: { transport: 'ssh', credentials: 'sim' },
    credentials: { sim: { username: first?.username, password: first?.password, simulated: true } },
    devices: Object.fromEntries(
      fabric.devices.map(({ name, ssh }) => [
        name,
        { host: ssh.host, port: ssh.port, ssh: { hostKey: ssh.hostKey }, tags: { mlag: pairOf(name) } },
      ]),
    ),
  })
}

/** Where a switch is, by its own running-config. */
export function whereIs({ switch: device }: Pick<RunningDevice, 'switch'>): 'BEFORE' | 'AFTER' {
  return renderConfig(device.running).includes('\nvlan 998\n') ? 'AFTER' : 'BEFORE'
}

/** The inventory of {@link inventoryOf}, in which each switch has its role by its name: `leaf`, `spine`. */
export function inventoryWithRoles(fabric: Parameters<typeof inventoryOf>[0]): string {
  const { devices, ...rest } = JSON.parse(inventoryOf(fabric)) as { devices: Record<string, { tags: object }> }
  const tagged = Object.entries(devices).map(([name, device]) => [
    name,
    { ...device, tags: { ...device.tags, role: name.replace(/\d+$/, '') } },
  ])
  return JSON.stringify({ ...rest, devices: Object.fromEntries(tagged) })
}

/** Whether startup-config holds what running-config holds. */
export function isSaved({ switch: device }: Pick<RunningDevice, 'switch'>): boolean {
  return renderConfig(device.running) === renderConfig(device.startup)
}

function pairOf(name: string): string {
  return `${name.replace(/\d+$/, '')}-${Math.ceil(Number(/\d+$/.exec(name)?.[0] ?? 0) / 2)}`
}
