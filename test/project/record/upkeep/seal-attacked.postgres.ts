import { hash as digestOf } from 'node:crypto'
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkpointSigner, headsOf } from '../../../../src/change/record/audit/chains-checkpoint.ts'
import { segmentSealLine } from '../../../../src/change/record/audit/jsonl-chains.ts'
import { Session } from '../../../../src/change/record/postgres/database.ts'
import type { PostgresAddress } from '../../../../src/change/record/postgres/server-config.ts'
import { signingKeyOf } from '../../../../src/model/ed25519.ts'
import { inProcess, temporaryFolder } from '../../../lab/lab.ts'
import { asSuperuser, serverForTests } from '../../../postgres/store-for-test.ts'
import { databasePlace } from './sealed-database.ts'

const servers = serverForTests()
const SEAL = ['store', 'seal', '--keep', '0', '--reason', 'half a year is enough'] as const

test('no record leaves with a text that is gone: a verification would not find that any more', async () => {
  const { eosflow, address, segments, refused } = await databasePlace(servers.server)
  await asSuperuser(
    address,
    `SET session_replication_role = replica; DELETE FROM blob WHERE ref IN (SELECT body::json ->> 'snapshot' FROM event WHERE type = 'SnapshotTaken' AND execution = 'x1')
      OR ref IN (SELECT body::json ->> 'plan' FROM event WHERE type = 'PlanMade' AND execution = 'x2')`,
  )
  await refused(4, /the text blob:[0-9a-f]{64} that it names is missing: no record has left the store/, ...SEAL)
  expect(segments()).toEqual([])
  expect((await eosflow('audit', 'verify')).code).toBe(6)
})

/** A segment of x1 and x2, as lines; `judged` gives what is said of other lines in its place. */
async function cutSegment(isOfAnother = false) {
  const { dir, eosflow, segments, done } = await databasePlace(servers.server, isOfAnother)
  await done(...SEAL)
  const path = join(dir, '.eosflow/segments', segments()[0] ?? '')
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  const judged = async (...altered: readonly string[]) => {
    writeFileSync(path, `${altered.join('\n')}\n`)
    const { code, stdout } = await eosflow('audit', 'verify', path, '--json')
    return { code, reason: JSON.parse(stdout).fault?.reason ?? null }
  }
  return { lines, judged }
}

test('a segment that texts or a whole execution were taken out of does not verify by itself', async () => {
  const { lines, judged } = await cutSegment()
  expect(await judged(...lines)).toEqual({ code: 0, reason: null })
  expect(await judged(...lines.filter((line) => !line.startsWith('{"text":')))).toMatchObject({
    code: 6,
    reason: expect.stringMatching(/the text blob:[0-9a-f]{64} that it names is missing/),
  })
  const without = lines.filter((line) => !line.startsWith('{"chain":"x1"'))
  expect(without).toHaveLength(lines.length - 9)
  const taken = 'execution x1 was taken out of the segment: it was sealed with 9 records'
  expect(await judged(...without)).toMatchObject({ code: 6, reason: taken })
  // Its head is taken out of what the seal and the checkpoint name as well.
  const forgotten = without.map((line) =>
    line.startsWith('{"segment"') || line.startsWith('{"checkpoint"')
      ? line.replace(/\["x1",9,[^\]]*\]\],?/, '')
      : line,
  )
  expect(forgotten.join()).not.toContain('"x1"')
  const signed = 'the executions that the seal of the segment names are not those that were signed'
  expect(await judged(...forgotten)).toMatchObject({ code: 6, reason: signed })
  const unsealed = lines.filter((line) => !line.startsWith('{"segment"'))
  expect(unsealed).toHaveLength(lines.length - 1)
  const off = 'the seal of the segment is missing: something was taken off its end'
  expect(await judged(...unsealed)).toMatchObject({ code: 6, reason: off })
})

test('a segment that has only digests of records does not verify by itself', async () => {
  const { lines, judged } = await cutSegment()
  const digests = lines.map((line) => {
    const [, place, body = '', hash] =
      /^(\{"chain":"x1",.*?),"body":(\{.*\}),"hash":"([0-9a-f]{64})"\}$/.exec(line) ?? []
    return place === undefined ? line : `${place},"digest":"${digestOf('sha256', body, 'hex')}","hash":"${hash}"}`
  })
  expect(await judged(...digests)).toMatchObject({
    code: 6,
    reason: 'record 1 of execution x1 is not there, only its digest',
  })
})

test('a segment with the seal of somebody else, or of another segment, does not verify by itself', {
  tags: 'turn',
}, async () => {
  const { lines, judged } = await cutSegment()
  const other = await cutSegment(true)
  const last = lines.length - 1
  expect(await judged(...lines.slice(0, last), other.lines.at(-1) ?? '')).toMatchObject({
    code: 6,
    reason: 'the executions that the seal of the segment names are not those that were signed',
  })
  const { heads } = JSON.parse(lines[last] ?? '') as { heads: [string, number, string, number[]][] }
  const own = heads.map(([chain, n, hash, positions]) => ({ chain, n, hash: Buffer.from(hash, 'hex'), positions }))
  const { origin } = JSON.parse(lines[0] ?? '') as { origin: string }
  const thief = checkpointSigner(signingKeyOf(Buffer.alloc(32, 7)))
  const { note } = thief.signSegment({ origin, executions: headsOf(own), seq: 40 }, '2026-01-05T08:00:00.000Z')
  expect(await judged(...lines.slice(0, last), segmentSealLine(note, own).trimEnd())).toMatchObject({
    code: 6,
    reason: 'the seal of the segment is not to be trusted: it is signed with another key',
  })
})

