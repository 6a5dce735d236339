import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { BUILT, temporaryFolder } from '../lab/lab.ts'

test('a process that a debugger can attach to says so first', () => {
  const run = (options: string) =>
    spawnSync(process.execPath, [BUILT, 'help', 'exit-codes'], {
      env: { ...process.env, NODE_OPTIONS: options },
      encoding: 'utf8',
    }).stderr
  expect(run('--inspect=127.0.0.1:0')).toMatch(
    /! the inspector of Node listens at ws:\/\/127\.0\.0\.1:\d+: .* take --inspect out of NODE_OPTIONS\n/,
  )
  expect(run('')).toBe('')
})

test('nobody else reads what lies in the folder of the store, whatever the umask', { tags: 'long' }, () => {
  const dir = temporaryFolder()
  chmodSync(dir, 0o755)
  // A project that others can write to is not used at all (docs/security.md#whose-files).
  const script = '"$0" "$1" init project && chmod -R go-w project && umask 000 && cd project && "$0" "$1" store id'
  execFileSync('sh', ['-c', script, process.execPath, BUILT], { cwd: dir, stdio: 'pipe' })
  const store = join(dir, 'project/.eosflow')
  const files = readdirSync(store).map((name) => join(store, name))
  expect(files.length).toBeGreaterThanOrEqual(2)
  for (const path of [store, ...files]) expect(statSync(path).mode & 0o077, path).toBe(0)
})
