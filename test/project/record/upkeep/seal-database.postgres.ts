import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { ArtefactRef, EventBody } from '../../../../src/change/record/event/event.ts'
import { openPostgresStore } from '../../../../src/change/record/postgres/open-postgres-store.ts'
import { MissingSegmentError } from '../../../../src/change/record/seal/chain.ts'
import type { SealStep } from '../../../../src/project/record/upkeep/seal.ts'
import { segmentFiles } from '../../../../src/project/system/machine/key-files.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { ALICE } from '../../../change/record/one-of-each-event.ts'
import { thrownBy } from '../../../change/record/sqlite/open-for-test.ts'
import { everyNthOfLong } from '../../../extent.ts'
import { startProcess } from '../../../lab/process.ts'
import { asSuperuser, serverForTests } from '../../../postgres/store-for-test.ts'
import { databasePlace } from './sealed-database.ts'

const servers = serverForTests()
const SEAL = ['store', 'seal', '--keep', '0', '--reason', 'half a year is enough'] as const

describe('records that leave a database', { tags: 'turn' }, () => {
  test('are read from their segment as before, and the record verifies', async () => {
    const place = await databasePlace(servers.server)
    const { eosflow, done, json } = place
    const asked = [
      ['executions', '--json'],
      ['show', 'x1', '--json'],
      ['audit', 'list', '--execution', 'x2', '--json'],
    ]
    const before = await Promise.all(asked.map((argv) => eosflow(...argv)))
    expect(before.map(({ code }) => code)).toEqual([0, 0, 0])
    expect(await place.count('event')).toBe(28)
    const sealed = await eosflow(...SEAL, '--json')
    expect(sealed.stderr).toBe('')
    const { segments } = JSON.parse(sealed.stdout)
    expect(segments).toMatchObject([{ executions: 2, records: 18, carried: 8 }])
    expect(await place.count('event')).toBe(18)
    const after = await Promise.all(asked.map((argv) => eosflow(...argv)))
    expect(after.map(({ stdout }) => stdout)).toEqual(before.map(({ stdout }) => stdout))
    const verified = await json('audit', 'verify')
    expect(verified.fault).toBe(null)
    await done('audit', 'export', '--format', 'jsonl', '--to', 'all.jsonl')
    expect(await eosflow('audit', 'verify', 'all.jsonl')).toMatchObject({ code: 0, stderr: '' })
    expect(await eosflow('audit', 'verify', segments[0].file)).toMatchObject({ code: 0, stderr: '' })
  })

  test('are named with their file where that is missing; everything else is verified', async () => {
    const place = await databasePlace(servers.server)
    const { dir, eosflow, done } = place
    await done(...SEAL)
    const [file = ''] = place.segments()
    renameSync(join(dir, '.eosflow/segments', file), join(dir, 'elsewhere'))
    expect(await eosflow('show', 'x1')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`${file} is missing`),
    })
    expect(await eosflow('show', 'x3', '--json')).toMatchObject({ code: 0, stderr: '' })
    expect(await eosflow('audit', 'list')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`${file} is missing`),
    })
    expect(await eosflow('executions')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('2 more are in a segment that is not at its place'),
    })
    const verified = await eosflow('audit', 'verify', '--json')
    expect(verified.code).toBe(6)
    expect(JSON.parse(verified.stdout).fault.reason).toBe(`the segment is missing: ${file}; everything else holds`)
    renameSync(join(dir, 'elsewhere'), join(dir, '.eosflow/segments', file))
    await done('audit', 'verify')
  })
})

const TAMPERED = 'SET session_replication_role = replica; '

/** What somebody does who owns the database and has no key: what is said of it, with the segment at hand and without it. */
const TAMPERINGS: Readonly<Record<string, readonly [change: string, says: RegExp]>> = {
  'rows deleted that were not retired': [
    `DELETE FROM event WHERE execution = 'x3' AND n BETWEEN 2 AND 8`,
    /^record 2 of execution x3 is missing$/,
  ],
  'rows deleted, and their execution said to be retired': [
    `DELETE FROM event WHERE execution = 'x3' AND leaves(n, 9, type, plan); UPDATE execution SET retired = 9 WHERE id = 'x3'`,
    /^record 2 of execution x3 is missing$/,
  ],
  'a row that has left, put in again as it was': [
    `INSERT INTO event(pos, execution, n, covers, prev, hash, body) SELECT * FROM once WHERE execution = 'x1' AND n = 2`,
    /^record 2 of execution x1 is in the store again: it has left with the segment executions-1-\S+\.jsonl$/,
  ],
  'a row that has left, put in again as another one': [
    `INSERT INTO event(pos, execution, n, covers, prev, hash, body) SELECT 2, 'x1', 2, '{}', hash, sha256('x'), replace(body, '"seq":1', '"seq":2') FROM event WHERE execution = 'x1' AND n = 1`,
    /^record 2 of execution x1 was altered$/,
  ],
  'a row that stays, deleted': [
    `DELETE FROM event WHERE execution = 'x1' AND n = 4`,
    /^1 of the 8 records that the segment executions-1-\S+\.jsonl has left here are missing$/,
  ],
  'a row that stays, altered': [
    `UPDATE event SET body = replace(body, '"nonce":"x1"', '"nonce":"x9"') WHERE execution = 'x1' AND n = 4`,
    /^record 4 of execution x1 was altered$/,
  ],
  'an execution that has left, said to be here': [
    `UPDATE execution SET retired = NULL WHERE id = 'x1'`,
    /^the register says something else of whether the records of execution x1 are here$/,
  ],
  'the record that executions have left, deleted': [
    `DELETE FROM register WHERE type = 'SegmentRetired'`,
    /^record 2 of execution x1 is missing$/,
  ],
  'the newest record of an execution that has left, altered with what is kept of it': [
    `UPDATE execution SET n = 8 WHERE id = 'x1'`,
    /^execution x1 has not as many records as the segment/,
  ],
}

