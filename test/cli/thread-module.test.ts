import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { threadModule } from '../../src/cli/thread-module.ts'

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
