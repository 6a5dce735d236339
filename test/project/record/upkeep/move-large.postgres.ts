// @module-tag night

import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fillStore } from '../../../../bench/bulk-history.ts'
import { workflowOf } from '../../../../bench/one-change.ts'
import { openStore } from '../../../../src/change/record/sqlite/open-store.ts'
import { SeededRandom } from '../../../../src/lab/trial/seeded-random.ts'
import { startFabric } from '../../../../src/lab/trial/start-fabric.ts'
import { readInstallKey } from '../../../../src/project/system/machine/key-files.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { builtCommand, DC1, inProcess, inventoryOf, startProcess, typedWithYes, writeFiles } from '../../../lab/lab.ts'

import { adminOf, asSuperuser, emptyDatabase, serverForTests, urlOf } from '../../../postgres/store-for-test.ts'
import { writeStore } from './moved-project.ts'

/** The gate moves fewer; a hundred thousand and forty kills are for the night. */
const RECORDS = Number(process.env.EOSFLOW_MOVE_RECORDS ?? 10_000)
const KILLS = Number(process.env.EOSFLOW_MOVE_KILLS ?? 4)
const SEED = Number(process.env.EOSFLOW_SEED ?? 1)
const TEXTS = RECORDS / 50

const REASON = ['--reason', 'more than one machine']

const servers = serverForTests()
let full: string
/** Folders that are taken away at the end. */
const made: string[] = []

beforeAll(async () => {
  const fabric = await startFabric({ folder: DC1, clock: systemClock })
  full = mkdtempSync(join(tmpdir(), 'eosflow-move-'))
  made.push(full)
  writeFiles(full, {
    'eosflow.yaml': 'version: 1\n',
    'inventory.yaml': inventoryOf(fabric),
    'workflow.yaml': workflowOf(998, '[reachable]'),
  })
  try {
    expect(await typedWithYes(full, 'run workflow.yaml')).toMatchObject({ code: 0 })
  } finally {
    await fabric.close()
  }
  const installKey = readInstallKey(join(full, '.eosflow'), {})
  const path = join(full, '.eosflow/store.db')
  const store = await openStore({ path, installKey, checkpointKey: () => undefined, clock: systemClock })
  const [ran = ''] = await store.executionIds()
  const ended = await store.read(ran)
  for (let text = 0; text < TEXTS; text += 1) await store.put(`configuration ${text}\n`.repeat(200))
  await store.close()
  await fillStore(path, installKey, { ended, open: ended, openCopies: 0, records: RECORDS })
}, 300_000)

afterAll(() => {
  for (const dir of made) rmSync(dir, { recursive: true, force: true })
})

interface Moved {
  readonly dir: string
  readonly url: string
}

/** A copy of the store and a database that is made for it. */
async function fresh() {
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-move-'))
  made.push(dir)
  cpSync(full, dir, { recursive: true })
  const url = urlOf(await emptyDatabase(servers.server))
  expect(await inProcess(['store', 'init', url], dir)).toMatchObject({ code: 0 })
  return { dir, url }
}

const at = (url: string) => ({ ...adminOf(servers.server), database: new URL(url).pathname.slice(1) })

async function storesOf({ dir, url }: Moved) {
  const list = (store: string) => inProcess(['executions', '-n', '1', '--store', store], dir)
  const has = async (store: string) => {
    const { code, stdout } = await list(store)
    return code === 0 && stdout.includes('add-a-vlan')
  }
  const isFile = await has(join(dir, '.eosflow/store.db'))
  return [...(isFile ? ['file'] : []), ...((await has(url)) ? ['database'] : [])]
}

/** Ends the move that was killed; the record verifies, here and in its file. */
async function ended({ dir, url }: Moved) {
  const moved = await inProcess(['store', 'move', '.', url, ...REASON], dir)
  expect(moved, moved.stderr).toMatchObject({ code: 0 })
  expect(await storesOf({ dir, url })).toEqual(['database'])
  const old = await inProcess(['audit', 'verify', '--store', join(dir, '.eosflow/store.db'), '--json'], dir)
  expect(old.code, old.stderr).toBe(0)
  writeStore(dir, url)
  const verified = await inProcess('audit verify --json', dir)
  expect(verified.code, verified.stdout + verified.stderr).toBe(0)
  const address = at(url)
  const [{ kept } = {}] = await asSuperuser(address, 'SELECT count(*) AS kept FROM event')
  expect(kept).toBeGreaterThanOrEqual(RECORDS)
  await asSuperuser(adminOf(address), `DROP DATABASE ${address.database} WITH (FORCE)`)
  rmSync(dir, { recursive: true, force: true })
}

/** The time a whole move takes, and the most memory that it has. */
async function measured() {
  const project = await fresh()
  const begun = performance.now()
  const {
    child,
    ended: over,
    text,
  } = startProcess(project.dir, builtCommand('store', 'move', '.', project.url, ...REASON))
  let most = 0
  const looking = setInterval(() => {
    try {
      const [, kib = '0'] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? []
      most = Math.max(most, Number(kib) / 1024)
    } catch {
      // It has ended.
    }
  }, 50)
  expect(await over, text.err).toMatchObject({ code: 0 })
  clearInterval(looking)
  const milliseconds = performance.now() - begun
  const size = `pg_total_relation_size('eosflow.event') + pg_total_relation_size('eosflow.register')`
  const [sizes] = await asSuperuser(at(project.url), `SELECT (${size}) / count(*) AS record FROM eosflow.event`)
  process.stdout.write(`bytes of a record: ${JSON.stringify(sizes)}\n`)
  await ended(project)
  return { milliseconds, mebibytes: most }
}

describe(`a store of ${RECORDS} records that is moved`, () => {
  let takes = 0

  test('is in the database, and its record verifies', async () => {
    const { milliseconds, mebibytes } = await measured()
    takes = milliseconds
    process.stdout.write(
      `store move of ${RECORDS} records: ${(milliseconds / 1000).toFixed(1)} s, ${mebibytes.toFixed(0)} MiB\n`,
    )
    expect(mebibytes).toBeGreaterThan(20)
    expect(mebibytes).toBeLessThan(600)
  }, 600_000)

  test(`killed ${KILLS} times at any moment: one of the two is the store each time`, async () => {
    const random = new SeededRandom(SEED)
    const found: string[] = []
    for (let kill = 0; kill < KILLS; kill += 1) {
      const project = await fresh()
      const moving = startProcess(project.dir, builtCommand('store', 'move', '.', project.url, ...REASON))
      await systemClock.sleep(300 + random.fraction() * takes)
      moving.child.kill('SIGKILL')
      await moving.ended
      const stores = await storesOf(project)
      expect(stores, `kill ${kill}, seed ${SEED}`).toHaveLength(1)
      found.push(...stores)
      await ended(project)
    }
    process.stdout.write(`killed ${KILLS} times, seed ${SEED}: ${JSON.stringify(found)}\n`)
    expect(found).toHaveLength(KILLS)
  }, 3_600_000)
})