test('what ended later, and what a sink was not sent yet, stays; a file of another store is named', {
  tags: 'turn',
}, async () => {
  const place = await databasePlace(servers.server)
  const { dir, eosflow, done, json } = place
  const early = await eosflow('store', 'seal', '--before', '2020-01-01', '--reason', 'old')
  expect(early).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing was sealed') })
  appendFileSync(join(dir, 'eosflow.yaml'), 'audit: { sinks: [{ name: archive, format: cef, file: archive.cef }] }\n')
  writeFileSync(join(dir, '.eosflow/segments/executions-1-2-0123456789abcdef.jsonl'), '')
  expect(await json(...SEAL)).toMatchObject({
    segments: [],
    strange: ['executions-1-2-0123456789abcdef.jsonl'],
  })
  await done('audit', 'export', '--to', 'archive')
  expect(await json(...SEAL)).toMatchObject({ segments: [{ executions: 2 }] })
})

describe('what was done to a database whose records have left', () => {
  test('is found by name, also without the segment', { tags: 'turn' }, async () => {
    const place = await databasePlace(servers.server)
    const { dir, address, done, json } = place
    await asSuperuser(address, 'CREATE TABLE once AS SELECT pos, execution, n, covers, prev, hash, body FROM event')
    await done(...SEAL)
    const [file = ''] = place.segments()
    const segment = join(dir, '.eosflow/segments', file)
    const fault = async () => (await json('audit', 'verify')).fault?.reason
    await asSuperuser(
      address,
      'CREATE TABLE was_event AS SELECT pos, execution, n, covers, prev, hash, body FROM event',
      'CREATE TABLE was_execution AS SELECT * FROM execution',
      'CREATE TABLE was_register AS SELECT n, pos, mirror, execution, covers, prev, hash, body FROM register',
    )
    for (const [what, [change, says]] of Object.entries(TAMPERINGS)) {
      await asSuperuser(address, `${TAMPERED}${change}`)
      expect(await fault(), what).toMatch(says)
      renameSync(segment, join(dir, 'elsewhere'))
      expect(await fault(), `${what}, without the segment`).toMatch(says)
      renameSync(join(dir, 'elsewhere'), segment)
      await asSuperuser(
        address,
        `${TAMPERED}DELETE FROM event; INSERT INTO event(pos, execution, n, covers, prev, hash, body) SELECT * FROM was_event;
        DELETE FROM execution; INSERT INTO execution SELECT * FROM was_execution;
        INSERT INTO register(n, pos, mirror, execution, covers, prev, hash, body) SELECT * FROM was_register w WHERE NOT EXISTS (SELECT 1 FROM register r WHERE r.n = w.n)`,
      )
    }
    const bytes = readFileSync(segment)
    writeFileSync(segment, Buffer.from(bytes.toString().replace('öffnen', 'offen!!')))
    expect(await fault()).toBe(`the segment ${file} was altered: it is not the one that is on record`)
    writeFileSync(segment, bytes)
    expect(await fault()).toBe(undefined)
  })
})

const KILLED = fileURLToPath(new URL('./killed-seal.ts', import.meta.url))
/** As it is found from here: the process runs in the folder of a project. */
const TSX = import.meta.resolve('tsx')

/** What there is behind each step: rows of executions, segments, texts (three plans, and what all of the switches show). */
const STEPS: readonly (readonly [SealStep, rows: number, segments: number, texts: number])[] = [
  ['chosen', 28, 0, 4],
  ['written', 28, 0, 4],
  ['verified', 28, 0, 4],
  ['named', 28, 1, 4],
  ['recorded', 18, 1, 4],
  ['cleared', 18, 1, 2],
]

