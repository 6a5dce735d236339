import { execFileSync } from 'node:child_process'
import { rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { warns } from '../lab/exits.ts'
import { temporaryFolder } from '../lab/folder.ts'
import { newProject } from './eosflow.ts'
import { inProcess } from './in-process.ts'

const SECRET = 'root:$6$cNry1salt$cNry1hash:19000:0:99999:7:::'

/** A file of somebody else, whose lines nobody may be shown. */
function foreign() {
  const file = join(temporaryFolder(), 'shadow')
  writeFileSync(file, `${SECRET}\n`)
  return file
}

test.each([
  [
    'a link to a file outside of the project',
    (at: string) => symlinkSync(foreign(), at),
    'this path leads outside the project',
  ],
  ['a link to /dev/zero', (at: string) => symlinkSync('/dev/zero', at), 'this path leads outside the project'],
  ['a named pipe', (at: string) => execFileSync('mkfifo', [at]), 'this path is not a regular file'],
  [
    'a file of 200 MB',
    (at: string) => {
      writeFileSync(at, '')
      truncateSync(at, 200_000_000)
    },
    'the file has more than the 1048576 bytes that are read',
  ],
])('[3G2] settings that are %s are refused as every other file of the project is', async (_, make, words) => {
  const dir = await newProject()
  const settings = join(dir, 'eosflow.yaml')
  rmSync(settings)
  make(settings)
  for (const line of ['validate', 'inventory list', 'executions', 'plan workflows/add-vlan.yaml']) {
    const { stdout, stderr: err } = await warns(
      3,
      inProcess(line.split(' '), dir, undefined, { HOME: dir }),
      'eosflow.yaml:1:1: ',
      words,
    )
    expect(stdout + err).not.toContain('cNry1')
  }
})

test('a plan that is a named pipe is refused, and nobody waits for who writes to it', async () => {
  const dir = await newProject()
  execFileSync('mkfifo', [join(dir, 'p.plan')])
  for (const line of ['show p.plan', 'run p.plan', 'approve p.plan']) {
    await warns(3, inProcess(line.split(' '), dir, undefined, { HOME: dir }), 'p.plan:1:1: this is not a regular file')
  }
})
