import { describe, expect, test } from 'vitest'
import { CANARIES, leaves, PROJECT_FILES } from '../e2e/two-leaves.ts'
import { exits, json, type Lab, openLab, prints, typeOn, WORKFLOW } from '../lab/lab.ts'

/** Configures a switch as another person does, and saves. */
async function byHand(lab: Lab, ...lines: readonly string[]) {
  await lab.byHand('leaf1', ...lines)
}

async function changed(lab: Lab) {
  const { code, out } = await lab.change()
  if (code !== 0) throw new Error(out)
  return /Execution (\S+):/.exec(out)?.[1] ?? ''
}

const writes = (lab: Lab) =>
  lab.fabric.devices.flatMap((device) => device.requests()).filter(({ kind }) => kind === 'write').length

describe('drift', () => {
  test('names what differs from the target of the last execution, and what was never confirmed', {
    tags: 'long',
  }, async () => {
    const lab = openLab()
    const id = await changed(lab)
    await byHand(lab, 'vlan 998', 'name THEIRS', 'exit', 'vlan 997')
    const sent = writes(lab)

    const drift = await lab.ok('drift -t', 'leaf1 or leaf2')

    expect(drift.out).toBe(
      `leaf1   +2 -1 lines since execution ${id} (2026-01-05 08:00)
  + vlan 997
    vlan 998
  -    name TESTED
  +    name THEIRS
? leaf2: never confirmed by this store

Drift: 2 switches, 1 compared: 1 differs; 1 never confirmed
Next: eosflow show ${id}
`,
    )
    expect(writes(lab)).toBe(sent)
    await exits(2, lab.eosflow('drift -t leaf1 --detailed-exitcode'))
  })

  test('finds none where a switch is as it was confirmed: exit 0 all the same', async () => {
    const lab = openLab()
    await changed(lab)
    const { out } = await lab.ok('drift -t leaf1 --detailed-exitcode')
    expect(out).toBe('Drift: 1 switch, 1 compared: 0 differ, 1 as confirmed\nNext: eosflow executions\n')
  })

  test('compares with the newest change that the switch kept: one that was put back counts for nothing', {
    tags: 'long',
  }, async () => {
    const lab = openLab()
    const id = await changed(lab)
    lab.fabric.fault({ device: 'leaf1', kind: 'hand-edit', on: 'commit', lines: ['no vlan 996'] })
    lab.write('workflow.yaml', WORKFLOW_996)
    await exits(6, lab.change())
    lab.fabric.clearFaults()
    const { out } = await lab.eosflow('drift -t leaf1 --json')
    expect(JSON.parse(out)).toMatchObject({
      version: 1,
      kind: 'drift',
      devices: [{ name: 'leaf1', state: 'same', source: { kind: 'execution', id }, config: [], unsaved: false }],
    })
  })

  test('compares with the change that was confirmed last, not with the one that was begun last', {
    tags: 'long',
  }, async () => {
    const lab = openLab({ workflow: unapproved(WORKFLOW) })
    lab.fabric.fault({ device: 'leaf1', kind: 'unreachable', for: 60 })
    await exits(10, lab.change())
    // Nothing was sent: it is listed with the plans.
    const { executions } = await json(lab.eosflow('plans --json'))
    const id = String(executions[0]?.id)
    await lab.clock.advance(60_000)
    lab.write('workflow.yaml', unapproved(WORKFLOW_996))
    await changed(lab)
    lab.write('workflow.yaml', unapproved(WORKFLOW))
    await lab.ok('redrive', id)
    const { out } = await lab.eosflow('drift -t leaf1 --json')
    expect(JSON.parse(out)).toMatchObject({
      devices: [{ state: 'same', source: { kind: 'execution', id }, config: [] }],
    })
  })

  test('compares with a snapshot where no execution has changed the switch', async () => {
    const lab = openLab()
    await lab.ok('snapshot take first -t leaf1')
    await byHand(lab, 'vlan 997')
    const { out } = await lab.eosflow('drift -t leaf1')
    expect(out).toContain('leaf1   +1 -0 lines since snapshot first (2026-01-05 08:00)\n  + vlan 997\n')
    expect(out).toContain('\nNext: eosflow executions\n')
  })

  test('shows no secret, and that one has changed', async () => {
    const bench = await openLab({ world: 'sockets', switches: leaves(1), ...PROJECT_FILES })
    await exits(0, bench.eosflowWith({ answers: ['yes'] }, 'run workflows/add-vlan.yaml -p vlan=120'))
    const device = bench.fabric.device('leaf1')
    await bench.fabric.fault({
      device: 'leaf1',
      kind: 'hand-edit',
      after: 0,
      lines: ['snmp-server community An0therC0mmunity ro', `no snmp-server community ${CANARIES.snmp}`],
    })
    const { out } = await prints(
      0,
      bench.eosflow('drift'),
      /- snmp-server community <redacted:[0-9a-f]{8}> ro\n/,
      /\+ snmp-server community <redacted:[0-9a-f]{8}> ro\n/,
      'running-config is not saved: a reboot would change it',
    )
    expect(out).not.toContain('An0therC0mmunity')
    expect(out).not.toContain(CANARIES.snmp)
    device.switch.settle()
  })

  test('of a switch that does not answer exits 10, and the others are compared', async () => {
    const lab = openLab()
    await changed(lab)
    await lab.ok('snapshot take -t leaf2')
    lab.fabric.fault({ device: 'leaf2', kind: 'unreachable' })
    await prints(
      10,
      lab.eosflow('drift -t', 'leaf1 or leaf2', '--detailed-exitcode'),
      /^\? leaf2: .*\n\nDrift: 2 switches, 1 compared: 0 differ, 1 as confirmed; 1 not read\nNext: eosflow drift -t leaf2 --detailed-exitcode\n$/,
    )
  })

  test('of another switch behind the address: exit 10, and its configuration is not read', async () => {
    let impostor = false
    const lab = openLab({ answers: (_lab, device) => (impostor && device === 'leaf1' ? 'leaf2' : device) })
    await changed(lab)
    impostor = true
    await prints(
      10,
      lab.eosflow('drift -t leaf1'),
      /^\? leaf1: another switch answers: serial \S+, MAC \S+; confirmed was serial/,
    )
    const asked = lab.fabric
      .device('leaf2')
      .requests()
      .flatMap(({ commands }) => commands)
    expect(asked).not.toContain('show running-config')
  })

  test('says that a commit timer runs: what is there may go by itself', async () => {
    const lab = openLab()
    await changed(lab)
    const { device } = lab.fabric
    await typeOn(device('leaf1'), 'configure session theirs', 'vlan 997', 'commit timer 00:04:00')
    const { out } = await lab.eosflow('drift -t leaf1')
    expect(out).toContain('session theirs is under a commit timer, 4m left')
    await typeOn(device('leaf1'), 'configure session theirs abort', 'copy running-config startup-config')
  })
})

const WORKFLOW_996 = `name: another
targets: leaf1
change: { mode: merge, lines: ['vlan 996'] }
steps:
  - snapshot
  - plan
  - approve
  - push
  - verify: { within: 20s, stableFor: 0s, every: 2s, checks: [{ vlans-present: { vlans: [996] } }] }
  - confirm
`

/** A workflow that asks nobody. */
const unapproved = (workflow: string) => workflow.replace('  - approve\n', '')
