import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newProject } from '../../cli/eosflow.ts'
import { inProcess } from '../../cli/in-process.ts'
import { temporaryFolder } from '../../lab/folder.ts'
import { adminOf, asSuperuser, emptyDatabase, serverForTests, urlOf } from '../../postgres/store-for-test.ts'
import { writeStore } from './moved-project.ts'

const servers = serverForTests()
const [OLD, NEW] = ['5'.repeat(64), '6'.repeat(64)]
const ROTATE = ['key', 'rotate', 'install', '--reason', 'a laptop was lost'] as const
/** A reference to what the program prints of a file. */
const kms = (name: string): string => `'\${exec:kms?${name}}'`
const ANOTHER_KEY = /under another key: under [0-9a-f]{8}, and the one here is [0-9a-f]{8}/

async function project(): Promise<string> {
  const dir = await newProject()
  writeStore(dir, urlOf(await emptyDatabase(servers.server)))
  rmSync(join(dir, '.eosflow'), { recursive: true, force: true })
  return dir
}

/** The database that the settings in a folder name. */
const databaseOf = (dir: string): string =>
  /store: .*\/(\w+)/.exec(readFileSync(join(dir, 'eosflow.yaml'), 'utf8'))?.[1] ?? ''

/** Another machine: the same settings, and a folder of its own. */
function machine(dir: string): string {
  const other = temporaryFolder()
  cpSync(dir, other, { recursive: true })
  return other
}

test('keys that are fetched: all machines have both, the store is rotated, and then the old one only reads', async () => {
  const dir = await project()
  const kept = temporaryFolder()
  const program = join(kept, 'kms')
  writeFileSync(program, `#!/bin/sh\ncat '${kept}'/$1.txt\n`)
  chmodSync(program, 0o755)
  for (const [name, key] of Object.entries({ old: OLD, new: NEW })) writeFileSync(join(kept, `${name}.txt`), key)
  const settings = readFileSync(join(dir, 'eosflow.yaml'), 'utf8')
  const setKeys = (at: string, keys: string): void =>
    writeFileSync(
      join(at, 'eosflow.yaml'),
      `${settings}${keys}\nsecrets: { exec: { kms: { command: ['${program}', '{key}'] } } }\n`,
    )
  setKeys(dir, `key: ${kms('old')}`)
  expect(await inProcess(['store', 'init'], dir)).toMatchObject({ code: 0 })
  expect(await inProcess(['executions'], dir)).toMatchObject({ code: 0, stderr: '' })
  const late = machine(dir)
  expect(await inProcess(ROTATE, dir)).toMatchObject({ code: 1, stderr: expect.stringContaining('nextKey:') })

  setKeys(dir, `key: ${kms('old')}\nnextKey: ${kms('new')}`)
  expect(await inProcess(['executions'], dir)).toMatchObject({ code: 0, stderr: '' })
  const { stdout: listed } = await inProcess(['key', 'list'], dir)
  expect(listed).toMatch(/key id [0-9a-f]{8}, next: key id [0-9a-f]{8}\n/)
  const ready = machine(dir)
  const done = await inProcess([...ROTATE, '--json'], dir)
  expect(done).toMatchObject({ code: 0, stderr: '' })
  const { from, to } = JSON.parse(done.stdout) as { from: string; to: string }
  for (const at of [dir, ready]) expect(await inProcess(['executions'], at)).toMatchObject({ code: 0, stderr: '' })
  const still = 'it is given as the next key: give it as the present one, and the one before it as an old one'
  expect((await inProcess(['key', 'list'], dir)).stdout).toContain(`key id ${to}\n            ! ${still}`)
  const refused = await inProcess(['executions'], late)
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(ANOTHER_KEY) })
  expect(refused.stderr).toContain(`under ${to}, and the one here is ${from}`)

  setKeys(dir, `key: ${kms('new')}\noldKeys: [${kms('old')}]`)
  expect((await inProcess(['key', 'list'], dir)).stdout).not.toContain('next key')
  const verified = await inProcess(['audit', 'verify'], dir)
  expect(verified).toMatchObject({ code: 0 })
  expect(verified.stdout).not.toContain('is not here')
  setKeys(dir, `key: ${kms('new')}`)
  expect((await inProcess(['audit', 'verify'], dir)).stdout).toContain(`the install key ${from}, which`)
  expect((await inProcess(['audit', 'list'], dir)).stdout).toContain(`the install key ${from} was replaced by ${to}`)
  const files = readdirSync(join(dir, '.eosflow'), { recursive: true, withFileTypes: true }).filter((one) =>
    one.isFile(),
  )
  const texts = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'))
  for (const text of [...texts, done.stdout, refused.stderr, verified.stdout])
    for (const key of [OLD, NEW]) expect(text).not.toContain(key)
})

