import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { inProcess, temporaryFolder } from '../lab/lab.ts'

const KEYS = {
  EOSFLOW_KEY: '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
  EOSFLOW_CHECKPOINT_KEY: 'a1'.repeat(32),
}

interface Place {
  readonly dir: string
  readonly folder: string
  eosflow(...argv: readonly string[]): ReturnType<typeof inProcess>
}

/** A project that has a store, or is about to have one. */
async function project(env: Readonly<Record<string, string>> = {}, settings = 'version: 1\n') {
  const dir = temporaryFolder({
    'eosflow.yaml': settings,
    'inventory.yaml': `credentials: { lab: { username: u, password: "\${env:P}" } }\ndefaults: { credentials: lab }\ndevices: { leaf1: { host: 192.0.2.1 } }\n`,
  })
  const eosflow = (...argv: readonly string[]) => inProcess(argv, dir, undefined, env)
  const begun = await eosflow('audit', 'key')
  expect(begun.code, begun.stderr).toBe(0)
  return { dir, folder: join(dir, '.eosflow'), eosflow }
}

function lose({ folder }: Place, ...but: readonly string[]) {
  for (const name of readdirSync(folder))
    if (!but.includes(name) && name.startsWith('store.db')) rmSync(join(folder, name), { recursive: true })
}

describe('a store that is lost', () => {
  test.each([
    ['deleted', (place: Place) => lose(place), 'not there'],
    [
      'emptied',
      (place: Place) => {
        lose(place)
        writeFileSync(join(place.folder, 'store.db'), '', { mode: 0o600 })
      },
      'empty',
    ],
    [
      'deleted, with the note beside it: its keys are there',
      (place: Place) => {
        lose(place)
        rmSync(join(place.folder, 'begun.json'))
      },
      'not there',
    ],
    [
      'deleted, with everything but a segment',
      (place: Place) => {
        rmSync(place.folder, { recursive: true })
        mkdirSync(join(place.folder, 'segments'), { recursive: true, mode: 0o700 })
        writeFileSync(join(place.folder, 'segments', 'records-1-9-00.db'), 'x')
      },
      'not there',
    ],
  ])('[G106] [S19] %s: no command begins another one unasked, and verify says so', async (_name, spoil, is) => {
    const place = await project()
    spoil(place)
    for (const argv of [['executions'], ['audit', 'list'], ['recover', '--scan'], ['store', 'id']]) {
      const refused = await place.eosflow(...argv)
      expect([argv[0], refused.code], refused.stdout + refused.stderr).toEqual([argv[0], 3])
      expect(refused.stderr).toContain('there was a store here')
      expect(refused.stderr).toContain(is)
      expect(refused.stderr).toContain('eosflow store init --new --reason TEXT')
    }
    const before = readdirSync(place.folder)
    const verified = await place.eosflow('audit verify --require-anchor')
    expect([verified.code, verified.stdout.includes('there was a store here')], verified.stderr).toEqual([6, true])
    expect(readdirSync(place.folder)).toEqual(before)
  })

  test('[S19] in a folder on a disk that is not mounted: the link to it leads nowhere', async () => {
    const place = await project()
    rmSync(place.folder, { recursive: true })
    symlinkSync(join(place.dir, 'disk', 'eosflow'), place.folder)
    const refused = await place.eosflow('executions')
    expect([refused.code, refused.stderr.includes(`as the link ${place.folder} shows`)], refused.stderr).toEqual([
      3,
      true,
    ])
    const verified = await place.eosflow('audit verify')
    expect([verified.code, verified.stdout.includes('there was a store here')], verified.stderr).toEqual([6, true])
  })

  test('[S19] in a folder that cannot be looked at: it is said which, and no store is begun', async () => {
    const place = await project()
    rmSync(place.folder, { recursive: true })
    symlinkSync('.eosflow', place.folder)
    for (const argv of [['executions'], ['audit', 'verify'], ['store', 'init', '--new', '--reason', 'x']]) {
      const { code, stdout, stderr } = await place.eosflow(...argv)
      expect([argv, code, stdout], stderr).toEqual([argv, 1, ''])
      expect(stderr).toMatch(/^✖ store: the store \S+\/store\.db cannot be looked at \(ELOOP\)\n {4}Run it as the user/)
    }
  })

  test('[S19] a new one is begun by name, on record, and a backup can be restored instead', async () => {
    const place = await project()
    expect((await place.eosflow('store backup copy.db')).code).toBe(0)
    expect((await place.eosflow('store init --new --reason', 'why not')).code).toBe(3)
    lose(place)
    const begun = await place.eosflow('store init --new --reason', 'the disk broke')
    expect([begun.code, begun.stdout], begun.stderr).toEqual([
      0,
      'A new store is begun: it knows nothing of the one that is lost\nNext: eosflow recover --scan\n',
    ])
    const listed = await place.eosflow('audit list')
    expect(listed.stdout).toContain('began a new store in the place of one that is lost: the disk broke')
    expect((await place.eosflow('executions')).code).toBe(0)
    lose(place)
    const restored = await place.eosflow('store restore copy.db --reason', 'found again')
    expect(restored.code, restored.stderr).toBe(0)
    expect((await place.eosflow('executions')).code).toBe(0)
  })

  test('with its keys in the environment: an anchor that they have signed is missed its store', async () => {
    const settings = 'version: 1\naudit: { anchors: [{ name: disk, file: anchor.note }] }\n'
    const place = await project(KEYS, settings)
    expect(existsSync(join(place.dir, 'anchor.note'))).toBe(true)
    rmSync(place.folder, { recursive: true })
    const refused = await place.eosflow('executions')
    expect([refused.code, refused.stderr.includes('the checkpoints in anchor.note')], refused.stderr).toEqual([3, true])
    const verified = await place.eosflow('audit verify')
    expect(verified.code, verified.stdout).toBe(6)
    expect(existsSync(place.folder)).toBe(false)
  })
})

