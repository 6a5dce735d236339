// @module-tag night
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROOT } from '../../lab/checkout.ts'
import { packed } from '../../lab/package.ts'
import { declarationsInto } from './schemas.ts'

const PAGE = readFileSync(join(ROOT, 'docs/library.md'), 'utf8')
/** The scripts of the page, by the name in their first line. */
const SCRIPTS = new Map(
  [...PAGE.matchAll(/^```ts\n\/\/ (\S+)\n([\s\S]*?)^```$/gm)].map(([, name = '', text = '']) => [name, text]),
)

/** Leaves a project open, and says what of the process is another one since. */
const OPEN = `import { openProject } from 'eosflow'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'exit', 'uncaughtException', 'unhandledRejection', 'warning'] as const
const before = JSON.stringify([process.cwd(), process.umask(), signals.map((name) => process.listenerCount(name))])
const one = await openProject({ folder: new URL('.', import.meta.url), caller: { kind: 'local' }, env: process.env })
const other = await openProject({ folder: '.', caller: { kind: 'local' }, env: {} })
const [read, again] = await Promise.all([one.inventory(), other.executions({ most: 1 })])
const after = JSON.stringify([process.cwd(), process.umask(), signals.map((name) => process.listenerCount(name))])
if (before !== after || read.switches.length !== 6 || again.executions.length !== 1) throw new Error(before + after)
`

const STRICT = {
  target: 'es2022',
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  types: ['node'],
}

describe('a project that has only the package', () => {
  let dir: string
  let faults: string

  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'eosflow-library-'))
    const modules = join(dir, 'node_modules')
    mkdirSync(join(modules, '@types'), { recursive: true })
    execFileSync('tar', ['-xzf', packed(dir), '-C', modules])
    cpSync(join(modules, 'package'), join(modules, 'eosflow'), { recursive: true })
    rmSync(join(modules, 'package'), { recursive: true })
    // Those of a build may be older than the sources.
    const declared = join(dir, 'declared')
    declarationsInto(declared)
    cpSync(declared, join(modules, 'eosflow/dist'), { recursive: true })
    symlinkSync(join(ROOT, 'node_modules'), join(modules, 'eosflow/node_modules'), 'dir')
    symlinkSync(join(ROOT, 'node_modules/@types/node'), join(modules, '@types/node'), 'dir')
    writeFileSync(join(dir, 'package.json'), '{ "type": "module" }')
    for (const [name, text] of [...SCRIPTS, ['open.ts', OPEN] as const]) writeFileSync(join(dir, name), text)
    faults = compiled('nodenext', 'nodenext')
  }, 300_000)

  afterAll(() => rmSync(dir, { recursive: true, force: true }))

  const compiled = (module: string, moduleResolution: string) => {
    const files = [...SCRIPTS.keys(), 'open.ts']
    writeFileSync(
      join(dir, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { ...STRICT, module, moduleResolution }, files }),
    )
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
    return spawnSync(process.execPath, [tsc, '-p', '.'], { cwd: dir, encoding: 'utf8' }).stdout
  }

  const ran = (file: string) =>
    spawnSync(process.execPath, [file], {
      cwd: dir,
      encoding: 'utf8',
      env: { ...process.env, HOME: dir, XDG_CACHE_HOME: dir },
      timeout: 240_000,
    })

  test('compiles the scripts of the page strictly, for bundlers and for Node', { timeout: 300_000 }, () => {
    expect([...SCRIPTS.keys()]).toEqual(['changes.ts', 'night.ts'])
    expect(SCRIPTS.get('changes.ts')?.trimEnd().split('\n').length).toBeLessThanOrEqual(40)
    expect(faults).toBe('')
    expect(compiled('esnext', 'bundler')).toBe('')
    expect(PAGE).toContain('`await using` needs Node 24')
  })

  test('drives a good change, one that is put back and one that is stopped; reads, and leaves the process as it was', {
    timeout: 300_000,
  }, () => {
    const changes = ran('changes.js')
    const printed = /^It prints:\n```\n([\s\S]*?)```$/m.exec(PAGE)?.[1]
    expect([changes.stdout, changes.stderr, changes.status]).toEqual([printed, '', 0])
    // Left open, it keeps the process from no end.
    const open = ran('open.js')
    expect([open.stdout, open.stderr, open.status, open.signal]).toEqual(['', '', 0, null])
    // The switches are gone: that is in the document.
    const night = ran('night.js')
    expect([night.stdout, night.status]).toEqual(['0 compared: 1 not read 0\n', 0])
    expect(night.stderr).not.toContain('Error')
  })
})
