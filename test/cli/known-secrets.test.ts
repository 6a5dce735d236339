import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../lab/folder.ts'
import { inProcess } from './in-process.ts'

/** A project whose inventory begins with this text. */
function projectWith(comment: string) {
  const dir = temporaryFolder({
    'eosflow.yaml': 'version: 1\n',
    'inventory.yaml': `# ${comment}\nversion: 1\ndevices: {}\n`,
  })
  return dir
}

/** How the command ends in such a project, once it has read it. */
const NO_STORE = {
  code: 3,
  stdout: '',
  stderr:
    '✖ .eosflow/store.db:1:1: there is no store here, so nothing is on record\n    Name the project with -C, or the store with --store; the first plan or change makes a store.\n1 problem: nothing was contacted.\n',
}

describe('a reference in a text that somebody else wrote', () => {
  test.each(['file:/dev/zero', 'file:/dev/tty', 'file:/', 'env:constructor', 'env:__proto__', 'env:toString'])(
    '%s neither holds nor ends a command',
    async (reference) => {
      const dir = projectWith(`$\{${reference}}`)
      expect(await inProcess(['audit list -C', dir], dir)).toMatchObject(NO_STORE)
    },
  )

  test('to a pipe that nobody writes to is not waited for', async () => {
    const pipe = join(projectWith('nothing'), 'pipe')
    execFileSync('mkfifo', [pipe])
    const dir = projectWith(`\${file:${pipe}}`)
    expect(await inProcess(['audit list -C', dir], dir)).toMatchObject(NO_STORE)
  })

  test('nor does a project whose inventory is a folder', async () => {
    const dir = projectWith('nothing')
    rmSync(join(dir, 'inventory.yaml'))
    mkdirSync(join(dir, 'inventory.yaml'))
    expect(await inProcess(['audit list -C', dir], dir)).toMatchObject(NO_STORE)
  })
})
