import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface LockedPackage {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly hasInstallScript?: boolean
  readonly link?: boolean
  readonly dev?: boolean
}

const read = (name: string) => JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'))

const LOCKED = Object.entries(
  (read('package-lock.json') as { packages: Record<string, LockedPackage> }).packages,
).filter(([path]) => path !== '')
const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)

test('exactly the packages run a script when they are installed that package.json lists, each with a decision', () => {
  expect(LOCKED.length).toBeGreaterThan(200)
  const scripted = [
    ...new Set(LOCKED.flatMap(([path, { hasInstallScript }]) => (hasInstallScript ? [nameOf(path)] : []))),
  ]
  const { allowScripts } = read('package.json') as { readonly allowScripts: Readonly<Record<string, boolean>> }
  // fsevents is for macOS alone, where npm asks about it.
  expect(scripted.filter((name) => name !== 'fsevents').toSorted()).toEqual(Object.keys(allowScripts).toSorted())
  // The store is native code; everything else runs without what its script would make.
  expect(allowScripts).toEqual({ 'better-sqlite3': true, esbuild: true, 'cpu-features': false, ssh2: false })
})

test('every locked package has an exact version and the digest of its content', () => {
  const loose = LOCKED.filter(
    ([, { version, integrity }]) => version === undefined || !integrity?.startsWith('sha512-'),
  )
  expect(loose).toEqual([])
})

test('no package comes from a repository, an address or a folder instead of a registry', () => {
  const elsewhere = LOCKED.filter(
    ([, { resolved, link }]) => link === true || (resolved !== undefined && !/^https:\/\/.*\.tgz$/.test(resolved)),
  )
  expect(elsewhere.map(([path, { resolved }]) => `${path}: ${resolved}`)).toEqual([])
})
