import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openProjectStore } from '../../../../src/project/app/store/project-store.ts'
import { openProject } from '../../../../src/project/files/project.ts'
import { requireSound } from '../../../../src/project/record/upkeep/seal.ts'
import { hostIn } from '../../../lab/opened-app.ts'
import { asSuperuser, serverForTests } from '../../../postgres/store-for-test.ts'
import { databasePlace } from './sealed-database.ts'

const servers = serverForTests()
const SEAL = ['store', 'seal', '--keep', '0', '--reason', 'half a year is enough'] as const
const ROTATE = ['key', 'rotate', 'install', '--reason', 'a laptop was lost'] as const

/** What somebody does who owns the database and has no key, to records that do not leave with this sealing. */
const BROKEN: Readonly<Record<string, readonly [change: string, says: RegExp]>> = {
  'a record of an execution that stays': [
    `UPDATE event SET body = replace(body, '"nonce":"x3"', '"nonce":"x9"') WHERE execution = 'x3' AND n = 4`,
    /record 4 of execution x3 was altered: no record has left the store/,
  ],
  'a record of the register': [
    `UPDATE register SET body = replace(body, 'x1', 'x9') WHERE type = 'ApprovalDecided' AND pos = (SELECT min(pos) FROM register WHERE type = 'ApprovalDecided')`,
    /record \d+ of the register was altered: no record has left the store/,
  ],
  'what is kept beside the chains': [
    `DELETE FROM used WHERE key = (SELECT min(key) FROM used)`,
    /that it used up ".+" is not kept: no record has left the store/,
  ],
  'a checkpoint': [`DELETE FROM checkpoint WHERE id = 1`, /checkpoint 1 is missing: no record has left the store/],
}

test.each(Object.entries(BROKEN))(
  'no record leaves while %s is broken',
  { tags: 'turn' },
  async (_, [change, says]) => {
    const place = await databasePlace(servers.server)
    await asSuperuser(place.address, `SET session_replication_role = replica; ${change}`)
    await place.refused(4, says, ...SEAL)
    expect(place.segments()).toEqual([])
    expect(await place.count('event')).toBe(28)
  },
)

/** The store under another key, and the old one taken away. */
async function withoutOldKey() {
  const place = await databasePlace(servers.server)
  const file = (name: string) => join(place.dir, '.eosflow', name)
  writeFileSync(file('install.next.key'), `${'6'.repeat(64)}\n`, { mode: 0o600 })
  const rotated = await place.eosflow(...ROTATE, '--json')
  expect(rotated).toMatchObject({ code: 0 })
  const old = readFileSync(file('install.old.keys'))
  rmSync(file('install.old.keys'))
  const giveBack = () => writeFileSync(file('install.old.keys'), old, { mode: 0o600 })
  return { ...place, from: (JSON.parse(rotated.stdout) as { from: string }).from, giveBack }
}

test('without an old key nothing leaves that could not be judged, and with it everything does', {
  tags: 'turn',
}, async () => {
  const place = await withoutOldKey()
  const { eosflow, from } = place
  expect(await eosflow(...SEAL)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(
      `4 texts of x1, x2, x3 may be of the install key ${from}, which the store was under before and which is not here: no record has left the store`,
    ),
  })
  expect([await place.count('event'), place.segments()]).toEqual([28, []])
  place.giveBack()
  expect(await eosflow(...SEAL)).toMatchObject({ code: 0, stderr: '' })
  expect(await place.count('event')).toBe(18)
  const intact = { code: 0, stdout: expect.not.stringContaining('not here') }
  expect(await eosflow('audit', 'verify')).toMatchObject(intact)
})

test('without an old key a verification judges the texts of the others, and names the executions of the rest', {
  tags: 'turn',
}, async () => {
  const place = await withoutOldKey()
  const { eosflow, from, address, json } = place
  const ref = await (await place.open()).put('made behind the rotation')
  const verified = await eosflow('audit', 'verify', '--json')
  expect(verified.code).toBe(0)
  expect(JSON.parse(verified.stdout)).toMatchObject({
    fault: null,
    lackingKeys: [from],
    unreadTexts: { texts: 4, executions: ['x1', 'x2', 'x3'] },
  })
  const said = (await eosflow('audit', 'verify')).stdout
  expect(said).toContain(`! the install key ${from}, which the store was under before, is not here`)
  expect(said).toContain('! 4 texts of x1, x2, x3 were not judged: no key here opens them')
  // Whether it was altered nobody can tell then: no key here opens it.
  await asSuperuser(
    address,
    `SET session_replication_role = replica; UPDATE blob SET ref = 'blob:${'0'.repeat(64)}' WHERE ref = '${ref}'`,
  )
  expect(await json('audit', 'verify')).toMatchObject({ unreadTexts: { texts: 5 } })
})

test('a store whose key is replaced between its opening and its verification is not called altered', {
  tags: 'turn',
}, async () => {
  const { dir, eosflow } = await databasePlace(servers.server)
  writeFileSync(join(dir, '.eosflow/install.next.key'), `${'6'.repeat(64)}\n`, { mode: 0o600 })
  const host = hostIn(dir)
  const project = openProject(host, {})
  const { database } = project
  if (database === undefined) throw new Error('this store is in a file')
  const opened = await openProjectStore(project, host)
  try {
    expect(await eosflow(...ROTATE)).toMatchObject({ code: 0 })
    await requireSound({ ...project, database }, { ...host, ...opened })
  } finally {
    await opened.store.close()
  }
})
