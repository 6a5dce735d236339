import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync } from 'node:fs'
import { getPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import type { threadModule } from '../../src/cli/thread-module.ts'
import type { VerifyAnswer } from '../../src/server/verify-thread.ts'

const DIST = new URL('../../dist/cli/', import.meta.url)

test('a thread is started with a built module, which the bundle finds where the modules do', async () => {
  const built = (await import(new URL('thread-module.js', DIST).href)) as { threadModule: typeof threadModule }
  expect(built.threadModule('test')?.href).toBe(new URL('workflow-test/thread-main.js', DIST).href)
  expect(built.threadModule('rehearse')?.href).toBe(new URL('rehearsal/thread-main.js', DIST).href)
  expect(existsSync(new URL('program.cjs', DIST))).toBe(true)
})

test('and with none from the source, which Node does not take', () => {
  const source = new URL('../../src/cli/thread-module.ts', import.meta.url).href
  const asks = `import { threadModule } from '${source}'; console.log(threadModule('test'), threadModule('rehearse'))`
  const said = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', asks], {
    encoding: 'utf8',
  })
  expect(said).toBe('undefined undefined\n')
})

/** Prints whether V8 rejects the code that is kept for a file. */
const REJECTED = `
  const [file] = process.argv.slice(1)
  const cachedData = fs.readFileSync(file + '.code')
  const script = new vm.Script(fs.readFileSync(file, 'latin1'), { filename: file, cachedData })
  console.log(script.cachedDataRejected)`

// In a process of its own: V8 takes no code that was made under other flags than those of the process.
test.each(['program', 'quick', 'ask', 'front', 'verify'])(
  'the command line and each thread of a server is one file, with code that V8 takes: %s',
  (name) => {
    const { pathname } = new URL(`${name}.cjs`, DIST)
    expect(execFileSync(process.execPath, ['-e', REJECTED, pathname], { encoding: 'utf8' })).toBe('false\n')
  },
)

test('the thread that verifies runs from its bundle, and leaves the priority of the others as it is', async () => {
  const before = getPriority()
  const cwd = mkdtempSync(join(tmpdir(), 'eosflow-verify-'))
  const worker = new Worker(new URL('serve/verify-main.js', DIST), { workerData: { cwd, place: {} } })
  // Both are listened to from the start: a thread that ends at once gives its answer and its end in one turn.
  const [[answer]] = (await Promise.all([once(worker, 'message'), once(worker, 'exit')])) as [[VerifyAnswer], unknown]
  // There is no project.
  expect(answer).toMatchObject({ kind: 'failed', fault: { kind: 'input' } })
  expect(getPriority()).toBe(before)
})
