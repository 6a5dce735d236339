import { describe, expect, test } from 'vitest'
import type { Plan } from '../../src/plan/plan.ts'
import { DC1 } from '../lab/checkout.ts'
import { exits, prints, warns } from '../lab/exits.ts'
import { fileText } from '../lab/files.ts'
import { eosflow, newProject, pointInventoryAt, start } from './eosflow.ts'
import { inProcess } from './in-process.ts'

const CHANGE = ['workflows/add-vlan.yaml', '-p', 'vlan=140', '-p', 'label=PROD-CACHE']
describe('snapshot', () => {
  test('[U7] is taken, listed, shown without secrets, and planned against when the switches are gone', {
    tags: 'long',
  }, async () => {
    const dir = await newProject()
    const sim = await start(['sim start', DC1, '--json'], { cwd: dir })
    pointInventoryAt(dir, JSON.parse(sim.line).devices)

    const taken = await exits(0, eosflow('snapshot take before -t role:leaf', { cwd: dir }))
    expect(taken.stdout).toBe(
      'Snapshot: before · 4 switches, 30 state areas each\nNext: eosflow snapshot show before\n',
    )
    await sim.stop()

    const list = await inProcess('snapshot list --json', dir)
    expect(JSON.parse(list.stdout)).toMatchObject({
      kind: 'snapshots',
      snapshots: [{ name: 'before', devices: ['leaf1', 'leaf2', 'leaf3', 'leaf4'] }],
    })

    const shown = await prints(
      0,
      inProcess('snapshot show before', dir),
      'leaf1 · DCS-7280SR3-48YC8 · EOS 4.31.4M · JPE21310201',
      '\nhostname leaf1\n',
    )
    const secrets = fileText(DC1, 'leaf1/running-config').match(/\$6\$\S+/g) ?? []
    expect(secrets.length).toBeGreaterThan(3)
    for (const secret of secrets) expect(shown.stdout).not.toContain(secret)

    const offline = async (source: string) => {
      const { stdout } = await inProcess(['plan', ...CHANGE, '--offline', source, '--json'], dir)
      return JSON.parse(stdout).plan
    }
    const [fromSnapshot, fromFabric] = [await offline('before'), await offline('fabrics/dc1')]
    expect(fromSnapshot.content.devices).toHaveLength(4)
    const known = ({ content }: Plan) =>
      content.devices.map(({ name, identity, diff, base }) => ({
        name,
        identity,
        diff,
        saved: base.startupEqualsRunning,
      }))
    expect(known(fromSnapshot)).toEqual(known(fromFabric))
  })

  test('a name that was never taken is 3, a switch that does not answer 10, an unknown switch 3', {
    tags: ['long', 'turn'],
  }, async () => {
    const dir = await newProject()
    const sim = await start(['sim start', DC1, '--json'], { cwd: dir })
    pointInventoryAt(dir, JSON.parse(sim.line).devices)
    await sim.stop()
    await warns(3, inProcess('snapshot show nothing', dir), 'there is no snapshot nothing')
    await warns(10, inProcess(['snapshot take -t', 'leaf1 or leaf2'], dir), /leaf1[\s\S]*leaf2/)
    await exits(3, inProcess('snapshot take -t leaf9', dir))
    expect((await inProcess('snapshot list', dir)).stdout).toContain('0 snapshots\n')
    await warns(
      3,
      inProcess(['plan', ...CHANGE, '--offline', 'nothing'], dir),
      '`nothing` is neither a fabric nor a snapshot',
    )
  })
})
