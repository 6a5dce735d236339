import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { getPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Script } from 'node:vm'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { threadModule } from '../../src/cli/thread-module.ts'
import type { VerifyAnswer } from '../../src/server/verify-thread.ts'

const DIST = new URL('../../dist/cli/', import.meta.url)

test('a thread is started with a built module, which the bundle finds where the modules do', async () => {
  const built = (await import(new URL('thread-module.js', DIST).href)) as { threadModule: typeof threadModule }
  expect(built.threadModule('test')?.href).toBe(new URL('workflow-test/thread-main.js', DIST).href)
  expect(built.threadModule('rehearse')?.href).toBe(new URL('rehearsal/thread-main.js', DIST).href)
  expect(existsSync(new URL('program.cjs', DIST))).toBe(true)
})

test('and with none from the source, which Node does not take', () => {
  expect([threadModule('test'), threadModule('rehearse')]).toEqual([undefined, undefined])
})

test('the threads that a server has are one file each, with code that V8 takes', () => {
  const taken = ['program', 'front', 'verify'].map((name) => {
    const file = new URL(`${name}.cjs`, DIST)
    const cachedData = readFileSync(`${file.pathname}.code`)
    return new Script(readFileSync(file, 'latin1'), { filename: file.pathname, cachedData }).cachedDataRejected
  })
  expect(taken).toEqual([false, false, false])
})

test('the thread that verifies runs from its bundle, and leaves the priority of the others as it is', async () => {
  const before = getPriority()
  const cwd = mkdtempSync(join(tmpdir(), 'eosflow-verify-'))
  const worker = new Worker(new URL('serve/verify-main.js', DIST), { workerData: { cwd, place: {} } })
  const [answer] = (await once(worker, 'message')) as [VerifyAnswer]
  // There is no project.
  expect(answer).toMatchObject({ kind: 'failed', fault: { kind: 'input' } })
  await once(worker, 'exit')
  expect(getPriority()).toBe(before)
})
