import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import type { EventBody } from '../../../src/change/record/event/event.ts'
import { linkHash } from '../../../src/change/record/seal/chain.ts'
import { systemClock } from '../../../src/project/system/machine/system-clock.ts'
import { asAlice } from '../../change/record/sqlite/open-for-test.ts'
import { alterStore } from '../../change/record/store-file.ts'
import { everyNth } from '../../extent.ts'
import { exits, inProcess, json, prints, shows, temporaryFolder, warns } from '../../lab/lab.ts'
import { openStoreIn } from './project-with-executions.ts'

const entered: EventBody = { type: 'StateEntered', path: '', state: 'Push' }
const ended: EventBody = { type: 'ExecutionEnded', outcome: 'succeeded', devices: { leaf1: 'changed' } }

interface Site {
  readonly dir: string
  readonly store: string
  readonly anchors: string
  audit(...argv: readonly string[]): ReturnType<typeof inProcess>
  /** Changes the store as somebody does who has SQLite, and gives how many rows each statement has changed. */
  tamper(...statements: readonly string[]): readonly number[]
}

async function site(more = '') {
  const dir = temporaryFolder()
  const anchors = join(dir, 'outside')
  writeFileSync(
    join(dir, 'eosflow.yaml'),
    `version: 1\naudit:\n  anchors: [{ name: worm, file: outside/checkpoints.note }]\n${more}`,
  )
  const store = join(dir, '.eosflow/store.db')
  const made: Site = {
    dir,
    store,
    anchors,
    audit: (line = '', ...argv) => inProcess([`audit ${line}`, ...argv], dir),
    tamper: (...statements) => alterStore(store, ...statements),
  }
  await exits(0, made.audit('key'))
  return made
}

/** Appends as a command of this project does. */
async function append({ dir }: Site, events: readonly EventBody[], execution = 'x1') {
  const opened = await openStoreIn(dir)
  await asAlice(opened).append(execution, events)
  await opened.audit.checkpoint()
  await opened.close()
}

/** Two executions of three records each, both checkpoints anchored; a copy of the store as it was between them. */
async function twoExecutions() {
  const made = await site()
  await append(made, [entered, entered, ended])
  await exits(0, made.audit('list'))
  const old = join(made.dir, 'old.db')
  const database = new Database(made.store)
  database.pragma('wal_checkpoint(TRUNCATE)')
  database.close()
  copyFileSync(made.store, old)
  await append(made, [entered, entered, ended], 'x2')
  await exits(0, made.audit('list'))
  return { ...made, old }
}

/** Puts the copy back, as somebody does who has the whole folder. */
function putBack({ store, old }: { readonly store: string; readonly old: string }) {
  for (const suffix of ['', '-wal', '-shm', '-head']) rmSync(`${store}${suffix}`, { force: true })
  copyFileSync(old, store)
}

/** The records of the first execution from its nth on written anew with fresh hashes, as somebody does who has no key. */
function rewrite({ store }: Site, from: number) {
  const database = new Database(store, { readonly: true })
  const rows = database
    .prepare<[], { n: number; covers: string; prev: Buffer; body: string }>(
      "SELECT n, covers, prev, body FROM event WHERE execution = 'x1' ORDER BY n",
    )
    .all()
  database.close()
  const hex = (bytes: Uint8Array) => `x'${Buffer.from(bytes).toString('hex')}'`
  let prev: Uint8Array = rows[from - 1]?.prev ?? Buffer.alloc(32)
  const statements = rows.slice(from - 1).map(({ n, covers, body: given }) => {
    const body = given.replace('Push', 'Pull').replace('leaf1', 'leaf9')
    const hash = linkHash({ n, prev, covers: JSON.parse(covers), body })
    const set = `body = '${body}', prev = ${hex(prev)}, hash = ${hex(hash)}`
    prev = hash
    return `UPDATE event SET ${set} WHERE execution = 'x1' AND n = ${n}`
  })
  alterStore(store, ...statements)
}

test('[3G5] a store that has lost its install key is judged by its checkpoint key, and what was not judged is said', async () => {
  const made = await twoExecutions()
  rmSync(join(made.dir, '.eosflow/install.key'))
  await prints(
    7,
    made.audit('verify'),
    '3 checkpoints in the record and 3 from outside agree',
    '✖ 6 records of .eosflow/store.db hold as far as they were judged: the install key is not here, so no seal of the newest records and no encrypted text was judged',
  )
  expect(await json(made.audit('verify --json'))).toMatchObject({
    outcome: 'not judged',
    unjudged: expect.stringContaining('the install key is not here'),
    exitCode: 7,
  })
  rewrite(made, 2)
  await prints(6, made.audit('verify'), 'record 3 of execution x1 is not the one that ended it by the register')
})

