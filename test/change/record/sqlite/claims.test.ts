import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { fileClaims } from '../../../../src/change/record/sqlite/claims.ts'
import { temporaryFolder } from '../../../lab/folder.ts'

const ID = '20260105-080000-01234567'

test('a claim holds until it is released, and leaves nothing behind', async () => {
  const dir = temporaryFolder()
  const claims = fileClaims(dir)
  expect(await claims.isClaimed(ID)).toBe(false)
  const claim = await claims.claim(ID)
  expect(await fileClaims(dir).isClaimed(ID)).toBe(true)
  expect(await claims.isClaimed('20260105-080000-76543210')).toBe(false)
  await claim.release()
  await claim.release()
  expect(await fileClaims(dir).isClaimed(ID)).toBe(false)
  expect(readdirSync(dir)).toEqual([])
})

test('of two the first one holds; the second takes over when it renews after the first is gone', async () => {
  const claims = fileClaims(temporaryFolder())
  const first = await claims.claim(ID)
  const second = await claims.claim(ID)
  await first.release()
  expect(await claims.isClaimed(ID)).toBe(false)
  await second.renew()
  expect(await claims.isClaimed(ID)).toBe(true)
  await second.release()
  expect(await claims.isClaimed(ID)).toBe(false)
})

test('a claim ends with its process, however that ends', async () => {
  const dir = temporaryFolder()
  const database = createRequire(import.meta.url).resolve('better-sqlite3')
  const script = `
    const held = new (require(${JSON.stringify(database)}))(${JSON.stringify(join(dir, `running-${ID}`))})
    held.exec('BEGIN IMMEDIATE')
    console.log('held')
    setInterval(() => held, 1000)`
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  await once(child.stdout, 'data')
  expect(await fileClaims(dir).isClaimed(ID)).toBe(true)
  child.kill('SIGKILL')
  await once(child, 'close')
  expect(await fileClaims(dir).isClaimed(ID)).toBe(false)
})

test('a folder that cannot be written claims nothing and stops nobody', async () => {
  const claims = fileClaims('/dev/null/nowhere')
  const claim = await claims.claim(ID)
  expect(await claims.isClaimed(ID)).toBe(false)
  await claim.release()
})
