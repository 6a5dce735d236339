import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { soon } from '../cli/served.ts'
import { BUILT } from '../lab/checkout.ts'
import { inventoryOf } from './fabric.ts'
import { startTeam, type Team } from './team.ts'

let team: Team
beforeAll(async () => {
  team = await startTeam(2)
}, 120_000)
afterAll(() => team?.close())

/** Publishes the project with its switches at these sites, in their order. */
async function publish(...sites: readonly string[]): Promise<void> {
  const inventory = JSON.parse(inventoryOf(team.fabric.ports))
  Object.values<Record<string, unknown>>(inventory.devices).forEach((device, index) => {
    device.tags = { site: sites[index] }
  })
  writeFileSync(join(team.dir, 'inventory.yaml'), JSON.stringify(inventory))
  const { code, err } = await team.eosflow('publish', 'vlan.yaml')
  expect(code, err).toBe(0)
}

test('a worker without an inventory serves the sites of what is published, and one that is published later', {
  tags: 'night',
  timeout: 180_000,
}, async () => {
  const [first = '', second = ''] = Object.keys(team.fabric.ports)
  await publish('dc1', 'dc1')
  const folder = join(team.dir, 'elsewhere')
  mkdirSync(folder)
  writeFileSync(join(folder, 'eosflow.yaml'), readFileSync(join(team.dir, 'eosflow.yaml')))
  cpSync(join(team.dir, '.eosflow'), join(folder, '.eosflow'), { recursive: true })
  const worker = spawn(process.execPath, [BUILT, 'worker', '--name', 'w1'], { cwd: folder, env: process.env })
  let said = ''
  for (const stream of [worker.stdout, worker.stderr]) stream.on('data', (text) => (said += text))
  try {
    await soon(async () => said.includes('drives') || worker.exitCode !== null, 60_000)
    expect(said).toMatch(/Worker w1 .* drives dc1, default\n/)
    const sites = async () => (await team.app.shared?.workers.list())?.find(({ kind }) => kind === 'worker')?.sites
    expect(await sites()).toEqual(['dc1', 'default'])

    await publish('dc1', 'dc2')
    await soon(async () => (await sites())?.includes('dc2') === true, 30_000)
    expect(await sites()).toEqual(['dc1', 'dc2', 'default'])
    expect((await team.eosflow('workers')).out).toContain('dc2')
    // A plan comes from the workers of the site alone.
    for (const [device, vlan] of [
      [second, 201],
      [first, 202],
    ] as const) {
      const { code, out, err } = await team.eosflow(
        'plan',
        'vlan.yaml',
        '-p',
        `vlan=${vlan}`,
        '-t',
        device,
        '--detailed-exitcode',
      )
      expect(code, `${out}${err}${said}`).toBe(2)
      expect(out).toContain(`+ vlan ${vlan}`)
    }
    expect(said).toContain('drives dc2 too')
    expect(said.match(/: driven$/gm), said).toHaveLength(2)
  } finally {
    worker.kill('SIGTERM')
  }
})
