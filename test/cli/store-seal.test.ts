import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { InputError } from '../../src/app/input-error.ts'
import { saveText } from '../../src/app/save-text.ts'
import type { EventBody } from '../../src/journal/event.ts'
import { openChainsStore } from '../../src/journal/sqlite-chains/open-store.ts'
import type { SqliteChainsStore } from '../../src/journal/sqlite-chains/sqlite-chains-store.ts'
import { signingKeys } from '../../src/system/signing-keys.ts'
import { systemClock } from '../../src/system/system-clock.ts'
import { asAlice } from '../journal/sqlite/open-for-test.ts'
import { STARTED } from '../journal/started-event.ts'
import { temporaryFolder } from './eosflow.ts'
import { inProcess } from './in-process.ts'

const RESUMED: EventBody = { type: 'ExecutionResumed' }
const REASON = ['--reason', 'the disk is nearly full'] as const

interface Place {
  readonly dir: string
  readonly store: string
  open(): Promise<SqliteChainsStore>
  eosflow(...argv: readonly string[]): ReturnType<typeof inProcess>
}

const ended = (end: 'changed' | 'untouched'): EventBody => ({
  type: 'ExecutionEnded',
  outcome: 'succeeded',
  devices: { leaf1: end },
})

/** A project whose store has the records 1 to 18: x1 and x2 have changed leaf1, x3 has touched no switch, x4 is open. */
async function project(): Promise<Place> {
  const dir = temporaryFolder()
  writeFileSync(join(dir, 'eosflow.yaml'), 'version: 1\n')
  writeFileSync(
    join(dir, 'inventory.yaml'),
    `credentials: { lab: { username: u, password: "\${env:P}" } }\ndefaults: { credentials: lab }\ndevices: { leaf1: { host: 192.0.2.1 } }\n`,
  )
  const eosflow = (...argv: readonly string[]) => inProcess(argv, dir)
  expect(await eosflow('audit', 'key')).toMatchObject({ code: 0 })
  const folder = join(dir, '.eosflow')
  const place = {
    dir,
    store: join(folder, 'store.db'),
    eosflow,
    open: () =>
      openChainsStore({
        path: join(folder, 'store.db'),
        installKey: readFileSync(join(folder, 'install.key'), 'utf8').trim(),
        checkpointKey: () => signingKeys(folder, {}).readOrMake('checkpoint').key,
        clock: systemClock,
      }),
  }
  const store = asAlice(await place.open())
  for (const [id, end] of [
    ['x1', 'changed'],
    ['x2', 'changed'],
    ['x3', 'untouched'],
  ] as const)
    await store.append(id, [STARTED, RESUMED, RESUMED, RESUMED, ended(end)])
  await store.append('x4', [STARTED, RESUMED, RESUMED])
  await store.close()
  return place
}

const segmentsOf = (dir: string): readonly string[] =>
  readdirSync(join(dir, '.eosflow', 'segments')).filter((file) => file.endsWith('.db'))

/** The records of an export to the screen, as they were written, without what the export itself adds. */
async function exported(place: Place): Promise<readonly string[]> {
  const { stdout, code } = await place.eosflow('audit', 'export', '--format', 'jsonl')
  expect(code).toBe(0)
  return stdout.split('\n').filter((line) => line.startsWith('{"body"'))
}

