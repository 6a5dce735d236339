import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { copyOf, serverForTests, urlOf } from '../../../postgres/store-for-test.ts'
import { writeStore } from './moved-project.ts'
import { databasePlace } from './sealed-database.ts'

const servers = serverForTests()
const LACKS =
  /^✖ The chain of postgres:.* does not hold: the store lacks records that it has acknowledged, up to position \d+ \(record \d+ of the register\)\.$/m

test('[W9] the verification of a database that lacks acknowledged records fails, on every machine, until somebody accepts the loss', async () => {
  const { dir, eosflow, address } = await databasePlace(servers.server)
  const send = (name: string) => eosflow('audit', 'export', '--format', 'cef', '--to', name)
  const verify = () => eosflow('audit', 'verify')
  expect((await send('one.cef')).code).toBe(0)
  expect((await verify()).code).toBe(0)
  // As it was now, the database is there once more, under another name.
  const early = await copyOf(address)
  expect((await send('two.cef')).code).toBe(0)
  writeStore(dir, urlOf(early))

  const found = await verify()
  expect([found.code, found.stdout]).toEqual([6, expect.stringMatching(LACKS)])
  const { outcome, exitCode } = JSON.parse((await eosflow('audit', 'verify', '--json')).stdout)
  expect([outcome, exitCode]).toEqual(['tampered', 6])
  // Whoever opens the store puts it on record, and a machine that remembers nothing hears it of that.
  expect((await eosflow('executions')).code).toBe(0)
  rmSync(join(dir, '.eosflow/seen'), { recursive: true, force: true })
  expect([(await verify()).code, (await eosflow('executions')).code]).toEqual([6, 0])

  const scanned = /--scanned ([0-9a-f]{8})/.exec((await eosflow('recover', '--scan')).stdout)?.[1] ?? ''
  expect((await eosflow('store', 'accept-loss', '--scanned', scanned, '--reason', 'the disk broke')).code).toBe(0)
  const accepted = await verify()
  expect(accepted.code, accepted.stdout).toBe(0)
})
