import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { getPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { evaluate, keptCode, loadProgram } from '../../../src/doors/cli/load-program.ts'
import type { threadModule } from '../../../src/doors/cli/thread/thread-module.ts'
import type { VerifyAnswer } from '../../../src/doors/http/rehearse-thread.ts'
import { everyNth } from '../../extent.ts'
import { temporaryFolder } from '../../lab/folder.ts'

const DIST = new URL('../../../dist/doors/cli/', import.meta.url)

test('a thread is started with a built module, which the bundle finds where the modules do', async () => {
  const built = (await import(new URL('thread/thread-module.js', DIST).href)) as { threadModule: typeof threadModule }
  expect(built.threadModule('test')?.href).toBe(new URL('thread/workflow-test-main.js', DIST).href)
  expect(built.threadModule('rehearse')?.href).toBe(new URL('thread/rehearsal-main.js', DIST).href)
  expect(existsSync(new URL('program.cjs', DIST))).toBe(true)
})

/** Prints whether V8 rejects the code that is kept for a file. */
const REJECTED = `
  const [file] = process.argv.slice(1)
  const cachedData = fs.readFileSync(file + '.code')
  const script = new vm.Script(fs.readFileSync(file, 'latin1'), { filename: file, cachedData })
  console.log(script.cachedDataRejected)`

// In a process of its own: V8 takes no code that was made under other flags than those of the process.
test.each(everyNth(5, 'files of code', ['program', 'quick', 'ask', 'front', 'verify']))(
  'the command line and each thread of a server is one file, with code that V8 takes: %s',
  (name) => {
    const { pathname } = new URL(`${name}.cjs`, DIST)
    expect(execFileSync(process.execPath, ['-e', REJECTED, pathname], { encoding: 'utf8' })).toBe('false\n')
  },
)

test('the thread that verifies runs from its bundle, and leaves the priority of the others as it is', async () => {
  const before = getPriority()
  const cwd = mkdtempSync(join(tmpdir(), 'eosflow-verify-'))
  const worker = new Worker(new URL('verify-main.js', DIST), { workerData: { cwd, place: {} } })
  // Both are listened to from the start: a thread that ends at once gives its answer and its end in one turn.
  const [[answer]] = (await Promise.all([once(worker, 'message'), once(worker, 'exit')])) as [[VerifyAnswer], unknown]
  // There is no project.
  expect(answer).toMatchObject({ kind: 'failed', fault: { kind: 'input' } })
  expect(getPriority()).toBe(before)
})

const BUNDLE = `(function (exports, require, module, __filename, __dirname) {
const { basename } = require('node:path')
exports.main = async (argv) => argv.length + basename(__filename).length
})`

describe('the bundle of the built command', () => {
  test('is run as its own module folder', async () => {
    const { program } = evaluate(BUNDLE)
    expect(await program.main(['a', 'b'])).toBe(2 + 'program.cjs'.length)
  })

  test('is taken with the code that V8 made of it', async () => {
    const { script } = evaluate(BUNDLE)
    const again = evaluate(BUNDLE, script.createCachedData())
    expect(again.script.cachedDataRejected).toBe(false)
    expect(await again.program.main([])).toBe('program.cjs'.length)
  })

  test('is compiled anew when V8 refuses the code', async () => {
    const { program, script } = evaluate(
      `${BUNDLE}// another text, which this V8 has not compiled`,
      Buffer.from('not its code'),
    )
    expect(script.cachedDataRejected).toBe(true)
    expect(await program.main([])).toBe('program.cjs'.length)
  })

  test('is not there in a checkout: the modules are loaded', { tags: ['long', 'turn'] }, async () => {
    const { main } = await loadProgram([])
    expect(main.name).toBe('main')
  })
})

const textOf = (digit: string) =>
  `(function (exports, require, module, __filename, __dirname) {/*${digit.repeat(32)}*/ 1 })`

/** The user's folder for what can be made again, and that of eosflow in it. */
function cache() {
  const home = temporaryFolder()
  vi.stubEnv('XDG_CACHE_HOME', home)
  return { home, dir: join(home, 'eosflow') }
}

afterEach(() => {
  vi.unstubAllEnvs()
})

test('code is kept for this user alone, and found again for the same text and use', () => {
  const { dir } = cache()
  const kept = keptCode(textOf('a'), 'program')
  expect(kept?.code).toBeUndefined()
  kept?.keep(Buffer.from('code of a'))
  expect(keptCode(textOf('a'), 'program')?.code?.toString()).toBe('code of a')
  expect(keptCode(textOf('b'), 'program')?.code).toBeUndefined()
  expect(keptCode(textOf('a'), 'quick')?.code).toBeUndefined()
  const [name = ''] = readdirSync(dir)
  expect(name).toContain(process.versions.v8)
  expect([statSync(dir).mode & 0o777, statSync(join(dir, name)).mode & 0o777]).toEqual([0o700, 0o600])
})

test('without a digest in the text, or a folder with a whole path, nothing is kept', () => {
  cache()
  expect(keptCode('(function () {})', 'program')).toBeUndefined()
  vi.stubEnv('XDG_CACHE_HOME', 'cache')
  expect(keptCode(textOf('a'), 'program')).toBeUndefined()
})

test.each([
  ['a folder that others write to', (dir: string) => chmodSync(dir, 0o777)],
  ['a file that others write to', (_: string, file: string) => chmodSync(file, 0o666)],
  [
    'a link to a file',
    (dir: string, file: string) => {
      writeFileSync(join(dir, 'other'), 'another code')
      chmodSync(join(dir, 'other'), 0o600)
      symlinkSync(join(dir, 'other'), `${file}.link`)
      renameSync(`${file}.link`, file)
    },
  ],
])('%s is not run', (_what, spoil) => {
  const { dir } = cache()
  keptCode(textOf('a'), 'program')?.keep(Buffer.from('code'))
  const [name = ''] = readdirSync(dir)
  spoil(dir, join(dir, name))
  expect(keptCode(textOf('a'), 'program')?.code).toBeUndefined()
})

test('nothing is written into a folder that others write to, and no failure is', () => {
  const { home, dir } = cache()
  mkdirSync(dir)
  chmodSync(dir, 0o777)
  keptCode(textOf('a'), 'program')?.keep(Buffer.from('code'))
  expect(readdirSync(dir)).toEqual([])
  vi.stubEnv('XDG_CACHE_HOME', join(home, 'file'))
  writeFileSync(join(home, 'file'), '')
  keptCode(textOf('a'), 'program')?.keep(Buffer.from('code'))
  expect(existsSync(join(home, 'file/eosflow'))).toBe(false)
})

test('four texts of each use are kept, the newest', () => {
  const { dir } = cache()
  keptCode(textOf('f'), 'quick')?.keep(Buffer.from('quick'))
  for (const [index, digit] of [...'abcde'].entries()) {
    keptCode(textOf(digit), 'program')?.keep(Buffer.from(digit))
    for (const name of readdirSync(dir).filter((one) => one.includes(digit.repeat(32))))
      utimesSync(join(dir, name), 1_000 + index, 1_000 + index)
  }
  const kept = readdirSync(dir).map((name) => `${name.split('-')[0]} ${name.slice(-6, -5)}`)
  expect(kept.toSorted()).toEqual(['program b', 'program c', 'program d', 'program e', 'quick f'])
})
