import { hash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningFabric, startFabric } from '../../src/lab/trial/start-fabric.ts'
import { systemClock } from '../../src/project/system/machine/system-clock.ts'
import { type ChangeRecord, changeRecordIn, changeRecordPage } from '../../src/report/change-record/change-record.ts'
import { everyNthOfLong } from '../extent.ts'
import { DC1, exits, inventoryOf, typed as typedIn, workflowFor } from '../lab/lab.ts'
import { emptyDatabase, serverForTests, urlOf } from '../postgres/store-for-test.ts'

const servers = serverForTests()
let fabric: RunningFabric
let dir: string

const typed = (...argv: readonly string[]) => typedIn(dir, argv)

/** A change of one switch, by a plan that somebody has approved, in a store that another change has written to, too. */
beforeAll(async () => {
  fabric = await startFabric({ folder: DC1, clock: systemClock })
  dir = mkdtempSync(join(tmpdir(), 'eosflow-page-'))
  const url = urlOf(await emptyDatabase(servers.server))
  writeFileSync(join(dir, 'eosflow.yaml'), `version: 1\nstore: ${url}\nworkers: { durability: single }\n`)
  writeFileSync(join(dir, 'inventory.yaml'), inventoryOf(fabric))
  await exits(0, typed('store', 'init'))
  for (const leaf of ['leaf2', 'leaf1']) {
    writeFileSync(join(dir, 'workflow.yaml'), workflowFor(leaf))
    await exits(0, typed('plan', 'workflow.yaml', '-o', `${leaf}.plan`))
    await exits(0, typed('approve', `${leaf}.plan`))
    await exits(0, typed('run', `${leaf}.plan`))
  }
}, 120_000)

afterAll(async () => {
  await fabric.close()
  rmSync(dir, { recursive: true, force: true })
})

/** What there is to read; each is answered from the database. */
const READING = [
  'show @latest',
  'history @latest',
  'executions',
  'drift',
  'snapshot list',
  'sessions list',
  'audit list',
  'audit list --device leaf1',
  'audit export --format cef',
  'audit export --format otlp',
  'audit key',
  'audit verify',
  'key list',
  'schedule list',
  'bundle list',
  'watch @latest',
  'recover --scan',
  'workers',
  'store id',
  'doctor',
]

test.each(everyNthOfLong(4, 'commands that read a store', READING))(
  'eosflow %s reads a store in a database',
  async (line) => {
    await exits(0, typed(...line.split(' ')))
  },
)

test('what is for files alone is refused by name, and writes nothing', async () => {
  writeFileSync(join(dir, 'file.db'), 'x')
  const before = (await typed('audit', 'list', '--json')).out
  for (const line of ['store backup new.db', 'store restore file.db --reason broken'])
    expect(await typed(...line.split(' ')), line).toMatchObject({
      code: 10,
      err: expect.stringContaining('the store of this project is in a database'),
    })
  expect((await typed('audit', 'list', '--json')).out).toBe(before)
})

/** What somebody finds who has the page and the public key alone. */
async function foundIn(page: string) {
  const away = join(dir, 'away')
  mkdirSync(away, { recursive: true })
  writeFileSync(join(away, 'page.html'), page)
  writeFileSync(join(away, 'key.pem'), (await typed('audit', 'key')).out)
  return typedIn(away, ['audit', 'verify', 'page.html', '--pubkey', 'key.pem'])
}

/** The page made anew of other lines. */
function remade(record: ChangeRecord, lines: readonly string[]) {
  if (record.excerpt.v !== 2) throw new RangeError('a record of one chain')
  try {
    return changeRecordPage({ ...record, excerpt: { ...record.excerpt, lines } })
  } catch {
    return undefined
  }
}

test('the page of a change is verified without the store, and whichever line of it is another is found', {
  tags: 'night',
  timeout: 240_000,
}, async () => {
  const shown = await typed('show', '@latest', '--html', 'change.html')
  expect(shown).toMatchObject({ code: 0 })
  const page = readFileSync(join(dir, 'change.html'), 'utf8')
  expect(page).toContain('of the chain of the change and of the register')
  const found = await exits(0, foundIn(page))
  expect(found.out).toContain('1 checkpoint in the record')
  const record = changeRecordIn(page)
  if (record?.excerpt.v !== 2) throw new RangeError('no record of many chains')
  const { lines } = record.excerpt
  // Of the other change nothing is in it that says what it was.
  expect(page).not.toContain('leaf2')
  const unnoticed: string[] = []
  let looked = 0
  const take = async (what: string, altered: readonly string[]) => {
    looked += 1
    const made = remade(record, altered)
    if (made !== undefined && (await foundIn(made)).code === 0) unnoticed.push(what)
  }
  for (const [at, line] of lines.entries()) {
    const others = (...put: readonly string[]) => lines.toSpliced(at, 1, ...put)
    await take(`${at} left out: ${line.slice(0, 60)}`, others())
    const body = /"body":(\{.*\}),"hash":/.exec(line)?.[1]
    if (body === undefined) continue
    const hidden = line
      .replace(`"body":${body}`, `"digest":"${hash('sha256', body, 'hex')}"`)
      .replace(',"mirror":true', '')
    await take(`${at} hidden: ${line.slice(0, 60)}`, others(hidden))
    await take(`${at} altered: ${line.slice(0, 60)}`, others(line.replace(/"at":"2/, '"at":"1')))
  }
  expect(looked).toBeGreaterThan(100)
  expect(unnoticed).toEqual([])
})
