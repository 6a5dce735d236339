import { appendFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { copyOf, serverForTests, urlOf } from '../../../postgres/store-for-test.ts'
import { writeStore } from './moved-project.ts'
import { databasePlace } from './sealed-database.ts'

const servers = serverForTests()
const MISSING = expect.stringContaining('the store lacks records that it has acknowledged')

test('a database that was put back is found by a machine that remembers nothing and has the file of an anchor', async () => {
  const { dir, eosflow, address, done } = await databasePlace(servers.server)
  const forget = () => rmSync(join(dir, '.eosflow/seen'), { recursive: true, force: true })
  const send = (name: string) => eosflow('audit', 'export', '--format', 'cef', '--to', name)
  appendFileSync(join(dir, 'eosflow.yaml'), 'audit: { anchors: [{ name: worm, file: checkpoints.note }] }\n')
  expect((await send('one.cef')).code).toBe(0)
  // As it was now, the database is there once more, under another name.
  const early = await copyOf(address)
  expect((await send('two.cef')).code).toBe(0)
  forget()
  expect(await eosflow('executions')).toMatchObject({ code: 0, stderr: '' })
  forget()
  writeStore(dir, urlOf(early))
  const found = await eosflow('executions')
  expect(found.stderr).toEqual(MISSING)
  const scanned = /--scanned ([0-9a-f]{8})/.exec((await eosflow('recover', '--scan')).stdout)?.[1] ?? ''
  const accepted = await eosflow('store', 'accept-loss', '--scanned', scanned, '--reason', 'the disk broke')
  expect(accepted.stderr).not.toEqual(expect.stringContaining('error'))
  expect(accepted.code).toBe(0)
  const [, next = ''] = /Next: eosflow (.*)/.exec(accepted.stdout) ?? []
  expect(next).toBe('executions --state open')
  await done(...next.split(' '))
  forget()
  // What was anchored before somebody accepted that is accepted with it.
  expect(await eosflow('executions')).toMatchObject({ code: 0, stderr: '' })
})

test('a database that is put back twice is found twice, also while its register is shorter than it was', {
  tags: 'turn',
}, async () => {
  const { dir, eosflow, address, done } = await databasePlace(servers.server)
  const putBack = (to: typeof address) => {
    rmSync(join(dir, '.eosflow/seen'), { recursive: true, force: true })
    writeStore(dir, urlOf(to))
  }
  const send = (name: string) => done('audit', 'export', '--format', 'cef', '--to', name)
  appendFileSync(join(dir, 'eosflow.yaml'), 'audit: { anchors: [{ name: worm, file: checkpoints.note }] }\n')
  const first = await copyOf(address)
  for (const each of ['1', '2', '3', '4', '5', '6', '7', '8']) await send(`${each}.cef`)
  putBack(first)
  expect((await eosflow('executions')).stderr).toEqual(MISSING)
  const scanned = /--scanned ([0-9a-f]{8})/.exec((await eosflow('recover', '--scan')).stdout)?.[1] ?? ''
  await done('store', 'accept-loss', '--scanned', scanned, '--reason', 'the disk broke')
  const second = await copyOf(first)
  // A checkpoint says its time in seconds.
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  await send('later.cef')
  expect((await eosflow('executions')).stderr).toBe('')
  putBack(second)
  expect((await eosflow('executions')).stderr).toEqual(MISSING)
})