test('records and checkpoints are not appended to a file of the project or of its store', async () => {
  const own = [
    '.eosflow/store.db',
    '.eosflow/store.db-wal',
    '.eosflow/install.key',
    '.eosflow/checkpoint.key',
    'eosflow.yaml',
  ]
  const made = await site()
  const before = own.map((file) =>
    existsSync(join(made.dir, file)) ? readFileSync(join(made.dir, file), 'latin1') : '',
  )
  for (const file of own) {
    await warns(3, made.audit('export --format jsonl --to', file), 'it is a file of the project or of its store')
  }
  const after = own.map((file) =>
    existsSync(join(made.dir, file)) ? readFileSync(join(made.dir, file), 'latin1') : '',
  )
  expect(after.filter((text, index) => text !== before[index] && index !== 1)).toEqual([])
  const { stdout } = await exits(0, made.audit('list --code EF903I'))
  expect(stdout).not.toContain('AuditExported')
  writeFileSync(
    join(made.dir, 'eosflow.yaml'),
    'version: 1\naudit:\n  anchors: [{ name: worm, file: .eosflow/install.key }]\n  sinks: [{ name: siem, format: jsonl, file: .eosflow/install.key }]\n',
  )
  await append(made, [entered])
  await warns(
    3,
    made.audit('export --format jsonl --to siem'),
    'it is a file of the project or of its store',
    'the anchor worm has not taken',
  )
  expect(readFileSync(join(made.dir, '.eosflow/install.key'), 'latin1')).toBe(before[2])
})