test('of two machines that seal at once one has the segment, and the other one no file that is taken for it', {
  tags: 'turn',
}, async () => {
  const { dir, eosflow } = await databasePlace(servers.server)
  const other = temporaryFolder()
  cpSync(dir, other, { recursive: true })
  rmSync(join(other, '.eosflow/seen'), { recursive: true, force: true })
  const ends = await Promise.all([eosflow(...SEAL), inProcess(SEAL, other)])
  expect(ends.map(({ code }) => code).includes(0)).toBe(true)
  const segmentsIn = (at: string) =>
    readdirSync(join(at, '.eosflow/segments')).filter((name) => name.includes('executions-'))
  const [has, lacks] = segmentsIn(dir).length === 1 ? [dir, other] : [other, dir]
  expect(segmentsIn(has)).toHaveLength(1)
  expect(segmentsIn(lacks)).toEqual([])
  expect((await inProcess('audit verify', has)).code).toBe(0)
  expect((await inProcess('audit verify', lacks)).stdout).toContain('the segment is missing')
})

test('a sealing that meets a writer says so, and the next one leaves one file', { tags: 'night' }, async () => {
  const { eosflow, address, segments, done, refused } = await databasePlace(servers.server)
  const writer = new Session(address, { name: 'test' })
  await writer.open()
  try {
    await writer.send('SET idle_in_transaction_session_timeout = 0')
    await writer.send('BEGIN')
    await writer.send("SELECT 1 FROM eosflow.execution WHERE id = 'x1' FOR NO KEY UPDATE")
    await refused(1, 'somebody else writes to the same records at this moment', ...SEAL)
  } finally {
    await writer.close()
  }
  expect(await eosflow(...SEAL)).toMatchObject({ code: 0, stderr: '' })
  expect(segments()).toHaveLength(1)
  await done('audit', 'verify')
})

/** The register says that the records of x1 have left; nothing about it is sealed. */
async function forgedRetirement(address: PostgresAddress) {
  const [head] = await asSuperuser(address, "SELECT n, encode(hash, 'hex') AS hash FROM register_head")
  const n = Number(head?.n) + 1
  const at = '2026-01-05T08:00:00.000Z'
  const body = JSON.stringify({ type: 'SegmentRetired', executions: { x1: 9 }, seq: n, v: 1, at })
  const forged = '00'.repeat(32)
  const rows = [{ n, covers: [], prev: head?.hash, hash: forged, body }]
  const register = { base: head, rows, head: { n, hash: forged, seal: forged } }
  return `SELECT append_group((SELECT key_check FROM eosflow.store), 'other', ${"'{}', ".repeat(19)}NULL, true, '${JSON.stringify([{ register }])}'::jsonb)`
}

const left = async (address: PostgresAddress) =>
  (await asSuperuser(address, "SELECT count(*) AS many FROM event WHERE execution = 'x1'"))[0]?.many

test('a worker of the database takes no records out, and no texts', { tags: 'turn' }, async () => {
  const { dir, address, segments, done, refused } = await databasePlace(servers.server)
  await asSuperuser(address, 'DROP ROLE IF EXISTS robot; CREATE ROLE robot LOGIN IN ROLE eos_worker')
  const append = await forgedRetirement(address)
  const worker = new Session({ ...address, user: 'robot' }, { name: 'test' })
  await worker.open()
  try {
    await worker.send('SET search_path = eosflow')
    await worker.send(
      "SELECT worker_begin((SELECT key_check FROM store), 'other', NULL, 'client', '{}', '0', 100000, sha256(''))",
    )
    await expect(worker.send(append)).rejects.toThrow('robot may not take records out of the store')
    await expect(worker.send("SELECT retire_texts('{}')")).rejects.toThrow(
      'permission denied for function retire_texts',
    )
    await worker.send("SELECT worker_end('other')")
  } finally {
    await worker.close()
  }
  expect(await left(address)).toBe(9)
  const settings = join(dir, 'eosflow.yaml')
  const owned = readFileSync(settings, 'utf8')
  writeFileSync(settings, owned.replace('postgres://postgres@', 'postgres://robot@'))
  await refused(
    1,
    /the user robot of the database may not take records out of the store[\s\S]*Seal as the user of eosflow store init: a worker may not/,
    ...SEAL,
  )
  expect(segments()).toEqual([])
  writeFileSync(settings, owned)
  await done('audit', 'verify')
  await done(...SEAL)
})

test('rows that the owner of the database takes out, who has no install key, are found to be gone', {
  tags: 'turn',
}, async () => {
  const { eosflow, address } = await databasePlace(servers.server)
  const append = await forgedRetirement(address)
  await asSuperuser(
    address,
    `SELECT worker_begin((SELECT key_check FROM store), 'other', NULL, 'client', '{}', '0', 100000, sha256('')); ${append}`,
  )
  expect(await left(address)).toBe(4)
  expect(await eosflow('audit', 'verify')).toMatchObject({
    code: 6,
    stdout: expect.stringMatching(/record \d+ of the register was altered/),
  })
  expect((await eosflow('show', 'x1')).code).not.toBe(0)
  expect((await eosflow(...SEAL)).code).not.toBe(0)
})
