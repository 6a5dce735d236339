import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { EventBody } from '../../../src/change/record/event/event.ts'
import { saveText } from '../../../src/project/system/process/save-text.ts'
import { STARTED } from '../../change/record/one-of-each-event.ts'
import { asAlice } from '../../change/record/sqlite/open-for-test.ts'
import { everyNth } from '../../extent.ts'
import { exits, fileText, inProcess, partOf, prints, temporaryFolder, warns } from '../../lab/lab.ts'
import { eosflow } from './eosflow.ts'
import { ended, type Place, projectWithExecutions } from './project-with-executions.ts'

/** Loaded before the command: one call that concerns a file which is being made beside its place fails, as the system says that it does. */
const FAILING = `import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
const { FAILS, WITH } = process.env
const isMade = (path) => String(path).includes('.part')
const files = new Set()
const { openSync } = fs
fs.openSync = (path, ...given) => {
  const file = openSync(path, ...given)
  if (isMade(path)) files.add(file)
  else files.delete(file)
  return file
}
for (const name of ['openSync', 'writeSync', 'fsyncSync', 'linkSync', 'renameSync']) {
  const act = fs[name]
  fs[name] = (...given) => {
    const isOfIt = files.has(given[0]) || isMade(given[0])
    if (name === FAILS && isOfIt) throw Object.assign(new Error(WITH), { code: WITH, syscall: name })
    return act(...given)
  }
}
syncBuiltinESMExports()
`

/** The environment of a command whose disk fails in one kind of call, with one code. */
function failingDisk(fails: string, code: string): Readonly<Record<string, string>> {
  const script = join(temporaryFolder(), 'failing.mjs')
  writeFileSync(script, FAILING)
  return { NODE_OPTIONS: `--import=${script}`, FAILS: fails, WITH: code }
}

const _RESUMED: EventBody = { type: 'ExecutionResumed' }
const REASON = ['--reason', 'the disk is nearly full'] as const

const segmentsOf = (dir: string) =>
  readdirSync(join(dir, '.eosflow', 'segments')).filter((file) => file.endsWith('.jsonl'))

/** The records of an export to the screen, as they were written, without what the export itself adds. */
async function exported(place: Place) {
  const { stdout } = await exits(0, place.eosflow('audit export --format jsonl'))
  return stdout.split('\n').filter((line) => line.startsWith('{"chain"'))
}

