// @module-tag long
import { execFileSync } from 'node:child_process'
import { existsSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../lab/folder.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

test('the packed command is executable, and makes a project out of the package alone', { timeout: 60_000 }, () => {
  const dir = temporaryFolder()
  // The build is the one of the tests: `prepare` would make it again. Neither the registry nor the user's npm is looked at.
  const env = { ...process.env, npm_config_cache: join(dir, 'cache'), npm_config_update_notifier: 'false', CI: '1' }
  const pack = ['pack', '--ignore-scripts', '--offline', '--silent', '--pack-destination', dir]
  const tarball = execFileSync('npm', pack, { cwd: ROOT, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  const file = join(dir, tarball.trim())
  const [listed = ''] = execFileSync('tar', ['-tzvf', file], { encoding: 'utf8', maxBuffer: 2 ** 24 })
    .split('\n')
    .filter((line) => line.endsWith(' package/dist/cli/main.js'))
  expect(listed.slice(0, 10)).toBe('-rwxr-xr-x')

  execFileSync('tar', ['-xzf', file, '-C', dir])
  symlinkSync(join(ROOT, 'node_modules'), join(dir, 'package/node_modules'), 'dir')
  const command = join(dir, 'package/dist/cli/main.js')
  expect(statSync(command).mode & 0o111).toBe(0o111)
  // Run as the shell runs it: by its mode and its first line.
  const eosflow = (...argv: readonly string[]): string =>
    execFileSync(command, argv, { cwd: dir, env, encoding: 'utf8' })
  expect(eosflow('--version')).toBe('0.1.0\n')
  eosflow('init', 'my-network')
  expect(existsSync(join(dir, 'my-network/fabrics/dc1/leaf1/running-config'))).toBe(true)
  expect(eosflow('validate', '-C', 'my-network')).toContain('Valid: 5 files, 0 problems\n')
})
