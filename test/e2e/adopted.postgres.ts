import { readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { PostgresAddress } from '../../src/change/record/postgres/server-config.ts'
import { renderConfig } from '../../src/eos/config/text/parse.ts'
import { type RunningFabric, startFabric } from '../../src/lab/trial/start-fabric.ts'
import { systemClock } from '../../src/project/system/machine/system-clock.ts'
import { DC1, inventoryOf, soon, temporaryFolder, typed, typeOn, writeFiles } from '../lab/lab.ts'
import { asSuperuser, emptyDatabase, serverForTests, urlOf } from '../postgres/store-for-test.ts'

const servers = serverForTests()
let fabric: RunningFabric
let dir: string
let address: PostgresAddress

const STEPS = `steps:
  - snapshot
  - plan
  - approve: { expires: 1m }
  - push: { confirmWithin: 2m }
  - verify: { within: 10s, stableFor: 0s, every: 1s, checks: [reachable] }
  - confirm
`
const REPLACE = `name: replace
targets: leaf1
change: { mode: replace, file: 'intended/{{ device.name }}.cfg' }
${STEPS}`
const merge = (label: string) => `name: merge
targets: leaf1
change: { mode: merge, lines: ['vlan 110', '   name ${label}'] }
${STEPS}`

beforeEach(async () => {
  fabric = await startFabric({ folder: DC1, clock: systemClock })
  address = await emptyDatabase(servers.server)
  dir = temporaryFolder()
  writeFiles(dir, {
    'eosflow.yaml': settings('eos_app'),
    'inventory.yaml': inventoryOf(fabric),
    'replace.yaml': REPLACE,
    'merge.yaml': merge('PROD-NEW'),
    'intended/leaf1.cfg': intended(),
  })
  const made = await eosflow('store', 'init', urlOf(address))
  if (made.code !== 0) throw new Error(made.err)
  await asSuperuser(
    address,
    'DO $$ BEGIN CREATE ROLE eos_app LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$',
    'GRANT eos_worker TO eos_app',
  )
})

afterEach(() => fabric.close())

/** The settings of a project whose commands come to the database as this user. */
const settings = (user: string) =>
  `version: 1\nstore: ${urlOf({ ...address, user })}\nworkers: { durability: single }\n`

/** What leaf1 runs at first, with another description of one port. */
function intended() {
  return renderConfig(fabric.device('leaf1').switch.running).replace('description ', 'description NEW-')
}

const eosflow = (...argv: readonly string[]) => typed(dir, argv, { answers: ['yes'] })

async function done(...argv: readonly string[]) {
  const { code, out, err } = await eosflow(...argv)
  if (code !== 0) throw new Error(`${argv.join(' ')}: ${code}\n${out}${err}`)
  return /Execution (\S+):/.exec(out)?.[1] ?? ''
}

const byHand = (...lines: readonly string[]) =>
  typeOn(fabric.device('leaf1'), 'configure', ...lines, 'end', 'copy running-config startup-config')

test('with its record in a database, what runs is adopted, and foreign lines are told by it', {
  tags: 'turn',
}, async () => {
  const refused = await eosflow('plan', 'replace.yaml')
  expect([refused.code, refused.err]).toEqual([
    10,
    expect.stringContaining('no intended text of this switch is on record'),
  ])
  const writes = () =>
    fabric
      .device('leaf1')
      .requests()
      .filter(({ kind }) => kind === 'write').length
  const before = writes()
  const adopted = await eosflow('adopt', 'leaf1')
  expect([adopted.code, adopted.err]).toEqual([0, ''])
  expect(adopted.out).toMatch(
    /^leaf1: \d+ lines, the first intended text on record\nAdopted: 1 switch · snapshot adopted-\d{8}-\d{6}\n/,
  )
  expect(writes()).toBe(before)
  await byHand('vlan 999')
  const foreign = await eosflow('plan', 'replace.yaml')
  expect([foreign.code, foreign.err]).toEqual([
    10,
    expect.stringMatching(
      /leaf1: 1 line goes that nobody on record has written \(neither snapshot adopted-\S+ nor a change since\):\n {6}vlan 999\n/,
    ),
  ])
  expect((await eosflow('adopt', 'leaf1')).out).toMatch(
    /^leaf1: \d+ lines, 1 of them not intended until now\n {2}\+ vlan 999\nAdopted: 1 switch/,
  )
  const verified = await eosflow('audit', 'verify')
  expect([verified.code, verified.err]).toEqual([0, ''])
})

test('an intended text that has left the database is read from its segment; where that is away nobody knows it', {
  tags: 'night',
  timeout: 300_000,
}, async () => {
  await done('adopt', 'leaf1')
  const id = await done('run', 'replace.yaml')
  await done('run', 'merge.yaml')
  writeFileSync(join(dir, 'merge.yaml'), merge('PROD-NEWER'))
  await done('run', 'merge.yaml')
  await byHand('vlan 999')
  const [place, elsewhere] = [join(dir, '.eosflow/segments'), join(dir, 'tape')]
  // Who owns the database seals; the other commands are those of a worker. What an approval that holds was given for stays in the store.
  writeFileSync(join(dir, 'eosflow.yaml'), settings('postgres'))
  const isSealed = async () => {
    const seal = await eosflow('store', 'seal', '--keep', '0', '--reason', 'half a year is enough')
    expect([seal.code, seal.err]).toEqual([0, ''])
    return readdirSync(place).some((file) => file.endsWith('.jsonl'))
  }
  await soon(isSealed, 100_000, 'a segment')
  writeFileSync(join(dir, 'eosflow.yaml'), settings('eos_app'))
  const known = `leaf1: 1 line goes that nobody on record has written (neither execution ${id} nor a change since):\n      vlan 999\n`
  expect((await eosflow('plan', 'replace.yaml')).err).toContain(known)
  renameSync(place, elsewhere)
  const away = await eosflow('plan', 'replace.yaml')
  expect([away.code, away.err]).toEqual([
    10,
    expect.stringContaining('the record of its last intended text is archived and not at its place'),
  ])
  renameSync(elsewhere, place)
  expect((await eosflow('plan', 'replace.yaml')).err).toContain(known)
})
