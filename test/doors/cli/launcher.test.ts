import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { everyNth } from '../../extent.ts'
import { fileText, temporaryFolder } from '../../lab/lab.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** A checkout with the launcher of this one, in a folder with a blank; its built command is this program. */
function checkout(program?: string) {
  const dir = join(temporaryFolder(), 'my tools')
  mkdirSync(join(dir, 'build'), { recursive: true })
  for (const file of ['eosflow', 'build/start.cjs', 'package.json']) cpSync(join(root, file), join(dir, file))
  if (program === undefined) return dir
  mkdirSync(join(dir, 'dist/doors/cli'), { recursive: true })
  writeFileSync(join(dir, 'dist/doors/cli/main.js'), program)
  return dir
}

const SAYS = 'console.log(JSON.stringify(process.argv.slice(1))); process.exitCode = Number(process.argv[2])'

/** Runs a program, and gives what it has said and its exit code. */
function ran(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = process.env) {
  const { stdout, stderr, status } = spawnSync(program, args, { cwd, env, encoding: 'utf8' })
  return { stdout, stderr, status }
}

describe('the launcher of a checkout', () => {
  test('[3N1] runs what is built from any folder, with its arguments, its name and its exit code', () => {
    const dir = checkout(SAYS)
    const below = join(dir, 'my-network')
    mkdirSync(below)
    for (const [typed, cwd] of [
      ['./eosflow', dir],
      ['../eosflow', below],
      [join(dir, 'eosflow'), '/'],
    ] as const) {
      const { stdout, stderr, status } = ran(typed, ['7', 'two words', '$HOME', ''], cwd)
      expect([JSON.parse(stdout), stderr, status], typed).toEqual([[typed, '7', 'two words', '$HOME', ''], '', 7])
    }
  })

  test('is found by links, also by a link to a link', () => {
    const dir = checkout(SAYS)
    const bin = temporaryFolder()
    symlinkSync(join(dir, 'eosflow'), join(bin, 'flow'))
    symlinkSync('flow', join(bin, 'eosflow'))
    const path = `${bin}:${process.env.PATH}`
    const { stdout, status } = ran('eosflow', ['0'], '/', { ...process.env, PATH: path })
    expect([JSON.parse(stdout), status]).toEqual([[join(bin, 'eosflow'), '0'], 0])
  })

  test('[3N1] builds nothing: without a build it says what does, and fails', () => {
    const dir = checkout()
    expect(ran('./eosflow', ['--version'], dir)).toEqual({
      stdout: '',
      stderr: `eosflow is not built in ${dir}. Run npm ci there: it installs and builds it.\n`,
      status: 3,
    })
  })

  test('says that no Node is there', () => {
    const dir = checkout(SAYS)
    const { stdout, stderr, status } = ran('/bin/sh', ['./eosflow'], dir, { PATH: '/nowhere' })
    expect([stdout, stderr, status]).toEqual([
      '',
      'eosflow needs Node 20.19 or newer, and there is no node on your PATH.\n',
      3,
    ])
  })

  test.each(everyNth(2, 'versions of Node that are too old', ['12.22.9', '20.18.3']))(
    'says that Node %s is too old, which package.json would refuse too',
    (version) => {
      const dir = checkout(SAYS)
      const older = `Object.defineProperty(process, 'versions', { value: { node: '${version}' } }); require('./build/start.cjs')`
      expect(ran(process.execPath, ['-e', older], dir)).toEqual({
        stdout: '',
        stderr: `eosflow needs Node 20.19 or newer: this is Node ${version}.\n`,
        status: 3,
      })
      const { engines } = JSON.parse(fileText(root, 'package.json'))
      expect(engines).toEqual({ node: '>=20.19' })
    },
  )

  test('is the process that it starts: a signal reaches the command', async () => {
    const dir = checkout("process.on('SIGTERM', () => process.exit(9)); setInterval(() => {}, 1000); console.log('up')")
    const child = spawn('./eosflow', [], { cwd: dir, stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([9, null])
  })

  test('is not in the package', () => {
    const { files, bin } = JSON.parse(fileText(root, 'package.json'))
    expect([files.includes('eosflow'), bin.eosflow]).toEqual([false, 'dist/doors/cli/main.js'])
  })
})