describe('audit verify', () => {
  test('a record that nobody touched holds, and a fresh anchor vouches for it', async () => {
    const made = await twoExecutions()
    await prints(
      0,
      made.audit('verify --require-anchor'),
      /^✔ 6 records of \.eosflow\/store\.db hold, head \S{44}\n {2}3 checkpoints in the record and 3 from outside agree\nNext: /,
    )
  })

  /** A table of what may be done to a store: what was done, at which record it is found, and what is said. */
  const ATTACKS: Record<string, { attack: (made: Site & { old: string }) => void; seq: number; says: RegExp }> = {
    'one edited body': {
      attack: ({ tamper }) => tamper("UPDATE event SET body = replace(body, 'Push', 'Pull') WHERE pos = 2"),
      seq: 2,
      says: /Record 2 of \.eosflow\/store\.db does not hold: record 2 of execution x1 was altered\./,
    },
    'a deleted row': {
      attack: ({ tamper }) => tamper('DELETE FROM event WHERE pos = 5'),
      seq: 6,
      says: /Record 6 .*record 2 of execution x2 is missing\./,
    },
    'a cut tail, checkpoints kept': {
      attack: ({ tamper }) => tamper('DELETE FROM event WHERE pos > 4'),
      seq: 6,
      says: /Record 6 .*record 3 of execution x2 is missing: the register has that it ended it/,
    },
    'the chain rewritten from a record on, without the key': {
      attack: (made) => rewrite(made, 2),
      seq: 3,
      says: /record 3 of execution x1 is not the one that ended it by the register/,
    },
    'a checkpoint that somebody else has signed': {
      attack: ({ tamper }) =>
        tamper("UPDATE checkpoint SET note = replace(note, '— eosflow ', '— eosflow AAAA') WHERE id = 2"),
      seq: 0,
      says: /The chain .* a checkpoint in .*store\.db is not to be trusted: it is signed with another key\./,
    },
    'a head set back': {
      attack: ({ tamper }) =>
        tamper(
          'DELETE FROM event WHERE pos = 6',
          'DELETE FROM register WHERE n = 4',
          'DELETE FROM checkpoint WHERE id = 5',
          "UPDATE execution SET n = 2, last = 5, is_open = 1 WHERE id = 'x2'",
        ),
      seq: 4,
      says: /seal/,
    },
  }

  test.each(Object.entries(ATTACKS))(
    '[G79] %s is found in the store without an anchor',
    { tags: 'long' },
    async (_name, { attack, seq, says }) => {
      const made = await twoExecutions()
      attack(made)
      const empty = join(made.dir, 'empty')
      mkdirSync(empty)
      await prints(6, made.audit('verify --anchors', empty), says)
      expect(await json(made.audit('verify --anchors', empty, '--json'))).toMatchObject({
        outcome: 'tampered',
        fault: { seq },
        exitCode: 6,
      })
    },
  )

  test('a cut tail with the newer checkpoint and the head of then is found only with an anchor', async () => {
    const made = await twoExecutions()
    putBack(made)
    const empty = join(made.dir, 'empty')
    mkdirSync(empty)
    await prints(
      6,
      made.audit('verify --anchors', made.anchors),
      /record 4 of the register is missing: \S*checkpoints\.note has checkpoint 3, signed /,
    )
    putBack(made)
    await prints(
      0,
      made.audit('verify --anchors', empty),
      /✔ 3 records .*\n.*\n! no checkpoint from outside vouches for it/,
    )
    putBack(made)
    await exits(6, made.audit('verify --anchors', empty, '--require-anchor'))
  })

  test('a copy of the store without its key is held against its checkpoints by the public key, and left as it is', async () => {
    const made = await twoExecutions()
    writeFileSync(join(made.dir, 'eosflow.pub'), (await made.audit('key')).stdout)
    rmSync(join(made.dir, '.eosflow/install.key'))
    const good = await made.audit('verify --pubkey eosflow.pub')
    expect(good.stdout).toMatch(
      /✖ 6 records .* as far as they were judged: .*\n {2}3 checkpoints in the record and 3 from outside agree\n/,
    )
    made.tamper('DELETE FROM event WHERE pos > 4')
    const bad = await made.audit('verify --pubkey eosflow.pub')
    expect(bad.stdout).toMatch(/Record 6 .*record 3 of execution x2 is missing: the register has that it ended it/)
    expect([good.code, bad.code]).toEqual([7, 6])
    expect(existsSync(join(made.dir, '.eosflow/install.key'))).toBe(false)
  })

  test('a store cut and then grown again differs from the anchor', async () => {
    const made = await twoExecutions()
    putBack(made)
    await append(made, [entered, entered, entered, ended], 'x3')
    await prints(
      6,
      made.audit('verify'),
      /record 4 of the register, or one before it, was rewritten: outside\/checkpoints\.note has checkpoint 3/,
    )
  })

  test('anchors that somebody has altered are said to be', async () => {
    const made = await twoExecutions()
    const file = join(made.anchors, 'checkpoints.note')
    writeFileSync(file, readFileSync(file, 'utf8').replace('\nnewest 6\n', '\nnewest 7\n'))
    await prints(
      6,
      made.audit('verify'),
      /a checkpoint in outside\/checkpoints\.note is not to be trusted: its signature is not good/,
    )
  })

  test('a store that names another key than the one here does not hold, though its chain does', async () => {
    const made = await twoExecutions()
    made.tamper("UPDATE store SET key_check = 'another'")
    await prints(
      6,
      made.audit('verify'),
      /^✖ The chain of \.eosflow\/store\.db does not hold: it says that it was written under another key/,
    )
  })

  test('a checkpoint that was signed while the clock was far ahead is not fresh until then', {
    tags: ['long', 'turn'],
  }, async () => {
    const made = await site()
    await prints(0, made.audit('list'), '0 records')
    const clock = { ...systemClock, now: () => systemClock.now() + 400 * 86_400_000 }
    const ahead = await openStoreIn(made.dir, clock)
    await asAlice(ahead).append('x1', [ended])
    await ahead.audit.checkpoint()
    writeFileSync(join(made.dir, 'ahead.note'), (await ahead.audit.newestCheckpoint())?.note ?? '')
    await ahead.close()
    await prints(
      6,
      made.audit('verify --anchors ahead.note --require-anchor'),
      /and 1 from outside agree\n! the newest checkpoint from outside is more than a day old/,
    )
    await exits(0, made.audit('verify --require-anchor'))
  })

  test('an export is verified elsewhere, without the store, by the public key', async () => {
    const made = await twoExecutions()
    const exported = await made.audit('export --format jsonl')
    const { stdout: pem } = await made.audit('key')
    const away = temporaryFolder({ 'a.jsonl': exported.stdout, 'eosflow.pub': pem })
    copyFileSync(join(made.anchors, 'checkpoints.note'), join(away, 'checkpoints.note'))
    const verify = (...argv: string[]) => inProcess(['audit verify a.jsonl --pubkey eosflow.pub', ...argv], away)
    await prints(
      0,
      verify('--anchors', 'checkpoints.note', '--require-anchor'),
      /^✔ 7 records of a\.jsonl hold, head .*\n {2}4 checkpoints in the record and 4 from outside agree\n/,
    )
    await prints(
      0,
      inProcess('audit verify a.jsonl', away),
      'no signature was judged, because no key was given: whoever has the file could have written all of it anew',
    )
    const lines = exported.stdout.split('\n')
    writeFileSync(join(away, 'a.jsonl'), lines.filter((line) => !line.startsWith('{"chain":"x2","n":1,')).join('\n'))
    await prints(6, verify(), /^✖ Record 5 of a\.jsonl does not hold: record 1 of execution x2 is missing\.\n/)
    const isKept = (line: string) => !line.startsWith('{"chain":"register","n":5,')
    const upToSixth = lines.filter((line) => isKept(line) && !line.includes('\\nregister 5 '))
    writeFileSync(join(away, 'a.jsonl'), upToSixth.join('\n'))
    await exits(0, verify())
    expect((await verify('--anchors', '.')).stdout).toMatch(
      /record 5 of the register is missing: checkpoints\.note has checkpoint 4/,
    )
  })

  test.each(
    everyNth(4, 'questions to verify that are bad usage', [
      [['verify', 'no-such.jsonl'], /no-such\.jsonl:1:1: there is no such file/],
      [['verify', 'eosflow.yaml'], /eosflow\.yaml:1:1: this is no export of the record/],
      [['verify', '.eosflow'], /\.eosflow: cannot be read \(EISDIR\)/],
      [['verify', '--pubkey', '.eosflow'], /\.eosflow: cannot be read \(EISDIR\)/],
      [['verify', '--anchors', 'nowhere'], /nowhere: the checkpoints cannot be read \(ENOENT\)/],
      [['verify', '--pubkey', 'eosflow.yaml'], /eosflow\.yaml:1:1: this is no public key of checkpoints/],
      [['list', '--since', 'yesterday'], /--since: yesterday is no time/],
      [['export', '--format', 'xml'], /a format is one of jsonl, rfc5424, cef, otlp/],
      [['export'], /a format is one of jsonl, rfc5424, cef, otlp/],
      [['export', '--format', 'jsonl', '--since-seq', 'x'], /--since-seq: this is the number of a record/],
    ]),
  )('%j is bad usage: exit 3', async (argv, says) => {
    const made = await site()
    await warns(3, made.audit(...argv), says)
  })
})

