import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, realpathSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { absenceWords, absentProblem, filesBeside } from '../../src/source/files.ts'
import { confinedFiles } from '../../src/system/confined-file.ts'
import { exits, shows } from '../lab/exits.ts'
import { temporaryFolder } from '../lab/folder.ts'
import { inProcess } from './in-process.ts'

const folder = () => realpathSync(temporaryFolder())

/** The files that a new project has not. */
const ADDED: Readonly<Record<string, string>> = {
  'policy.yaml': 'version: 1\n',
  'trust/allowed_signers': '',
  'checks.yaml': '- reachable\n',
}

/** A file of a new project is moved out of it, and a link to it takes its place. */
async function movedOut(file: string) {
  const dir = folder()
  await exits(0, inProcess(['init', dir], dir))
  const added = ADDED[file]
  mkdirSync(dirname(join(dir, file)), { recursive: true })
  if (added !== undefined) writeFileSync(join(dir, file), added)
  const outside = join(folder(), 'moved')
  renameSync(join(dir, file), outside)
  symlinkSync(outside, join(dir, file))
  return dir
}

/** Each kind of file that a command reads, and what is said of it when it is a link out of the project. */
const OUT: readonly (readonly [string, readonly string[], string])[] = [
  [
    'inventory.yaml',
    ['plan', 'workflows/add-vlan.yaml', '-p', 'vlan=120', '-p', 'label=A'],
    'inventory.yaml:1:1: this path leads outside the project',
  ],
  ['inventory.yaml', ['validate'], 'inventory.yaml:1:1: this path leads outside the project'],
  ['inventory.yaml', ['sim', 'start'], 'inventory.yaml:1:1: this path leads outside the project'],
  ['checks.yaml', ['validate'], 'checks.yaml:1:1: this path leads outside the project'],
  ['workflows/add-vlan.yaml', ['validate'], 'workflows/add-vlan.yaml:1:1: this path leads outside the project'],
  ['tests/add-vlan.test.yaml', ['test'], 'tests/add-vlan.test.yaml:1:1: this path leads outside the project'],
  ['policy.yaml', ['validate'], 'policy.yaml:1:1: this path leads outside the project'],
  ['policy.yaml', ['policy', 'test'], 'policy.yaml:1:1: this path leads outside the project'],
  [
    'policy.yaml',
    ['policy', 'explain', 'task.push'],
    'cannot be read from inside the project: the file leads outside the project',
  ],
  ['trust/allowed_signers', ['validate'], 'cannot be read from inside the project: the file leads outside the project'],
  ['fabrics/dc1/fabric.yaml', ['sim', 'start'], 'fabric.yaml:1:1: this path leads outside the fabric folder'],
  [
    'fabrics/dc1/leaf1/running-config',
    ['validate'],
    'the configuration `leaf1/running-config` leads outside the project',
  ],
]

describe('a link out of the project is called one', () => {
  test.each(OUT)('[D7] %s: %j', async (file, argv, said) => {
    const dir = await movedOut(file)
    const { stderr, stdout } = await shows(3, inProcess(argv, dir), said)
    expect(`${stderr}${stdout}`).not.toMatch(/there is no|is not there/)
  })
})

describe('why a file is not given', () => {
  /** With the rights of nobody, where the tests run as root. */
  function asNobody<T>(look: () => T) {
    if (process.getuid?.() !== 0) return look()
    process.seteuid?.(65_534)
    try {
      return look()
    } finally {
      process.seteuid?.(0)
    }
  }

  const missing = { code: 'no-such-file', message: 'there is no such file', at: { file: 'w', line: 1, column: 1 } }

  test('[D7] is said for each reason', () => {
    const dir = folder()
    chmodSync(dir, 0o755)
    mkdirSync(join(dir, 'own/sub'), { recursive: true })
    writeFileSync(join(dir, 'there'), 'x')
    writeFileSync(join(dir, 'own/closed'), 'x', { mode: 0o000 })
    mkdirSync(join(dir, 'own/shut'), { mode: 0o700 })
    writeFileSync(join(dir, 'own/shut/in'), 'x')
    chmodSync(join(dir, 'own/shut'), 0o000)
    symlinkSync('../there', join(dir, 'own/out'))
    symlinkSync('nowhere', join(dir, 'own/dangling'))
    symlinkSync('round', join(dir, 'own/round'))
    symlinkSync('..', join(dir, 'own/up'))
    execFileSync('mkfifo', [join(dir, 'own/pipe')])
    const files = confinedFiles(join(dir, 'own'))
    const said = (path: string) => asNobody(() => `${files(path) === undefined} ${absenceWords(files, path)}`)
    expect(
      ['none', 'sub/none', 'out', '../there', 'up/there', 'dangling', 'round', 'closed', 'shut/in', 'sub', 'pipe'].map(
        (path) => `${path}: ${said(path)}`,
      ),
    ).toEqual([
      'none: true is not there',
      'sub/none: true is not there',
      'out: true leads outside the project',
      '../there: true leads outside the project',
      'up/there: true leads outside the project',
      'dangling: true is a link that leads nowhere',
      'round: true is a link that leads nowhere',
      'closed: true may not be read',
      'shut/in: true may not be read',
      'sub: true is not a regular file',
      'pipe: true is not a regular file',
    ])
    chmodSync(join(dir, 'own/shut'), 0o700)
    const closed = asNobody(() => absentProblem(files, 'closed', missing))
    expect(closed).toEqual({
      code: 'unreadable-file',
      message: '`closed` may not be read',
      at: missing.at,
      hint: 'Check the permissions of the file and of the folders around it.',
    })
    expect(asNobody(() => absenceWords(filesBeside(files, 'sub'), '../closed'))).toBe('may not be read')
  })

  test('is that it is missing where the files are on no disk', () => {
    expect(absentProblem(() => undefined, 'w', missing)).toBe(missing)
    expect(
      absentProblem(
        filesBeside(() => undefined, 'a'),
        'w',
        missing,
      ),
    ).toBe(missing)
  })
})