describe('eosflow store seal', () => {
  test('puts old records into a segment, on record, and everything reads as before', async () => {
    const place = await project()
    const { dir, eosflow } = place
    const before = await exported(place)
    const list = await eosflow('executions')
    const made = await eosflow('store', 'seal', '--keep', '1', ...REASON)
    const [segment] = segmentsOf(dir)
    expect(made).toEqual({
      code: 0,
      stderr: '',
      stdout: `.eosflow/segments/${segment}: the records from 1 to 15, verified
9 records of those up to 15 are left in the store, because rules ask for them
The segment never changes: back it up once, and keep it at its place for show, history and audit
Next: eosflow audit verify
`,
    })
    expect(segment).toMatch(/^records-1-15-[0-9a-f]{16}\.db$/)
    expect(statSync(join(dir, '.eosflow', 'segments', segment ?? '')).mode & 0o777).toBe(0o600)
    expect(await eosflow('executions')).toEqual(list)
    expect((await exported(place)).slice(0, before.length)).toEqual(before)
    const listed = await eosflow('audit', 'list', '--code', 'EF908')
    expect(listed.stdout).toContain(
      `sealed the records from 1 to 15 as the segment ${segment}: the disk is nearly full`,
    )
    const verified = await eosflow('audit', 'verify')
    expect([verified.code, verified.stdout], verified.stderr).toEqual([0, expect.stringContaining('records')])
    expect((await eosflow('show', 'x1')).code).toBe(0)
  })

  test('says which segment is missing, and asks for none that no rule needs', async () => {
    const { dir, store, eosflow, open } = await project()
    await eosflow('store', 'seal', '--keep', '0', ...REASON)
    renameSync(join(dir, '.eosflow', 'segments'), join(dir, 'tape'))
    const listed = await eosflow('executions')
    expect([listed.code, listed.stdout], listed.stderr).toEqual([
      1,
      expect.stringMatching(
        /^x4 [\s\S]+\nx2 [\s\S]+\n2 executions\n2 more are in a segment that is not at its place\n/,
      ),
    ])
    expect(listed.stderr).toMatch(/records-1-18-[0-9a-f]{16}\.db is missing/)
    const json = await eosflow('executions', '--json')
    expect([json.code, JSON.parse(json.stdout)]).toMatchObject([1, { error: { kind: 'store' } }])
    const back = await eosflow('rollback', '@latest', '--detach')
    expect(back.stdout + back.stderr).toContain('x2')
    const shown = await eosflow('show', 'x1')
    expect([shown.code, shown.stderr], shown.stdout).toEqual([
      1,
      expect.stringMatching(/records-1-18-[0-9a-f]{16}\.db is missing: it has the records from 1 to 18/),
    ])
    expect((await eosflow('audit', 'verify')).code).toBe(6)
    // The newest change of leaf1, and what is open.
    for (const id of ['x2', 'x4']) expect((await eosflow('show', id)).code, id).toBe(0)
    const kept = await open()
    expect((await kept.openExecutions()).map(({ id }) => id)).toEqual(['x4'])
    await kept.close()
    expect(statSync(store).size).toBeGreaterThan(0)
    renameSync(join(dir, 'tape'), join(dir, '.eosflow', 'segments'))
    expect((await eosflow('audit', 'verify')).code).toBe(0)
  })

  test('seals again behind what is sealed, and nothing twice', async () => {
    const { dir, eosflow, open } = await project()
    const past = new Date(Date.now() + 60_000).toISOString()
    expect((await eosflow('store', 'seal', '--before', '2020-01-01', ...REASON)).stdout).toContain('Nothing was sealed')
    expect((await eosflow('store', 'seal', '--keep', '2', ...REASON)).code).toBe(0)
    expect((await eosflow('store', 'seal', '--keep', '2', ...REASON)).stdout).toContain('Nothing was sealed')
    expect((await eosflow('store', 'seal', '--keep', '0', ...REASON)).code).toBe(0)
    expect((await eosflow('store', 'seal', '--keep', '0', ...REASON)).stdout).toContain('Nothing was sealed')
    const store = asAlice(await open())
    await store.append('x4', [ended('untouched')])
    await store.append('x5', [STARTED, ended('changed')])
    await store.close()
    expect((await eosflow('store', 'seal', '--before', past, ...REASON)).code).toBe(0)
    expect(segmentsOf(dir)).toHaveLength(3)
    expect((await eosflow('audit', 'verify')).code).toBe(0)
    expect((await eosflow('show', 'x1')).code).toBe(0)
    expect((await eosflow('show', 'x3')).code).toBe(0)
  })

  test('a backup names the segments that it does not contain, and is restored beside them', async () => {
    const { dir, store, eosflow } = await project()
    await eosflow('store', 'seal', '--keep', '1', ...REASON)
    const [segment] = segmentsOf(dir)
    const made = await eosflow('store', 'backup', 'copy.db')
    expect(made.stdout).toContain(`Not in it, not verified with it, and to be copied once: ${segment}\n`)
    renameSync(store, join(dir, 'gone.db'))
    const restored = await eosflow('store', 'restore', 'copy.db', '--reason', 'the disk broke')
    expect(restored.code, restored.stderr).toBe(0)
    expect(restored.stdout).toContain(
      'The records from 1 to 15 are in segments, which were not verified: eosflow audit verify does that\n',
    )
    expect((await eosflow('audit', 'verify')).code).toBe(0)
    expect((await eosflow('show', 'x1')).code).toBe(0)
  })

  test('replaces a segment of the same records only when the new one is whole', async () => {
    const { dir, store, eosflow, open } = await project()
    await eosflow('store', 'backup', 'before.db')
    await eosflow('store', 'seal', '--keep', '1', ...REASON)
    const [segment = ''] = segmentsOf(dir)
    expect((await eosflow('store', 'restore', 'before.db', '--set-aside', ...REASON)).code).toBe(0)
    const [aside = ''] = readdirSync(dirname(store)).filter((file) => file.startsWith('store.db.before-'))
    const draft = join(dir, '.eosflow', 'segments', `.${segment}.part`)
    mkdirSync(draft)
    expect((await eosflow('store', 'seal', '--keep', '1', ...REASON)).code).toBe(3)
    expect((await eosflow('--store', join('.eosflow', aside), 'audit', 'verify')).code).toBe(0)
    rmdirSync(draft)
    const other = await open()
    expect((await eosflow('store', 'seal', '--keep', '1', ...REASON)).code).toBe(9)
    await other.close()
    expect((await eosflow('--store', join('.eosflow', aside), 'audit', 'verify')).code).toBe(0)
    expect((await eosflow('store', 'seal', '--keep', '1', ...REASON)).code).toBe(0)
    expect(segmentsOf(dir)).toEqual([segment])
    for (const name of ['store.db', aside])
      expect((await eosflow('--store', join('.eosflow', name), 'audit', 'verify')).code, name).toBe(0)
  })

  test('takes away what a killed sealing has left half made, writes through no link, and names other segments', async () => {
    const { dir, eosflow } = await project()
    const folder = join(dir, '.eosflow', 'segments')
    mkdirSync(folder)
    const strange = 'records-1-9-0011223344556677.db'
    writeFileSync(join(folder, strange), 'of a store that was set aside')
    writeFileSync(join(folder, `.${strange}.part`), 'half')
    writeFileSync(join(folder, `.${strange}.part-journal`), 'half')
    const made = await eosflow('store', 'seal', '--keep', '1', ...REASON)
    expect(made.stdout).toContain(`! No record of this store speaks of ${strange}: `)
    expect(readFileSync(join(folder, strange), 'utf8')).toBe('of a store that was set aside')
    expect(readdirSync(folder).filter((file) => file.startsWith('.'))).toEqual([])
    const json = await eosflow('store', 'seal', '--keep', '1', ...REASON, '--json')
    expect(JSON.parse(json.stdout)).toMatchObject({ kind: 'store-seal', strange: [strange] })
  })

  test('replaces a link at the place of a segment, and leaves alone what it names', async () => {
    const { dir, eosflow } = await project()
    await eosflow('store', 'backup', 'before.db')
    await eosflow('store', 'seal', '--keep', '1', ...REASON)
    const [segment = ''] = segmentsOf(dir)
    await eosflow('store', 'restore', 'before.db', '--set-aside', ...REASON)
    const folder = join(dir, '.eosflow', 'segments')
    writeFileSync(join(dir, 'other'), 'mine')
    for (const place of [segment, `.${segment}.part`]) {
      rmSync(join(folder, place), { force: true })
      symlinkSync(join(dir, 'other'), join(folder, place))
    }
    expect((await eosflow('store', 'seal', '--keep', '1', ...REASON)).code).toBe(0)
    expect(readFileSync(join(dir, 'other'), 'utf8')).toBe('mine')
    expect(lstatSync(join(folder, segment)).isFile()).toBe(true)
    expect(statSync(join(folder, segment)).mode & 0o777).toBe(0o600)
  })

  test('for a reason that repeats the install key, which is not put on record', async () => {
    const { dir, store, eosflow } = await project()
    const key = readFileSync(join(dir, '.eosflow', 'install.key'), 'utf8').trim()
    expect((await eosflow('store', 'seal', '--keep', '1', '--reason', `a stranger knows ${key}`)).code).toBe(0)
    expect(readFileSync(store, 'latin1')).toContain('a stranger knows ')
    expect(readFileSync(store, 'latin1')).not.toContain(key)
  })

  test('seals again where the segments before are kept elsewhere', async () => {
    const { dir, eosflow } = await project()
    const past = new Date(Date.now() + 60_000).toISOString()
    await eosflow('store', 'seal', '--keep', '2', ...REASON)
    renameSync(join(dir, '.eosflow', 'segments'), join(dir, 'tape'))
    expect((await eosflow('store', 'seal', '--before', past, ...REASON)).code).toBe(0)
    expect(segmentsOf(dir)).toHaveLength(1)
    expect((await eosflow('audit', 'verify')).code).toBe(6)
    for (const file of readdirSync(join(dir, 'tape')))
      renameSync(join(dir, 'tape', file), join(dir, '.eosflow', 'segments', file))
    expect((await eosflow('audit', 'verify')).code).toBe(0)
  })

  test.each([
    ['its newest record is the last that is sealed', [], '20 to 20'],
    ['it ends among them', ['later.db'], '20 to 21'],
  ])(
    'what a restored backup loses is said, also where the segment is kept elsewhere: %s',
    async (_name, later, lost) => {
      const { dir, eosflow } = await project()
      await eosflow('store', 'backup', 'before.db')
      for (const file of later) await eosflow('store', 'backup', file)
      await eosflow('store', 'seal', '--keep', '0', ...REASON)
      renameSync(join(dir, '.eosflow', 'segments'), join(dir, 'tape'))
      const restored = await eosflow('store', 'restore', 'before.db', '--set-aside', ...REASON)
      expect([restored.code, restored.stdout], restored.stderr).toEqual([
        0,
        expect.stringContaining(`Lost: the records from ${lost}, by the store that was there`),
      ])
    },
  )

  test('refuses a place of segments that is no folder, and says so', async () => {
    const { dir, eosflow } = await project()
    writeFileSync(join(dir, '.eosflow', 'segments'), '')
    const refused = await eosflow('store', 'seal', '--keep', '1', ...REASON)
    expect([refused.code, refused.stderr], refused.stdout).toEqual([
      1,
      expect.stringMatching(
        /^error \(store\): no segment can be put into \S+\/segments \(E\w+\): nothing was sealed\n/,
      ),
    ])
  })

  test('names a lock that is none, and seals nothing', async () => {
    const { dir, eosflow } = await project()
    mkdirSync(join(dir, '.eosflow', 'segments', 'sealing'), { recursive: true })
    const refused = await eosflow('store', 'seal', '--keep', '1', ...REASON)
    expect([refused.code, refused.stderr], refused.stdout).toEqual([
      1,
      expect.stringMatching(
        /^error \(store\): \S+\/segments\/sealing cannot be locked \(SQLITE_\w+\): nothing was sealed\n/,
      ),
    ])
    expect(segmentsOf(dir)).toEqual([])
  })

  test('no output is written into the folder of the segments', async () => {
    const { dir, eosflow } = await project()
    await eosflow('store', 'seal', '--keep', '1', ...REASON)
    const segment = join('.eosflow', 'segments', segmentsOf(dir)[0] ?? '')
    const before = readFileSync(join(dir, segment))
    for (const argv of [
      ['audit', 'export', '--format', 'jsonl', '--to', segment],
      ['audit', 'export', '--format', 'jsonl', '--to', join('.eosflow', 'segments', 'new')],
      ['store', 'backup', join('.eosflow', 'segments', 'new.db')],
    ])
      expect([argv, (await eosflow(...argv)).code]).toEqual([argv, 3])
    const io = { cwd: dir, scrubber: { scrub: (text: string) => text } } as unknown as Parameters<typeof saveText>[0]
    expect(() => saveText(io, segment, 'text')).toThrow(InputError)
    expect(readFileSync(join(dir, segment)).equals(before)).toBe(true)
  })

  test.each([
    ['without a reason', ['--keep', '1'], 3, 'a reason is missing'],
    ['with both parts', ['--keep', '1', '--before', '2026-01-01', ...REASON], 3, 'which records are meant'],
    ['with neither part', [...REASON], 3, 'which records are meant'],
    ['with a time that is none', ['--before', 'soon', ...REASON], 3, 'soon is no time'],
    ['with a count that is none', ['--keep', '-1', ...REASON], 3, '-1'],
  ])('seals nothing %s', async (_name, argv, code, says) => {
    const { eosflow, open } = await project()
    const refused = await eosflow('store', 'seal', ...argv)
    expect([refused.code, refused.stderr.includes(says)], refused.stderr).toEqual([code, true])
    const store = await open()
    expect(await store.retirement.files()).toEqual([])
    await store.close()
  })

  test('seals nothing while another process has the store open, and makes the segment again then', async () => {
    const { dir, eosflow, open } = await project()
    const other = asAlice(await open())
    const refused = await eosflow('store', 'seal', '--keep', '1', ...REASON)
    expect([refused.code, refused.stderr.includes('another process has the store')], refused.stderr).toEqual([9, true])
    expect(segmentsOf(dir)).toEqual([])
    await other.append('x4', [ended('untouched')])
    await other.close()
    expect((await eosflow('store', 'seal', '--keep', '1', ...REASON)).code).toBe(0)
    expect(segmentsOf(dir)).toHaveLength(1)
    expect((await eosflow('audit', 'verify')).code).toBe(0)
  })

  test('is asked of the policy', async () => {
    const { dir, eosflow, open } = await project()
    writeFileSync(join(dir, 'policy.yaml'), 'version: 1\nrules: []\n')
    writeFileSync(join(dir, 'eosflow.yaml'), 'version: 1\npolicy: policy.yaml\n')
    const refused = await eosflow('store', 'seal', '--keep', '1', ...REASON)
    expect([refused.code, refused.stderr.includes('audit.export')], refused.stderr).toEqual([4, true])
    const store = await open()
    expect(await store.retirement.files()).toEqual([])
    await store.close()
  })
})