test('[U25] in a folder without a store what only reads says that there is none, and makes none', async () => {
  const dir = temporaryFolder({ 'eosflow.yaml': 'version: 1\n' })
  const none = 'there is no store here, so nothing is on record'
  for (const [argv, exit, says] of [
    [['audit', 'list'], 3, none],
    [['executions'], 0, 'Nothing is on record here yet.'],
    [['executions', '--json'], 0, '"executions":[]'],
    [['audit', 'verify'], 3, none],
  ] as const) {
    await shows(exit, inProcess([...argv], dir), says)
    expect(readdirSync(dir)).toEqual(['eosflow.yaml'])
  }
})

describe('audit list', () => {
  test('shows the records that were asked for, each with its code', async () => {
    const made = await site()
    await append(made, [
      { type: 'StateEntered', path: '', state: 'Push' },
      { type: 'UndoStarted', device: 'leaf1' },
    ])
    await append(made, [{ type: 'UndoStarted', device: 'leaf2' }, ended], 'x2')
    const seqs = async (...argv: string[]) => {
      return ((await json(made.audit('list --json', ...argv))) as { records: { seq: number }[] }).records.map(
        ({ seq }) => seq,
      )
    }
    expect(await seqs()).toEqual([1, 2, 3, 4])
    expect(await seqs('--execution', 'x2')).toEqual([3, 4])
    expect(await seqs('--device', 'leaf1')).toEqual([2, 4])
    expect(await seqs('--actor', 'alice')).toEqual([1, 2, 3, 4])
    expect(await seqs('--actor', 'bob')).toEqual([])
    expect(await seqs('--code', 'ef42')).toEqual([2, 3])
    expect(await seqs('--code', 'EF112I', '--device', 'leaf1')).toEqual([4])
    expect(await seqs('--since', '2026-01-01', '--until', '2100-01-01')).toEqual([1, 2, 3, 4])
    expect(await seqs('--since', '2100-01-01')).toEqual([])
    expect(await seqs('--until', '2020-01-01')).toEqual([])
    await prints(
      0,
      made.audit('list --device leaf2'),
      /^ {5}3 {2}\S+Z {2}EF421I {2}local:1000:alice@noc1 {2}leaf2: UndoStarted putting it back\n1 record, newest checkpoint over 4\n/,
    )
  })
})
