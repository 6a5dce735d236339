import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exits, soon, startBuilt } from '../../lab/lab.ts'
import { inventoryOf } from './fabric.ts'
import { startTeam, type Team } from './team.ts'

let team: Team
beforeAll(async () => {
  team = await startTeam(2)
}, 120_000)
afterAll(() => team?.close())

/** Publishes the project with its switches at these sites, in their order. */
async function publish(...sites: readonly string[]) {
  const inventory = JSON.parse(inventoryOf(team.fabric.ports))
  Object.values<Record<string, unknown>>(inventory.devices).forEach((device, index) => {
    device.tags = { site: sites[index] }
  })
  writeFileSync(join(team.dir, 'inventory.yaml'), JSON.stringify(inventory))
  await exits(0, team.eosflow('publish vlan.yaml'))
}

test('[W2] a worker without an inventory serves the sites of what is published, and one that is published later', {
  timeout: 180_000,
}, async () => {
  const [, second = ''] = Object.keys(team.fabric.ports)
  await publish('dc1', 'dc1')
  const folder = join(team.dir, 'elsewhere')
  mkdirSync(folder)
  writeFileSync(join(folder, 'eosflow.yaml'), readFileSync(join(team.dir, 'eosflow.yaml')))
  cpSync(join(team.dir, '.eosflow'), join(folder, '.eosflow'), { recursive: true })
  const worker = startBuilt(folder, ['worker', '--name', 'w1'])
  try {
    await worker.said(/Worker w1 .* drives dc1, default\n/, 'out')
    const sites = async () => (await team.app.shared?.workers.list())?.find(({ kind }) => kind === 'worker')?.sites
    expect(await sites()).toEqual(['dc1', 'default'])

    await publish('dc1', 'dc2')
    await soon(async () => (await sites())?.includes('dc2') === true, 30_000)
    expect(await sites()).toEqual(['dc1', 'dc2', 'default'])
    expect((await team.eosflow('workers')).out).toContain('dc2')
    // A plan comes from the workers of the site alone.
    await exits(2, team.eosflow('plan vlan.yaml -p vlan=201 -t', second, '--detailed-exitcode'))
    expect(worker.text.err).toContain('drives dc2 too')
    expect(worker.text.err.match(/: driven$/gm), worker.text.err).toHaveLength(1)
  } finally {
    worker.kill('SIGTERM')
  }
})