describe('eosflow store seal', () => {
  test('puts old records into a segment, on record, and everything reads as before', async () => {
    const place = await projectWithExecutions()
    const { dir, eosflow } = place
    const before = await exported(place)
    const list = await eosflow('executions')
    const made = await eosflow('store', 'seal', '--keep', '1', ...REASON)
    const [segment] = segmentsOf(dir)
    expect(made).toEqual({
      code: 0,
      stderr: '',
      stdout: `.eosflow/segments/${segment}: 10 records of 2 executions, verified, 0.0 MiB; 4 of them stay in the store, too
Segments never change: copy each to where show, history and audit are asked, and back it up once
Next: eosflow audit verify
`,
    })
    expect(segment).toMatch(/^executions-1-15-[0-9a-f]{16}\.jsonl$/)
    expect(statSync(join(dir, '.eosflow', 'segments', segment ?? '')).mode & 0o777).toBe(0o600)
    expect(await eosflow('executions')).toEqual(list)
    expect((await exported(place)).slice(0, before.length)).toEqual(before)
    const listed = await eosflow('audit', 'list', '--code', 'EF912')
    expect(listed.stdout).toContain(segment ?? '')
    await prints(0, eosflow('audit', 'verify'), 'records')
    await exits(0, eosflow('show', 'x1'))
  })

  test('says which segment is missing, and asks for none that no rule needs', async () => {
    const { dir, eosflow, open } = await projectWithExecutions()
    await eosflow('store', 'seal', '--keep', '0', ...REASON)
    renameSync(join(dir, '.eosflow', 'segments'), join(dir, 'tape'))
    const back = await eosflow('rollback', 'x2', '--detach')
    expect(back.stdout + back.stderr).toContain('x2')
    await warns(1, eosflow('show', 'x1'), /executions-1-15-[0-9a-f]{16}\.jsonl is missing/)
    await exits(6, eosflow('audit', 'verify'))
    // The newest change of leaf1, and what is open.
    for (const id of ['x2', 'x4']) await exits(0, eosflow('show', id))
    const kept = await open()
    expect((await kept.openExecutions()).map(({ id }) => id)).toEqual(['x4'])
    await kept.close()
    renameSync(join(dir, 'tape'), join(dir, '.eosflow', 'segments'))
    await exits(0, eosflow('audit', 'verify'))
    await exits(0, eosflow('show', 'x1'))
  })

  test('seals again behind what is sealed, and nothing twice', { tags: ['long', 'turn'] }, async () => {
    const { dir, eosflow, open } = await projectWithExecutions()
    const past = new Date(Date.now() + 60_000).toISOString()
    const seal = async (...part: readonly string[]) => (await eosflow('store', 'seal', ...part, ...REASON)).stdout
    expect(await seal('--before', '2020-01-01')).toContain('Nothing was sealed')
    expect(await seal('--keep', '3')).toContain('5 records of 1 execution')
    expect(await seal('--keep', '3')).toContain('Nothing was sealed')
    expect(await seal('--keep', '0')).toContain('5 records of 1 execution')
    const store = asAlice(await open())
    await store.append('x4', [ended('untouched')])
    await store.append('x5', [STARTED, ended('changed')])
    await store.close()
    expect(await seal('--before', past)).toContain('9 records of 2 executions')
    expect(segmentsOf(dir)).toHaveLength(3)
    await exits(0, eosflow('audit', 'verify'))
    for (const id of ['x1', 'x2', 'x3', 'x4', 'x5']) await exits(0, eosflow('show', id))
  })

  test('a backup names the segments that it does not contain, and is restored beside them', async () => {
    const { dir, store, eosflow } = await projectWithExecutions()
    await eosflow('store', 'seal', '--keep', '1', ...REASON)
    const [segment] = segmentsOf(dir)
    const made = await eosflow('store', 'backup', 'copy.db')
    expect(made.stdout).toContain(`Not in it, not verified with it, and to be copied once: ${segment}\n`)
    renameSync(store, join(dir, 'gone.db'))
    const restored = await exits(0, eosflow('store', 'restore', 'copy.db', '--reason', 'the disk broke'))
    expect(restored.stdout).not.toContain('not verified')
    await exits(0, eosflow('audit', 'verify'))
    await exits(0, eosflow('show', 'x1'))
  })

  test('[G84] takes away what a killed sealing has left half made, writes through no link, and names other segments', async () => {
    const { dir, eosflow } = await projectWithExecutions()
    const folder = join(dir, '.eosflow', 'segments')
    mkdirSync(folder)
    const strange = 'executions-2-9-0011223344556677.jsonl'
    writeFileSync(join(folder, strange), 'of a store that was set aside')
    writeFileSync(join(dir, 'other'), 'mine')
    symlinkSync(join(dir, 'other'), join(folder, `.${strange}.part`))
    const made = await eosflow('store', 'seal', '--keep', '1', ...REASON)
    expect(made.stdout).toContain(`! No record of this store speaks of ${strange}: `)
    expect(fileText(folder, strange)).toBe('of a store that was set aside')
    expect(fileText(dir, 'other')).toBe('mine')
    expect(readdirSync(folder).filter((file) => file.startsWith('.'))).toEqual([])
    const json = await eosflow('store', 'seal', '--keep', '1', ...REASON, '--json')
    expect(JSON.parse(json.stdout)).toMatchObject({ kind: 'store-seal', strange: [strange] })
  })

  test('makes a segment of its own in the store that a backup has brought back', {
    tags: ['long', 'turn'],
  }, async () => {
    const { dir, store, eosflow } = await projectWithExecutions()
    await eosflow('store', 'backup', 'before.db')
    await eosflow('store', 'seal', '--keep', '1', ...REASON)
    const [segment = ''] = segmentsOf(dir)
    await exits(0, eosflow('store', 'restore', 'before.db', '--set-aside', ...REASON))
    const [aside = ''] = readdirSync(dirname(store)).filter((file) => file.startsWith('store.db.before-'))
    await exits(0, eosflow('store', 'seal', '--keep', '1', ...REASON))
    await exits(0, eosflow('audit', 'verify'))
    // The store that was set aside has lost its segment: the record of the same executions has another one now.
    expect(segmentsOf(dir)).toHaveLength(1)
    expect(segmentsOf(dir)).not.toEqual([segment])
    await prints(6, eosflow('--store', join('.eosflow', aside), 'audit', 'verify'), `${segment}; everything else holds`)
  })

  test('for a reason that repeats the install key, which is not put on record', async () => {
    const { dir, store, eosflow } = await projectWithExecutions()
    const key = fileText(dir, '.eosflow', 'install.key').trim()
    await exits(0, eosflow('store', 'seal', '--keep', '1', '--reason', `a stranger knows ${key}`))
    expect(readFileSync(store, 'latin1')).toContain('a stranger knows ')
    expect(readFileSync(store, 'latin1')).not.toContain(key)
  })

  test('seals again where the segments before are kept elsewhere', { tags: ['long', 'turn'] }, async () => {
    const { dir, eosflow } = await projectWithExecutions()
    const past = new Date(Date.now() + 60_000).toISOString()
    await eosflow('store', 'seal', '--keep', '3', ...REASON)
    renameSync(join(dir, '.eosflow', 'segments'), join(dir, 'tape'))
    await exits(0, eosflow('store', 'seal', '--before', past, ...REASON))
    expect(segmentsOf(dir)).toHaveLength(1)
    await exits(6, eosflow('audit', 'verify'))
    for (const file of readdirSync(join(dir, 'tape')))
      renameSync(join(dir, 'tape', file), join(dir, '.eosflow', 'segments', file))
    await exits(0, eosflow('audit', 'verify'))
  })

  test.each([
    ['its newest record is the last that is sealed', [], '20 to 20'],
    ['it ends among them', ['later.db'], '20 to 21'],
  ])(
    'what a restored backup loses is said, also where the segment is kept elsewhere: %s',
    { tags: ['long', 'turn'] },
    async (_name, later, lost) => {
      const { dir, eosflow } = await projectWithExecutions()
      await eosflow('store', 'backup', 'before.db')
      for (const file of later) await eosflow('store', 'backup', file)
      await eosflow('store', 'seal', '--keep', '0', ...REASON)
      renameSync(join(dir, '.eosflow', 'segments'), join(dir, 'tape'))
      await prints(
        0,
        eosflow('store', 'restore', 'before.db', '--set-aside', ...REASON),
        `Lost: the records from ${lost}, by the store that was there`,
      )
    },
  )

  test('refuses a place of segments that is no folder, and says so', async () => {
    const { dir, eosflow } = await projectWithExecutions()
    writeFileSync(join(dir, '.eosflow', 'segments'), '')
    await warns(
      1,
      eosflow('store', 'seal', '--keep', '1', ...REASON),
      /^✖ store: no segment can be put into \S+\/segments \(E\w+\): nothing was sealed\n/,
    )
  })

  test('names a lock that is none, and seals nothing', async () => {
    const { dir, eosflow } = await projectWithExecutions()
    mkdirSync(join(dir, '.eosflow', 'segments', 'sealing'), { recursive: true })
    await warns(
      1,
      eosflow('store', 'seal', '--keep', '1', ...REASON),
      /^✖ store: \S+\/segments\/sealing cannot be locked \(SQLITE_\w+\): nothing was sealed\n/,
    )
    expect(segmentsOf(dir)).toEqual([])
  })

  test('no output is written into the folder of the segments', async () => {
    const { dir, eosflow } = await projectWithExecutions()
    await eosflow('store', 'seal', '--keep', '1', ...REASON)
    const segment = join('.eosflow', 'segments', segmentsOf(dir)[0] ?? '')
    const before = readFileSync(join(dir, segment))
    for (const argv of [
      ['audit', 'export', '--format', 'jsonl', '--to', segment],
      ['audit', 'export', '--format', 'jsonl', '--to', join('.eosflow', 'segments', 'new')],
      ['store', 'backup', join('.eosflow', 'segments', 'new.db')],
    ])
      await exits(3, eosflow(...argv))
    const io = partOf<Parameters<typeof saveText>[0]>({ cwd: dir, scrubber: { scrub: (text: string) => text } })
    expect(() => saveText(io, segment, 'text')).toThrow('it is in the folder of the store')
    expect(readFileSync(join(dir, segment)).equals(before)).toBe(true)
  })

  test.each(
    everyNth(5, 'seals that are refused', [
      ['without a reason', ['--keep', '1'], 3, 'a reason is missing'],
      ['with both parts', ['--keep', '1', '--before', '2026-01-01', ...REASON], 3, 'which records are meant'],
      ['with neither part', [...REASON], 3, 'which records are meant'],
      ['with a time that is none', ['--before', 'soon', ...REASON], 3, 'soon is no time'],
      ['with a count that is none', ['--keep', '-1', ...REASON], 3, '-1'],
    ]),
  )('seals nothing %s', async (_name, argv, code, says) => {
    const { eosflow, open } = await projectWithExecutions()
    const refused = await eosflow('store', 'seal', ...argv)
    expect([refused.code, refused.stderr.includes(says)], refused.stderr).toEqual([code, true])
    const store = await open()
    expect(await store.retirement.files()).toEqual([])
    await store.close()
  })

  test('seals while another process has the store open, which goes on; the file becomes smaller behind it', async () => {
    const { dir, eosflow, open } = await projectWithExecutions()
    const other = asAlice(await open())
    await other.put('a text that nothing names '.repeat(40_000))
    await exits(0, eosflow('store', 'seal', '--keep', '1', ...REASON))
    expect(segmentsOf(dir)).toHaveLength(1)
    await other.append('x4', [ended('untouched')])
    expect((await other.read('x1')).map(({ type }) => type)).toHaveLength(5)
    await other.close()
    await exits(0, eosflow('audit', 'verify'))
  })

  test('is asked of the policy', async () => {
    const { dir, eosflow, open } = await projectWithExecutions()
    writeFileSync(join(dir, 'policy.yaml'), 'version: 1\nrules: []\n')
    writeFileSync(join(dir, 'eosflow.yaml'), 'version: 1\npolicy: policy.yaml\n')
    const refused = await exits(4, eosflow('store', 'seal', '--keep', '1', ...REASON))
    expect(refused.stderr.includes('audit.export')).toBe(true)
    const store = await open()
    expect(await store.retirement.files()).toEqual([])
    await store.close()
  })
})

const SEAL = ['store', 'seal', '--keep', '0', '--reason', 'the disk is nearly full']

test.each(
  everyNth(3, 'calls in which a disk fails', [
    ['openSync', 'EROFS'],
    ['fsyncSync', 'ENOSPC'],
    ['linkSync', 'EACCES'],
  ]),
)('a disk that fails in %s with %s is named, and nothing was sealed', async (fails, code) => {
  const { dir } = await projectWithExecutions()
  await warns(
    1,
    eosflow(SEAL, { cwd: dir, env: failingDisk(fails, code) }),
    new RegExp(`no segment can be put into .*/segments.*${code}.*: its records are in the store as they were\\n`),
  )
  expect(readdirSync(join(dir, '.eosflow/segments')).filter((name) => name.includes('executions-'))).toEqual([])
  await exits(0, inProcess('audit verify', dir))
  expect(await inProcess(SEAL, dir)).toMatchObject({ code: 0, stderr: '' })
})
