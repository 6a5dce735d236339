import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PATH, rotationLab } from './rotation-lab.ts'

const KEPT = 'kept-in-vault-4711'
const NAMED = `name: named
targets: leaf1 or leaf2
params: { vlan_name: { type: string } }
change: { mode: merge, lines: ['vlan 120', '   name {{ vlan_name }}'] }
steps: [snapshot, plan, approve, { push: { confirmWithin: 5m } }, { verify: { within: 30s, stableFor: 4s, every: 2s, checks: [reachable] } }, confirm]
`

test.each(['run', 'plan'])(
  '[3G9] %s: a parameter that holds a secret of Vault is refused, and on no record',
  async (verb) => {
    const { lab, vault } = rotationLab({ workflow: NAMED })
    vault.kv.set(PATH, [{ data: { password: KEPT } }])
    const { code, out, err } = await lab.eosflow(verb, 'workflow.yaml', '-p', `vlan_name=x-${KEPT}`)
    expect([code, err]).toEqual([
      3,
      expect.stringContaining('the parameter `vlan_name` holds a secret of this project'),
    ])
    expect(out + err).not.toContain(KEPT)
    for (const list of ['executions', 'plans'])
      expect((await lab.eosflow(list, '--json')).out).toContain('"executions":[]')
    for (const name of readdirSync(join(lab.dir, '.eosflow'), { recursive: true, withFileTypes: true }))
      if (name.isFile()) expect(readFileSync(join(name.parentPath, name.name)).includes(KEPT)).toBe(false)
  },
)

test('Vault is not asked for a parameter that is too short to be removed, and where it is away the login says so', async () => {
  const made = rotationLab({ workflow: NAMED })
  made.fault = () => 'away'
  const { code, err } = await made.lab.eosflow('plan workflow.yaml -p vlan_name=users-of-floor-3')
  expect([code, err]).toEqual([expect.any(Number), expect.stringContaining('Vault does not answer')])
  expect((await made.lab.eosflow('plans --json')).out).toContain('named')
})
