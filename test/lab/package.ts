import { execFileSync } from 'node:child_process'
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { ROOT } from './checkout.ts'
import { temporaryFolder } from './folder.ts'

/** Packs the build as it is published, into a folder: the tarball's path. Neither the registry nor the user's npm is looked at. */
export function packed(into: string) {
  const env = { ...process.env, npm_config_cache: join(into, 'cache'), npm_config_update_notifier: 'false', CI: '1' }
  const said = execFileSync(process.execPath, [join(ROOT, 'build/pack.mjs'), into], { env, encoding: 'utf8' })
  return said.slice(0, said.indexOf('.tgz') + '.tgz'.length)
}

/** What another release of eosflow has otherwise: a text of a file of the build, and what is in its place. */
export type Otherwise = readonly [file: string, text: string, other: string]

/** The release of another number: its modules have it, and so has its first file. */
export const version = (number: string): readonly Otherwise[] => [
  ['model/version.js', "VERSION = '0.1.0'", `VERSION = '${number}'`],
  ['doors/cli/main.js', 'VERSION = "0.1.0"', `VERSION = "${number}"`],
]

/** The command of another release: the build with other texts. It is gone with the test. */
export function release(...otherwise: readonly Otherwise[]) {
  const dir = temporaryFolder()
  const isSource = (path: string) => !/\.(?:cjs|code|d\.ts)$/.test(path)
  cpSync(join(ROOT, 'dist'), join(dir, 'dist'), { recursive: true, filter: isSource })
  for (const part of ['node_modules', 'package.json', 'fixtures', 'workflows'])
    symlinkSync(join(ROOT, part), join(dir, part))
  for (const [file, text, other] of otherwise) {
    const path = join(dir, 'dist', file)
    const before = readFileSync(path, 'utf8')
    expect(before.split(text)).toHaveLength(2)
    writeFileSync(path, before.replace(text, other))
  }
  return join(dir, 'dist/doors/cli/main.js')
}
