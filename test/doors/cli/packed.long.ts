// @module-tag long
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fileText, ROOT } from '../../lab/lab.ts'
import { packed } from '../../lab/package.ts'

/** A package may take so many bytes, without what it depends on. */
const MOST = 12_000_000

describe('the package', () => {
  let dir: string
  let listed: readonly string[]
  let root: string
  const run = (...argv: readonly string[]) =>
    execFileSync(join(root, 'dist/doors/cli/main.js'), argv, {
      cwd: dir,
      env: { ...process.env, XDG_CACHE_HOME: join(dir, 'xdg') },
      encoding: 'utf8',
    })

  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'eosflow-packed-'))
    const file = packed(dir)
    listed = execFileSync('tar', ['-tzvf', file], { encoding: 'utf8' }).trimEnd().split('\n')
    execFileSync('tar', ['-xzf', file, '-C', dir])
    root = join(dir, 'package')
    symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'), 'dir')
    run('init', 'my-network')
  }, 60_000)

  afterAll(() => rmSync(dir, { recursive: true, force: true }))

  test('holds what runs, and is small', () => {
    const files = listed.map((line) => line.split(/\s+/))
    const names = files.map((fields) => (fields[5] ?? '').replace('package/', ''))
    expect(names.length).toBeGreaterThan(100)
    expect(files.reduce((sum, fields) => sum + Number(fields[2]), 0)).toBeLessThan(MOST)
    expect(names.filter((name) => /\.(?:map|code)$|^test\/|(?<!\.d)\.ts$/.test(name))).toEqual([])
    // Besides the one file only what finds it.
    expect(names.filter((name) => /^dist\/(?!doors\/web\/).*\.c?js$/.test(name)).length).toBeLessThan(20)
    expect(names).toEqual(
      expect.arrayContaining(['README.md', 'LICENSE', 'dist/index.d.ts', 'dist/man/eosflow.1', 'dist/testing.d.ts']),
    )
    // Messages name pages, and pages name files.
    expect(names).toEqual(
      expect.arrayContaining(['docs/copies.md', 'docs/verify-export.py', 'docs/reference/exec-commands.md']),
    )
    expect(names.filter((name) => /^docs\/(?:adr|decisions|control-room\/|.*\.(?:png|svg|gif)$)/.test(name))).toEqual(
      [],
    )
  })

  test('has no script that npm runs, and says of itself what the checkout says', () => {
    const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'))
    const own = read(join(root, 'package.json'))
    const checkout = read(join(ROOT, 'package.json'))
    for (const name of ['scripts', 'devDependencies', 'allowScripts']) expect(own).not.toHaveProperty(name)
    for (const name of [
      'name',
      'version',
      'bin',
      'man',
      'exports',
      'engines',
      'peerDependencies',
      'peerDependenciesMeta',
    ]) {
      expect(own[name]).toEqual(checkout[name])
      expect(own[name]).toBeDefined()
    }
    // What is in its one file already is installed by nobody.
    const dependencies = own.dependencies as Readonly<Record<string, string>>
    expect(Object.keys(dependencies)).toEqual(['@modelcontextprotocol/server', 'better-sqlite3', 'ssh2', 'zod'])
    expect(checkout.dependencies).toMatchObject(dependencies)
    expect(dependencies['better-sqlite3']).toBe('^12.11.1 || ^13.2.0')
  })

  test('names each package that is in its one file, with the text of its licence', () => {
    const bundled = JSON.parse(fileText(root, 'dist/bundled.json')) as readonly {
      readonly name: string
      readonly version: string
      readonly license: string
    }[]
    expect(bundled.map(({ name }) => name)).toEqual(expect.arrayContaining(['commander', 'hono', 'yaml', 'zod']))
    expect(bundled.length).toBeGreaterThan(20)
    const text = `\n${fileText(root, 'THIRD-PARTY-LICENSES.txt')}`
    for (const { name, version, license } of bundled) {
      expect(license).toMatch(/^\(?(?:MIT|ISC|BSD-\d-Clause|Apache-2\.0)/)
      // Its text follows, and is more than a line.
      const [, notice = ''] = text.split(`\n${name} ${version} (${license})\n\n`)
      expect([name, notice.slice(0, 2_000).split('\n').length > 8]).toEqual([name, true])
    }
  })

  test('is the same when it is made again', { tags: 'turn' }, () => {
    const again = mkdtempSync(join(tmpdir(), 'eosflow-packed-'))
    try {
      const digest = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')
      expect(digest(packed(again))).toBe(digest(join(dir, 'eosflow-0.1.0.tgz')))
    } finally {
      rmSync(again, { recursive: true, force: true })
    }
  })

  test('[U4] has an executable command, which makes a project out of the package alone', () => {
    const [command = ''] = listed.filter((line) => line.endsWith(' package/dist/doors/cli/main.js'))
    expect(command.slice(0, 10)).toBe('-rwxr-xr-x')
    expect(statSync(join(root, 'dist/doors/cli/main.js')).mode & 0o111).toBe(0o111)
    expect(run('--version')).toBe('0.1.0\n')
    expect(existsSync(join(dir, 'my-network/fabrics/dc1/leaf1/running-config'))).toBe(true)
    expect(run('validate', '-C', 'my-network')).toContain('Valid: 5 files, 0 problems\n')
  })

  test('runs its tests on threads, and its library and eosflow/testing have what the modules have', async () => {
    expect(run('test', '-C', 'my-network')).toContain('passed')
    for (const entry of ['index', 'testing']) {
      const script = `console.log(Object.keys(await import('./dist/${entry}.js')).sort().join())`
      const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
        cwd: root,
        encoding: 'utf8',
      })
      const modules = (await import(`../../../src/${entry}.ts`)) as object
      expect(stdout).toBe(`${Object.keys(modules).sort().join()}\n`)
    }
  })
})