describe('no store was ever there', () => {
  test.each([
    ['a fresh folder', {}],
    ['keys in the environment, as on a CI runner', KEYS],
  ])('%s begins one without a word', async (_name, env) => {
    const { stderr, code } = await (await project(env)).eosflow('executions')
    expect([code, stderr]).toEqual([0, ''])
  })

  test('nor one that two processes begin at once', async () => {
    const { eosflow, dir } = await project()
    rmSync(join(dir, '.eosflow'), { recursive: true })
    const both = await Promise.all([eosflow('store', 'id'), eosflow('store', 'id')])
    expect(both.map(({ code }) => code)).toEqual([0, 0])
  })
})

describe('what lies in the place of a store and is none', () => {
  test.each([
    [
      'garbage',
      (path: string) => writeFileSync(path, 'x'.repeat(9000)),
      'is damaged, or was never a store',
      6,
      'it is not a SQLite file',
    ],
    ['a folder', (path: string) => mkdirSync(path), 'is a folder', 6, 'store.db is a folder'],
  ])('[S19] [S23] %s is said to be so, and no store begins there', async (_, make, begins, code, verifies) => {
    const place = await project()
    const path = join(place.folder, 'store.db')
    lose(place)
    make(path)
    const verified = await place.eosflow('audit verify')
    expect(verified.code).toBe(code)
    expect(verified.stdout + verified.stderr).toContain(verifies)
    const begun = await place.eosflow('store init --new --reason', 'a new disk')
    expect(begun.code).toBe(3)
    expect(begun.stderr).toContain(`store.db ${begins}: no store begins in its place`)
    expect(begun.stderr).toContain('eosflow store restore FILE --set-aside --reason TEXT')
    expect(begun.stderr).not.toContain('there is a store')
    expect(existsSync(path)).toBe(true)
  })
})
