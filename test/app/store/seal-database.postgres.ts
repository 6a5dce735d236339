import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { asSuperuser, serverForTests } from '../../postgres/store-for-test.ts'
import { type DatabasePlace, databasePlace } from './sealed-database.ts'

const servers = serverForTests()
const SEAL = ['store', 'seal', '--keep', '0', '--reason', 'half a year is enough'] as const

const segmentsOf = ({ dir }: DatabasePlace): readonly string[] =>
  readdirSync(join(dir, '.eosflow/segments')).filter((name) => name !== 'sealing')

async function countOf({ address }: DatabasePlace, table: string): Promise<unknown> {
  return (await asSuperuser(address, `SELECT count(*) AS many FROM ${table}`))[0]?.many
}

describe('records that leave a database', () => {
  test('are read from their segment as before, and the record verifies', async () => {
    const place = await databasePlace(servers.server)
    const { eosflow } = place
    const asked = [
      ['executions', '--json'],
      ['show', 'x1', '--json'],
      ['audit', 'list', '--execution', 'x2', '--json'],
    ]
    const before = await Promise.all(asked.map((argv) => eosflow(...argv)))
    expect(before.map(({ code }) => code)).toEqual([0, 0, 0])
    expect(await countOf(place, 'event')).toBe(28)
    const sealed = await eosflow(...SEAL, '--json')
    expect(sealed.stderr).toBe('')
    const { segments } = JSON.parse(sealed.stdout)
    expect(segments).toMatchObject([{ executions: 2, records: 18, carried: 8 }])
    expect(await countOf(place, 'event')).toBe(18)
    const after = await Promise.all(asked.map((argv) => eosflow(...argv)))
    expect(after.map(({ stdout }) => stdout)).toEqual(before.map(({ stdout }) => stdout))
    const verified = JSON.parse((await eosflow('audit', 'verify', '--json')).stdout)
    expect(verified.fault).toBe(null)
    expect((await eosflow('audit', 'export', '--format', 'jsonl', '--to', 'all.jsonl')).code).toBe(0)
    expect(await eosflow('audit', 'verify', 'all.jsonl')).toMatchObject({ code: 0, stderr: '' })
    expect(await eosflow('audit', 'verify', segments[0].file)).toMatchObject({ code: 0, stderr: '' })
  })

  test('are named with their file where that is missing; everything else is verified', async () => {
    const place = await databasePlace(servers.server)
    const { dir, eosflow } = place
    expect((await eosflow(...SEAL)).code).toBe(0)
    const [file = ''] = segmentsOf(place)
    renameSync(join(dir, '.eosflow/segments', file), join(dir, 'elsewhere'))
    expect(await eosflow('show', 'x1')).toMatchObject({ code: 1, stderr: expect.stringContaining(`${file} is missing`) })
    expect(await eosflow('show', 'x3', '--json')).toMatchObject({ code: 0, stderr: '' })
    expect(await eosflow('audit', 'list')).toMatchObject({ code: 1, stderr: expect.stringContaining(`${file} is missing`) })
    expect(await eosflow('executions')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('2 more are in a segment that is not at its place'),
    })
    const verified = await eosflow('audit', 'verify', '--json')
    expect(verified.code).toBe(6)
    expect(JSON.parse(verified.stdout).fault.reason).toBe(`the segment is missing: ${file}; everything else holds`)
    renameSync(join(dir, 'elsewhere'), join(dir, '.eosflow/segments', file))
    expect((await eosflow('audit', 'verify')).code).toBe(0)
  })
})

const TAMPERED = "SET session_replication_role = replica; "

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
  'a row that has left, put in again': [
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
    /^record \d+ of the register is missing/,
  ],
  'the newest record of an execution that has left, altered with what is kept of it': [
    `UPDATE execution SET n = 8 WHERE id = 'x1'`,
    /^execution x1 has not as many records as the segment/,
  ],
}

describe('what was done to a database whose records have left', () => {
  test('is found by name, also without the segment', async () => {
    const place = await databasePlace(servers.server)
    const { dir, eosflow, address } = place
    expect((await eosflow(...SEAL)).code).toBe(0)
    const [file = ''] = segmentsOf(place)
    const segment = join(dir, '.eosflow/segments', file)
    const fault = async (): Promise<string | undefined> =>
      JSON.parse((await eosflow('audit', 'verify', '--json')).stdout).fault?.reason
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
      await asSuperuser(address, `${TAMPERED}DELETE FROM event; INSERT INTO event(pos, execution, n, covers, prev, hash, body) SELECT * FROM was_event;
        DELETE FROM execution; INSERT INTO execution SELECT * FROM was_execution;
        INSERT INTO register(n, pos, mirror, execution, covers, prev, hash, body) SELECT * FROM was_register w WHERE NOT EXISTS (SELECT 1 FROM register r WHERE r.n = w.n)`)
    }
    const bytes = readFileSync(segment)
    writeFileSync(segment, Buffer.from(bytes.toString().replace('öffnen', 'offen!!')))
    expect(await fault()).toBe(`the segment ${file} was altered: it is not the one that is on record`)
    writeFileSync(segment, bytes)
    expect(await fault()).toBe(undefined)
  })
})
