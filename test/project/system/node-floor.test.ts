import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { refusedNode, tooOldNode } from '../../../src/project/system/machine/node-floor.ts'
import { ROOT, temporaryFolder } from '../../lab/lab.ts'

const TWELVE = '20.x || 22.x || 23.x || 24.x || 25.x || 26.x'

describe('a Node that is too old for what is installed', () => {
  test.each([
    ['20.20.2', '13.2.0', '>=22', '22'],
    ['21.7.3', '13.2.0', '>=22', '22'],
    ['22.11.0', '14.0.0', '>=22.12 <23 || >=24.1.2', '22.12'],
    ['18.20.0', '12.11.1', TWELVE, '20'],
    ['9.9.9', '1.0.0', '>=10', '10'],
  ])('Node %s, %s with %s: needs %s', (node, version, range, floor) => {
    expect(tooOldNode(node, { version, engines: { node: range } })).toBe(
      `eosflow needs Node ${floor} or newer here, because better-sqlite3 ${version} is installed: this is Node ${node}.`,
    )
  })

  test.each([
    ['22.0.0', '>=22'],
    ['22.12.0', '>=22.12'],
    ['24.0.0', '>=22.12.5'],
    ['20.19.0', TWELVE],
    // It does not name every Node that it runs on.
    ['27.0.0', TWELVE],
    ['20.19.0', '*'],
    ['20.19.0', ''],
  ])('Node %s is taken with %s', (node, range) => {
    expect(tooOldNode(node, { version: '13.2.0', engines: { node: range } })).toBeUndefined()
  })

  test('a package that says nothing refuses nothing, and what is installed here is good', () => {
    expect(tooOldNode('20.19.0', { version: '13.2.0' })).toBeUndefined()
    expect(refusedNode(process.versions.node)).toBeUndefined()
    expect(refusedNode('18.0.0')).toContain('eosflow needs Node 20 or newer here')
  })
})

const SENTENCE = `eosflow needs Node 99 or newer here, because better-sqlite3 98.7.6 is installed: this is Node ${process.versions.node}.`

test('the command says in one sentence that the native part of version 12 was not made', () => {
  const dir = tooNew('doors/cli/main.js')
  writeFileSync(
    join(dir, 'node_modules/better-sqlite3/package.json'),
    '{ "version": "12.11.1", "engines": { "node": "20.x || 22.x" } }',
  )
  const run = () => spawnSync(process.execPath, [join(dir, 'dist/doors/cli/main.js'), 'doctor'], { encoding: 'utf8' })
  const { status, stdout, stderr } = run()
  expect([status, stdout]).toEqual([3, ''])
  expect(stderr).toBe(
    `eosflow cannot open a store here, because better-sqlite3 12.11.1 is installed without its native part, on Node ${process.versions.node}: take Node 22 or newer and install eosflow again, or run npm rebuild better-sqlite3, with a C++ compiler.\n`,
  )
  // Where it is, what is loaded next is looked for, and is not there.
  mkdirSync(join(dir, 'node_modules/better-sqlite3/build/Release'), { recursive: true })
  writeFileSync(join(dir, 'node_modules/better-sqlite3/build/Release/better_sqlite3.node'), '')
  expect(run().stderr).toContain('dist/doors/cli/program.js')
})

/** What `strings` shows of a native part of version 12, compiled with the headers of Node 24.19 or newer, and of one of before. */
const WITH_HOOKS = '_ZN4node28RemoveEnvironmentCleanupHookEPN2v87IsolateEPFvPvES3_'
const BEFORE = '_ZN4node25AddEnvironmentCleanupHookEPN2v87IsolateEPFvPvES3_'
const WOULD_END = (node: string) =>
  `eosflow needs better-sqlite3 13 on Node ${node}, because better-sqlite3 12.11.1 was compiled for it, and Node would end eosflow in the middle of a change: npm install --no-save --ignore-scripts better-sqlite3@13.`

test.each<[node: string, version: string, symbol: string, refused: boolean]>([
  ['24.21.0', '12.11.1', WITH_HOOKS, true],
  ['26.12.1', '12.11.1', WITH_HOOKS, true],
  // A later 22 that has them, too.
  ['22.99.0', '12.11.1', WITH_HOOKS, true],
  ['24.18.0', '12.11.1', BEFORE, false],
  ['22.23.3', '12.11.1', BEFORE, false],
  ['20.20.2', '12.11.1', WITH_HOOKS, false],
  ['24.21.0', '13.2.0', WITH_HOOKS, false],
])('Node %s with better-sqlite3 %s whose native part has %s: refused %j', async (node, version, symbol, refused) => {
  const dir = tooNew()
  const folder = 'node_modules/better-sqlite3'
  mkdirSync(join(dir, folder, 'build/Release'), { recursive: true })
  writeFileSync(join(dir, folder, 'package.json'), JSON.stringify({ version, engines: { node: TWELVE } }))
  const noise = Buffer.alloc(300_000, 0x7f)
  writeFileSync(
    join(dir, folder, 'build/Release/better_sqlite3.node'),
    Buffer.concat([noise, Buffer.from(`\0${symbol}\0`), noise]),
  )
  const built = (await import(
    join(dir, 'dist/project/system/machine/node-floor.js')
  )) as typeof import('../../../src/project/system/machine/node-floor.ts')
  expect(built.refusedNode(node)).toBe(refused ? WOULD_END(node) : undefined)
})

/** Modules of the build alone beside a better-sqlite3 that takes no Node of today: whatever else is loaded is not there, and fails by its own words. */
function tooNew(...modules: readonly string[]) {
  const dir = temporaryFolder({
    'package.json': '{ "type": "module" }',
    'node_modules/better-sqlite3/package.json': '{ "version": "98.7.6", "engines": { "node": ">=99" } }',
  })
  for (const module of [...modules, 'project/system/machine/node-floor.js', 'model/version.js'])
    cpSync(join(ROOT, 'dist', module), join(dir, 'dist', module))
  return dir
}

test('the command says one sentence and exits 3 before it loads anything, and tells its version', {
  tags: ['long', 'turn'],
}, () => {
  const dir = tooNew('doors/cli/main.js')
  const run = (...argv: readonly string[]) =>
    spawnSync(process.execPath, [join(dir, 'dist/doors/cli/main.js'), ...argv], { encoding: 'utf8' })
  for (const argv of [['doctor'], ['--help'], ['__complete', 'zsh', ''], []]) {
    const { status, stdout, stderr } = run(...argv)
    expect([status, stdout, stderr]).toEqual([3, '', `${SENTENCE}\n`])
  }
  expect(run('--version').stdout).toBe('0.1.0\n')
})

test('the library throws it, and each of its entries asks first', () => {
  const dir = tooNew('project/system/machine/node-guard.js')
  const script = `await import('./dist/project/system/machine/node-guard.js').catch((error) => console.log(error.message))`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: dir, encoding: 'utf8' })
  expect(stdout).toBe(`${SENTENCE}\n`)
  for (const entry of ['index', 'testing']) {
    const [first] =
      /(?<=^(?:import|export) .*)'\..*'$/m.exec(readFileSync(join(ROOT, 'src', `${entry}.ts`), 'utf8')) ?? []
    expect(first).toBe("'./project/system/machine/node-guard.ts'")
  }
})
