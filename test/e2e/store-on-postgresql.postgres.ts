import { beforeEach, expect, test } from 'vitest'
import type { PostgresAddress } from '../../src/change/record/postgres/server-config.ts'
import { systemClock } from '../../src/project/system/machine/system-clock.ts'
import { DC1, exits, inPair, isSaved, openLab, type ProcessLab, workflowFor } from '../lab/lab.ts'
import { asSuperuser, emptyDatabase, serverForTests, urlOf } from '../postgres/store-for-test.ts'

const servers = serverForTests()
let bench: ProcessLab
let address: PostgresAddress

beforeEach(async () => {
  address = await emptyDatabase(servers.server)
  bench = await openLab({
    world: 'processes',
    switches: { folder: DC1 },
    tags: inPair,
    store: urlOf({ ...address, user: 'eos_app' }),
    files: { 'workflow.yaml': workflowFor('leaf1') },
  })
})

async function made() {
  const init = await bench.cli('store', 'init', urlOf(address))
  expect(init).toMatchObject({ code: 0, err: '' })
  expect(init.out).toContain('Made: store eosflow.audit/')
  await asSuperuser(
    address,
    'DO $$ BEGIN CREATE ROLE eos_app LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$',
    'GRANT eos_worker TO eos_app',
  )
}

async function approved() {
  await exits(0, bench.cli('plan', 'workflow.yaml', '-o', 'change.plan'))
  await exits(0, bench.cli('approve', 'change.plan'))
}

const leaf = () => [bench.whereIs('leaf1'), isSaved(bench.device('leaf1'))]

test('a change is made with its record in a database, and is asked for there by the next command', {
  tags: 'turn',
}, async () => {
  expect(await bench.cli('executions')).toMatchObject({ code: 1, err: expect.stringContaining('eosflow store init') })
  await made()
  await approved()
  const run = await bench.cli('run', 'change.plan')
  expect(run).toMatchObject({ code: 0 })
  expect(leaf()).toEqual(['AFTER', true])
  const listed = await bench.cli('executions', '--json')
  expect(JSON.parse(listed.out)).toMatchObject({ executions: [{ outcome: 'succeeded' }] })
  expect((await bench.cli('show', '@latest')).out).toContain('succeeded')
  // The plan has been carried out.
  await exits(5, bench.cli('run', 'change.plan'))
})

test('a process that is killed in the middle of a change is followed by another one, after its term and no earlier', {
  tags: 'night',
}, async () => {
  const verify = '{ within: 30s, stableFor: 5s, every: 1s, checks: [reachable] }'
  bench.write('workflow.yaml', workflowFor('leaf1', { verify }))
  await made()
  await approved()
  const first = bench.start('run', 'change.plan')
  for (let looks = 0; looks < 600 && bench.whereIs('leaf1') === 'BEFORE'; looks += 1) await systemClock.sleep(50)
  await systemClock.sleep(1_000)
  expect(bench.whereIs('leaf1')).toBe('AFTER')
  first.child.kill('SIGKILL')
  expect((await first.ended).signal).toBe('SIGKILL')
  const early = await bench.cli('resume')
  expect(early.err).toContain('is run by another process')
  await systemClock.sleep(12_500)
  const resumed = await bench.cli('resume')
  expect(resumed).toMatchObject({ code: 0 })
  expect(leaf()).toEqual(['AFTER', true])
})

test('[G136] nothing leads a change on where no standby would have the record, unless the settings say that one server is enough', async () => {
  await made()
  await approved()
  bench.write('eosflow.yaml', bench.read('eosflow.yaml').replace('durability: single, ', ''))
  const run = await bench.cli('run', 'change.plan')
  expect(run.code).not.toBe(0)
  expect(run.out + run.err).toContain('no synchronous standby of the server')
  expect(leaf()).toEqual(['BEFORE', true])
})