test('keys that are files: each machine puts the next one in its place when it next opens the store', {
  tags: 'turn',
}, async () => {
  const dir = await project()
  expect(await inProcess(['store', 'init'], dir)).toMatchObject({ code: 0 })
  expect(await inProcess(['executions'], dir)).toMatchObject({ code: 0, stderr: '' })
  const own = (at: string, file: string): string => join(at, '.eosflow', file)
  const old = readFileSync(own(dir, 'install.key'), 'utf8')
  writeFileSync(own(dir, 'install.next.key'), `${NEW}\n`, { mode: 0o600 })
  const other = machine(dir)
  expect(await inProcess(ROTATE, dir)).toMatchObject({ code: 0 })
  expect(readFileSync(own(other, 'install.key'), 'utf8')).toBe(old)
  for (const at of [dir, other]) {
    expect(await inProcess(['executions'], at)).toMatchObject({ code: 0, stderr: '' })
    expect(readFileSync(own(at, 'install.key'), 'utf8')).toBe(`${NEW}\n`)
    expect(readFileSync(own(at, 'install.old.keys'), 'utf8')).toBe(old)
    expect(existsSync(own(at, 'install.next.key'))).toBe(false)
  }
})

test('a present and a next key that are swapped are refused, before the rotation and behind it', {
  tags: 'turn',
}, async () => {
  const dir = await project()
  const own = (file: string): string => join(dir, '.eosflow', file)
  const give = (key: string, next: string): void => {
    writeFileSync(own('install.key'), `${key}\n`, { mode: 0o600 })
    writeFileSync(own('install.next.key'), `${next}\n`, { mode: 0o600 })
  }
  expect(await inProcess(['store', 'init'], dir)).toMatchObject({ code: 0 })
  const old = readFileSync(own('install.key'), 'utf8').trim()
  give(NEW, old)
  const swapped = await inProcess(['executions'], dir)
  expect(swapped).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /the install keys are swapped: the store is under ([0-9a-f]{8}), which is given as the next one, and was never under ([0-9a-f]{8}), which is given as the present one\n {4}Give \1 as EOSFLOW_KEY/,
    ),
  })
  expect(await inProcess(['audit', 'verify'], dir)).toMatchObject({ code: 1, stderr: swapped.stderr })
  expect(readFileSync(own('install.key'), 'utf8')).toBe(`${NEW}\n`)
  give(old, NEW)
  expect(await inProcess(ROTATE, dir)).toMatchObject({ code: 0 })
  expect(await inProcess(['executions'], dir)).toMatchObject({ code: 0, stderr: '' })
  give(NEW, old)
  rmSync(own('install.old.keys'))
  for (const argv of [['executions'], ['audit', 'verify']])
    expect(await inProcess(argv, dir)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        'which is given as the next one, was replaced before: no store goes back to it\n    Give it as an old one',
      ),
    })
})

test('a store that says it is under another key than its rotations lead to is not opened', {
  tags: 'turn',
}, async () => {
  const dir = await project()
  expect(await inProcess(['store', 'init'], dir)).toMatchObject({ code: 0 })
  writeFileSync(join(dir, '.eosflow/install.next.key'), `${NEW}\n`, { mode: 0o600 })
  expect(await inProcess(ROTATE, dir)).toMatchObject({ code: 0 })
  await asSuperuser(
    { ...adminOf(servers.server), database: databaseOf(dir) },
    `SET session_replication_role = replica; UPDATE register SET body = replace(body, '"to":"', '"to":"0') WHERE type = 'KeyRotated'`,
  )
  expect(await inProcess(['executions'], dir)).toMatchObject({
    code: 4,
    stderr: expect.stringMatching(/has not agreed to this rotation|says that it is under/),
  })
})