test.each(everyNthOfLong(6, 'steps behind which a sealing is killed', STEPS))(
  '[G84] a sealing that is killed behind "%s" has lost nothing, and the next one goes on',
  async (step, rows, segments, texts) => {
    const place = await databasePlace(servers.server)
    const { dir, eosflow, address, json } = place
    const shown = (await eosflow('show', 'x1', '--json')).stdout
    await asSuperuser(address, "UPDATE blob SET put = now() - interval '2 days'")
    const ended = await startProcess(dir, [process.execPath, '--import', TSX, KILLED, step]).ended
    expect(ended).toMatchObject({ signal: 'SIGKILL' })
    const there = async () => [
      await place.count('event'),
      place.segments().filter((name) => !name.startsWith('.')).length,
      await place.count('blob'),
    ]
    expect(await there()).toEqual([rows, segments, texts])
    expect((await eosflow('show', 'x1', '--json')).stdout).toBe(shown)
    expect(await eosflow('audit', 'verify')).toMatchObject({ code: 0 })
    const next = await json(...SEAL)
    expect(next.strange).toEqual([])
    expect(await there()).toEqual([18, 1, 2])
    expect(place.segments()).toHaveLength(1)
    expect((await eosflow('show', 'x1', '--json')).stdout).toBe(shown)
    expect(await eosflow('audit', 'verify')).toMatchObject({ code: 0 })
  },
)

describe('a store that records have left', { tags: 'turn' }, () => {
  test('gives the texts of their executions from the segment, and keeps those that others name', async () => {
    const place = await databasePlace(servers.server)
    const { dir, address, done } = place
    await asSuperuser(address, "UPDATE blob SET put = now() - interval '2 days'")
    const [plan, other] = await asSuperuser(
      address,
      "SELECT execution, body::json ->> 'plan' AS ref FROM event WHERE type = 'PlanMade' ORDER BY execution",
    )
    // Somebody puts the plan of x2 anew, and has not written yet what it is for.
    const writer = await place.open()
    expect(await writer.put('the plan of x2')).toBe(other?.ref)
    await done(...SEAL)
    const kept = await asSuperuser(address, 'SELECT ref FROM blob')
    expect(kept).toHaveLength(3)
    expect(kept.map(({ ref }) => ref)).toContain(other?.ref)
    const ref = plan?.ref as ArtefactRef
    expect(await thrownBy(() => writer.get(ref))).toBeInstanceOf(MissingSegmentError)
    const reader = await place.open(segmentFiles(join(dir, '.eosflow')))
    expect(await reader.get(ref)).toBe('the plan of x1')
    expect(await reader.get(other?.ref as ArtefactRef)).toBe('the plan of x2')
  })

  test('lets nobody go on with them, and nobody else take rows away', async () => {
    const place = await databasePlace(servers.server)
    const { dir, eosflow, address, done } = place
    const tables = await asSuperuser(
      address,
      "SELECT encode(hash, 'hex') AS hash FROM event WHERE execution = 'x1' AND n = 5",
    )
    await done(...SEAL)
    const hash = String(tables[0]?.hash)
    // Another machine remembers a record that has left since: it is not missing.
    const remembered = { chain: 'x1', n: 5, hash, pos: 6, restored: '' }
    const { store: other } = await openPostgresStore({
      address,
      installKey: readFileSync(join(dir, '.eosflow/install.key'), 'utf8').trim(),
      clock: systemClock,
      memory: () => ({ read: () => [remembered], remember: () => {}, settle: () => {}, close: () => {} }),
    })
    onTestFinished(() => other.close())
    expect(other.missing).toEqual([])
    const reader = await place.open(segmentFiles(join(dir, '.eosflow')))
    expect(await reader.read('x1')).toHaveLength(9)
    const redrive = () => reader.as(ALICE).append('x1', [{ type: 'ExecutionRedriven' } as EventBody])
    expect(await thrownBy(redrive)).toMatchObject({ kind: 'refused' })
    const unaware = await place.open()
    const word = () => unaware.as(ALICE).append('x1', [{ type: 'StateEntered', path: '', state: 'again' }])
    expect(await thrownBy(word)).toBeInstanceOf(Error)
    // Its record is what takes rows out, and of these executions alone.
    const [said] = await asSuperuser(
      address,
      "SELECT body::jsonb - 'seq' - 'v' - 'at' - 'actor' AS event FROM register WHERE type = 'SegmentRetired'",
    )
    const event = said?.event as EventBody & { readonly type: 'SegmentRetired' }
    for (const executions of [event.executions, { x4: 1 }, { x3: 8 }, { x9: 1 }, { x3: 9 }])
      expect(
        await thrownBy(() => unaware.as(ALICE).append(undefined, [{ ...event, executions }])),
        JSON.stringify(executions),
      ).toMatchObject({
        message: expect.stringContaining('may not leave the store'),
      })
    for (const change of [
      "DELETE FROM event WHERE execution = 'x3' AND n = 2",
      "DELETE FROM event WHERE execution = 'x1' AND n = 4",
      'DELETE FROM blob',
      "UPDATE blob SET bytes = 'x'",
    ])
      expect(await thrownBy(() => asSuperuser(address, `SET ROLE eos_owner; ${change}`))).toMatchObject({
        message: expect.stringContaining('append-only'),
      })
    expect(
      await thrownBy(() =>
        asSuperuser(address, `SET ROLE eos_worker; DELETE FROM event WHERE execution = 'x1' AND n = 4`),
      ),
    ).toMatchObject({
      message: expect.stringContaining('may not do that'),
    })
    expect(await place.count('event')).toBe(18)
    expect(await eosflow('audit', 'verify')).toMatchObject({ code: 0 })
  })
})
