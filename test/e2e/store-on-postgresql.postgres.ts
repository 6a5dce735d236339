import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { PostgresAddress } from '../../src/journal/postgres/address.ts'
import { systemClock } from '../../src/system/system-clock.ts'
import { type RunningFabric, startFabric } from '../../src/trial/start-fabric.ts'
import { DC1 } from '../lab/checkout.ts'
import { exits } from '../lab/exits.ts'
import { inventoryOf } from '../lab/inventory.ts'
import { builtCommand, startProcess } from '../lab/process.ts'
import { isSaved, whereIs, workflowFor } from '../lab/vlan-change.ts'
import { asSuperuser, emptyDatabase, serverForTests, urlOf } from '../postgres/store-for-test.ts'
import { eosflowAt } from './real-project.ts'

const servers = serverForTests()
let fabric: RunningFabric
let dir: string
let address: PostgresAddress

const settings = (workers: string) =>
  `version: 1\nstore: ${urlOf({ ...address, user: 'eos_app' })}\nworkers: { ttl: 12s, beat: 1s${workers} }\n`

beforeEach(async () => {
  address = await emptyDatabase(servers.server)
  fabric = await startFabric({ folder: DC1, clock: systemClock })
  dir = mkdtempSync(join(tmpdir(), 'eosflow-database-'))
  writeFileSync(join(dir, 'eosflow.yaml'), settings(', durability: single'))
  writeFileSync(join(dir, 'inventory.yaml'), inventoryOf(fabric))
  writeFileSync(join(dir, 'workflow.yaml'), workflowFor('leaf1'))
})

afterEach(async () => {
  await fabric.close()
  rmSync(dir, { recursive: true, force: true })
})

const typed = (...argv: readonly string[]) => eosflowAt(dir, ...argv)

async function made() {
  const init = await typed('store', 'init', urlOf(address))
  expect(init).toMatchObject({ code: 0, err: '' })
  expect(init.out).toContain('Made: store eosflow.audit/')
  await asSuperuser(
    address,
    'DO $$ BEGIN CREATE ROLE eos_app LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$',
    'GRANT eos_worker TO eos_app',
  )
}

async function approved() {
  await exits(0, typed('plan', 'workflow.yaml', '-o', 'change.plan'))
  await exits(0, typed('approve', 'change.plan'))
}

const leaf = () => [whereIs(fabric.device('leaf1')), isSaved(fabric.device('leaf1'))]

test('a change is made with its record in a database, and is asked for there by the next command', {
  tags: 'turn',
}, async () => {
  expect(await typed('executions')).toMatchObject({ code: 1, err: expect.stringContaining('eosflow store init') })
  await made()
  await approved()
  const run = await typed('run', 'change.plan')
  expect(run).toMatchObject({ code: 0 })
  expect(leaf()).toEqual(['AFTER', true])
  const listed = await typed('executions', '--json')
  expect(JSON.parse(listed.out)).toMatchObject({ executions: [{ outcome: 'succeeded' }] })
  expect((await typed('show', '@latest')).out).toContain('succeeded')
  // The plan has been carried out.
  await exits(5, typed('run', 'change.plan'))
})

test('a process that is killed in the middle of a change is followed by another one, after its term and no earlier', {
  tags: 'night',
}, async () => {
  const verify = '{ within: 30s, stableFor: 5s, every: 1s, checks: [reachable] }'
  writeFileSync(join(dir, 'workflow.yaml'), workflowFor('leaf1', { verify }))
  await made()
  await approved()
  const first = startProcess(dir, builtCommand('run', 'change.plan'))
  for (let looks = 0; looks < 600 && whereIs(fabric.device('leaf1')) === 'BEFORE'; looks += 1)
    await systemClock.sleep(50)
  await systemClock.sleep(1_000)
  expect(whereIs(fabric.device('leaf1'))).toBe('AFTER')
  first.child.kill('SIGKILL')
  expect((await first.ended).signal).toBe('SIGKILL')
  const early = await typed('resume')
  expect(early.err).toContain('is run by another process')
  await systemClock.sleep(12_500)
  const resumed = await typed('resume')
  expect(resumed).toMatchObject({ code: 0 })
  expect(leaf()).toEqual(['AFTER', true])
})

test('[G136] nothing leads a change on where no standby would have the record, unless the settings say that one server is enough', async () => {
  await made()
  await approved()
  writeFileSync(join(dir, 'eosflow.yaml'), settings(''))
  const run = await typed('run', 'change.plan')
  expect(run.code).not.toBe(0)
  expect(run.out + run.err).toContain('no synchronous standby of the server')
  expect(leaf()).toEqual(['BEFORE', true])
})
