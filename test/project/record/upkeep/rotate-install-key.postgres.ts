import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newProject } from '../../../doors/cli/eosflow.ts'
import { exits, inProcess, temporaryFolder } from '../../../lab/lab.ts'
import { emptyDatabase, serverForTests, urlOf } from '../../../postgres/store-for-test.ts'
import { writeStore } from './moved-project.ts'
import { typedIn } from './typed-in.ts'

const typed = (dir: string, argv: readonly string[]) => typedIn(dir).done(...argv)

const servers = serverForTests()
const [OLD, NEW] = ['5'.repeat(64), '6'.repeat(64)]
const ROTATE = ['key', 'rotate', 'install', '--reason', 'a laptop was lost'] as const
/** A reference to what the program prints of a file. */
const kms = (name: string) => `'\${exec:kms?${name}}'`
const ANOTHER_KEY = /under another key: under [0-9a-f]{8}, and the one here is [0-9a-f]{8}/

async function project() {
  const dir = await newProject()
  writeStore(dir, urlOf(await emptyDatabase(servers.server)))
  rmSync(join(dir, '.eosflow'), { recursive: true, force: true })
  return dir
}

/** Another machine: the same settings, and a folder of its own. */
function machine(dir: string) {
  const other = temporaryFolder()
  cpSync(dir, other, { recursive: true })
  return other
}

test('keys that are fetched are written nowhere: all machines have both, the store is rotated, and then the old one only reads', {
  tags: 'turn',
}, async () => {
  const dir = await project()
  const kept = temporaryFolder()
  const program = join(kept, 'kms')
  writeFileSync(program, `#!/bin/sh\ncat '${kept}'/$1.txt\n`)
  chmodSync(program, 0o755)
  for (const [name, key] of Object.entries({ old: OLD, new: NEW })) writeFileSync(join(kept, `${name}.txt`), key)
  const settings = readFileSync(join(dir, 'eosflow.yaml'), 'utf8')
  const setKeys = (at: string, keys: string) =>
    writeFileSync(
      join(at, 'eosflow.yaml'),
      `${settings}${keys}\nsecrets: { exec: { kms: { command: ['${program}', '{key}'] } } }\n`,
    )
  setKeys(dir, `key: ${kms('old')}`)
  await typed(dir, ['store', 'init'])
  await typed(dir, ['executions'])
  expect(existsSync(join(dir, '.eosflow/install.key'))).toBe(false)
  await exits(0, inProcess('executions', dir, undefined, { EOSFLOW_KEY: OLD }))
  const late = machine(dir)
  await typedIn(dir).refused(1, 'nextKey:', ...ROTATE)

  setKeys(dir, `key: ${kms('old')}\nnextKey: ${kms('new')}`)
  await typed(dir, ['executions'])
  const { stdout: listed } = await inProcess('key list', dir)
  expect(listed).toMatch(/key id [0-9a-f]{8}, next: key id [0-9a-f]{8}\n/)
  const ready = machine(dir)
  const done = await inProcess([...ROTATE, '--json'], dir)
  expect(done).toMatchObject({ code: 0, stderr: '' })
  const { from, to } = JSON.parse(done.stdout) as { from: string; to: string }
  for (const at of [dir, ready]) await typed(at, ['executions'])
  const still = 'it is given as the next key: give it as the present one, and the one before it as an old one'
  expect((await inProcess('key list', dir)).stdout).toContain(`key id ${to}\n            ! ${still}`)
  const refused = await inProcess('executions', late)
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(ANOTHER_KEY) })
  expect(refused.stderr).toContain(`under ${to}, and the one here is ${from}`)

  setKeys(dir, `key: ${kms('new')}\noldKeys: [${kms('old')}]`)
  expect((await inProcess('key list', dir)).stdout).not.toContain('next key')
  const verified = await inProcess('audit verify', dir)
  expect(verified).toMatchObject({ code: 0 })
  expect(verified.stdout).not.toContain('is not here')
  setKeys(dir, `key: ${kms('new')}`)
  expect((await inProcess('audit verify', dir)).stdout).toContain(`the install key ${from}, which`)
  expect((await inProcess('audit list', dir)).stdout).toContain(`the install key ${from} was replaced by ${to}`)
  const files = readdirSync(join(dir, '.eosflow'), { recursive: true, withFileTypes: true }).filter((one) =>
    one.isFile(),
  )
  const texts = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'))
  for (const text of [...texts, done.stdout, refused.stderr, verified.stdout])
    for (const key of [OLD, NEW]) expect(text).not.toContain(key)
  rmSync(join(kept, 'new.txt'))
  expect((await inProcess('executions', dir)).stderr).toContain('exec:kms')
})

test('keys that are files: each machine puts the next one in its place when it next opens the store', {
  tags: 'turn',
}, async () => {
  const dir = await project()
  await typed(dir, ['store', 'init'])
  await typed(dir, ['executions'])
  const own = (at: string, file: string) => join(at, '.eosflow', file)
  const old = readFileSync(own(dir, 'install.key'), 'utf8')
  writeFileSync(own(dir, 'install.next.key'), `${NEW}\n`, { mode: 0o600 })
  const other = machine(dir)
  await typed(dir, ROTATE)
  expect(readFileSync(own(other, 'install.key'), 'utf8')).toBe(old)
  for (const at of [dir, other]) {
    await typed(at, ['executions'])
    expect(readFileSync(own(at, 'install.key'), 'utf8')).toBe(`${NEW}\n`)
    expect(readFileSync(own(at, 'install.old.keys'), 'utf8')).toBe(old)
    expect(existsSync(own(at, 'install.next.key'))).toBe(false)
  }
})
