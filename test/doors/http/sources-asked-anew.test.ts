import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { askAnew } from '../../../src/doors/http/act/ask-anew.ts'
import { silentConsole } from '../../../src/lab/trial/trial-app.ts'
import { askSources } from '../../../src/project/switches/inventory/refresh-sources.ts'
import { ANN, inventoryOf, type Lab, openLab, personNamed, SETTINGS, WORKFLOW } from '../../lab/lab.ts'
import { until } from '../../lab/server.ts'
import { alice, deskOver, labWith } from './desk.ts'

const SCHEDULE = `schedules: [{ name: nightly, cron: '0 23 * * *', tz: UTC, do: plan, workflow: workflow.yaml }]`

/** A project whose switches are in what a program prints, too: it prints a file, which a test can change and take away. */
async function served(more = '') {
  let lab: Lab | undefined
  const write = (vlan: number) =>
    lab?.write('fleet.json', JSON.stringify({ version: 1, devices: { leaf1: { host: '127.0.0.1', vars: { vlan } } } }))
  const bench = await openLab({
    prepare: (made) => {
      lab = made
      write(998)
      const fleet = join(made.dir, 'fleet.json')
      made.write(
        'eosflow.yaml',
        `version: 1\ninventory: { exec: { cvp: { command: [/bin/cat, ${fleet}] } } }\n${more}\n`,
      )
      made.write('workflow.yaml', WORKFLOW.replace('"vlan 998"', '"vlan {{ device.vars.vlan }}"'))
      const own = JSON.parse(inventoryOf(made.fabric)) as object
      made.write('inventory.yaml', JSON.stringify({ ...own, sources: [{ exec: 'cvp' }] }))
    },
  }).serve()
  // As the command does before it serves.
  await askSources(bench.app, silentConsole())
  return { bench, prints: write, isAway: () => rmSync(join(bench.lab.dir, 'fleet.json')) }
}

test('a server asks the sources of the inventory for each plan, and makes none where one is away', async () => {
  const { bench, prints, isAway } = await served()
  const ann = bench.browser(ANN)
  let digest = ''
  const planned = async () => {
    const { json, text } = await ann.post('/api/v1/plans', { workflow: 'workflow.yaml' })
    expect(text).toContain('execution')
    const { execution } = json
    await ann.ends(execution)
    const { plan } = await ann.seen(execution)
    digest = String(plan)
    return (await ann.get(`/api/v1/plans/${digest}`)).text
  }
  expect(await planned()).toContain('vlan 998')
  prints(777)
  expect(await planned()).toContain('vlan 777')
  isAway()
  expect(existsSync(join(bench.lab.dir, '.eosflow/inventory'))).toBe(true)
  const away = await ann.post('/api/v1/plans', { workflow: 'workflow.yaml' })
  expect([away.json.kind, away.text.includes('exec cvp')]).toEqual(['inventory-exec', true])
  const run = await ann.post('/api/v1/executions', { workflow: 'workflow.yaml' })
  expect([run.json.kind, run.text.includes('exec cvp')]).toEqual(['inventory-exec', true])
  const saved = await ann.post(`/api/v1/plans/${digest}/executions`, {})
  expect([saved.json.kind, saved.text.includes('exec cvp')]).toEqual(['inventory-exec', true])
  expect((await bench.app.store.executionIds()).length).toBe(2)
})

test('a schedule of a server asks them too', { tags: ['long', 'turn'] }, async () => {
  const { bench, isAway } = await served(SCHEDULE)
  isAway()
  await bench.room.ask('run-schedule', { principal: ANN }, { schedule: 'nightly' })
  const last = async () =>
    (
      (await bench.browser(ANN).get('/api/v1/schedules')).json.schedules as {
        last?: { what: string; reason: string }
      }[]
    )[0]?.last
  await until(bench, async () => !['running', undefined].includes((await last())?.what))
  expect(await last()).toMatchObject({ what: 'failed', reason: expect.stringContaining('exec cvp') })
})

test('[P20] the sources of an inventory are asked for whoever may do something on a single switch, and for nobody else', async () => {
  const lab = labWith({})
  const fleet = join(lab.dir, 'fleet.json')
  lab.write('fleet.json', JSON.stringify({ version: 1, devices: { leaf1: { host: '127.0.0.1' } } }))
  lab.write('eosflow.yaml', `${SETTINGS}inventory: { exec: { cvp: { command: [/bin/cat, ${fleet}] } } }\n`)
  const { devices: _, ...own } = JSON.parse(inventoryOf(lab.fabric)) as { readonly devices: object }
  lab.write('inventory.yaml', JSON.stringify({ ...own, sources: [{ exec: 'cvp' }] }))
  const { app } = await deskOver(lab)
  await askSources(app, silentConsole())
  expect(app.project.inventory().devices.map(({ name }) => name)).toEqual(['leaf1'])
  rmSync(fleet)
  await expect(askAnew(app, alice)).rejects.toThrow('exec cvp')
  await askAnew(app, personNamed('nobody'))
})
