import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { fileClaims } from '../../../src/change/record/sqlite/claims.ts'
import { everyNth } from '../../extent.ts'
import {
  aroundAppends,
  exits,
  fileText,
  inProcess,
  json,
  openLab,
  prints,
  temporaryFolder,
  warns,
} from '../../lab/lab.ts'
import { leaveRecord } from './project-with-executions.ts'

/** The first test vector of RFC 8032, section 7.1: a key that has signed nothing here. */
const STRAY = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'

interface Site {
  readonly dir: string
  readonly key: string
  eosflow(argv: string | readonly string[], env?: Readonly<Record<string, string>>): ReturnType<typeof inProcess>
  /** Changes the store as somebody does who has SQLite. */
  tamper(sql: string): void
  /** What is in the store: records, and checkpoints. */
  counts(): readonly [records: number, checkpoints: number]
}

/** A project whose store holds a record and a checkpoint of it. */
async function site() {
  const dir = temporaryFolder({
    'eosflow.yaml': 'version: 1\naudit:\n  anchors: [{ name: worm, file: outside.note }]\n',
  })
  const inStore = <T>(work: (database: Database.Database) => T) => {
    const database = new Database(join(dir, '.eosflow/store.db'))
    try {
      return work(database)
    } finally {
      database.close()
    }
  }
  const made: Site = {
    dir,
    key: join(dir, '.eosflow/checkpoint.key'),
    eosflow: (argv, env) => inProcess(argv, dir, undefined, env),
    tamper: (sql) => inStore((database) => void database.exec(sql)),
    counts: () =>
      inStore((database) => [
        Number(
          database
            .prepare('SELECT (SELECT count(*) FROM event) + (SELECT count(*) FROM register WHERE mirror IS NULL)')
            .pluck()
            .get(),
        ),
        Number(database.prepare('SELECT count(*) FROM checkpoint').pluck().get()),
      ]),
  }
  await made.eosflow('store id')
  await leaveRecord(dir)
  expect(made.counts()).toEqual([1, 2])
  return made
}

const WRITES = [
  ['audit verify'],
  ['audit list'],
  ['audit export --format jsonl --to out.jsonl'],
  ['audit accept-clock --reason none'],
  ['policy retire --reason none'],
  ['key list'],
  ['key rotate plan --reason lost'],
  ['executions'],
  ['store id'],
] as const

/** Ways to have another key than the one that has signed the store: what is said of it, and what helps. */
const OTHERS: readonly (readonly [
  string,
  (made: Site) => Readonly<Record<string, string>>,
  said: RegExp,
  way: RegExp,
])[] = [
  [
    'a stray variable',
    () => ({ EOSFLOW_CHECKPOINT_KEY: STRAY }),
    /EOSFLOW_CHECKPOINT_KEY holds another checkpoint key than the one that has signed this store \(key id [0-9a-f]{8}\)/,
    /Take EOSFLOW_CHECKPOINT_KEY away .*without EOSFLOW_CHECKPOINT_KEY: eosflow key rotate checkpoint --reason TEXT/s,
  ],
  [
    'another file',
    ({ key }) => {
      writeFileSync(key, STRAY, { mode: 0o600 })
      return {}
    },
    /checkpoint\.key holds another checkpoint key than the one that has signed this store/,
    /Put the checkpoint\.key back .*eosflow key rotate checkpoint --reason TEXT/s,
  ],
  [
    'no file',
    ({ key }) => {
      rmSync(key)
      return {}
    },
    /the checkpoint key that has signed this store is not here \(key id [0-9a-f]{8}; EOSFLOW_CHECKPOINT_KEY, or checkpoint\.key beside the store\)/,
    /Give it back\. .*eosflow key rotate checkpoint --reason TEXT/s,
  ],
]

describe('another checkpoint key than the one that has signed the store', () => {
  test.each(OTHERS)(
    '%s: every command is refused before its first record, and the right key goes on',
    async (_, spoil, said, way) => {
      const made = await site()
      const copy = join(made.dir, 'kept.key')
      copyFileSync(made.key, copy)
      const env = spoil(made)
      const wasThere = existsSync(made.key)
      for (const argv of WRITES) {
        const { code, stderr, stdout } = await made.eosflow(argv, env)
        if (argv[0] === 'audit verify') {
          expect(stderr).toMatch(said)
          expect(stdout).toContain('it is signed with another key')
          expect(code).toBe(6)
          continue
        }
        expect(stderr, argv.join(' ')).toMatch(said)
        expect(stderr.replaceAll(/\s+/g, ' '), argv.join(' ')).toMatch(way)
        expect(code, argv.join(' ')).toBe(1)
      }
      expect(WRITES).toHaveLength(9)
      expect(made.counts()).toEqual([1, 2])
      expect(existsSync(made.key)).toBe(wasThere)
      copyFileSync(copy, made.key)
      expect(await made.eosflow('audit verify')).toMatchObject({ code: 0, stderr: '' })
    },
  )

  test.each(everyNth(2, 'other checkpoint keys', OTHERS.slice(1)))(
    '%s: a rotation puts the loss on record, and the record verifies from there on',
    async (_, spoil) => {
      const made = await site()
      spoil(made)
      const rotated = await made.eosflow(['key rotate checkpoint --reason', 'the disk was lost'])
      expect(rotated).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^checkpoint key lost:[0-9a-f]{8} replaced by SHA256:/),
      })
      expect(readFileSync(made.key, 'utf8')).toMatch(/^lost [0-9a-f]{8} until 1$/m)
      await prints(
        0,
        made.eosflow('audit verify'),
        /^✔ \d records .* hold/,
        '  0 checkpoints in the record and 0 from outside agree',
        '! no checkpoint from outside vouches for it',
        '! 4 checkpoints are of a key that was lost: their content agrees with the record, but nobody can verify',
      )
      // Nobody vouches for a record by a key that cannot be judged.
      // The first two checkpoints of the store, and those that the anchor has of them.
      await prints(
        0,
        made.eosflow('audit list --code EF612W'),
        /the checkpoint key lost:[0-9a-f]{8} was replaced by SHA256:\S+: the disk was lost/,
      )
      const pem = (await made.eosflow('audit key')).stdout
      expect(pem).toMatch(/\n# lost [0-9a-f]{8} behind record 1\n/)
      writeFileSync(join(made.dir, 'eosflow.pub'), pem)
      await leaveRecord(made.dir)
      await made.eosflow('audit export --format jsonl --to out.jsonl')
      await exits(0, made.eosflow('audit verify out.jsonl --pubkey eosflow.pub'))
    },
  )

  test('a file that holds no key is named, and the way out leads out', async () => {
    const made = await site()
    writeFileSync(made.key, 'not a key', { mode: 0o600 })
    await warns(
      1,
      made.eosflow('executions'),
      /Where it is lost take it away, then: eosflow key rotate checkpoint --reason TEXT/,
    )
    rmSync(made.key)
    await exits(0, made.eosflow('key rotate checkpoint --reason damaged'))
    await exits(0, made.eosflow('executions'))
  })

  test('what a lost key has signed is still compared: an anchor that says otherwise is a fault, a later one is not believed', async () => {
    const made = await site()
    const outside = join(made.dir, 'outside.note')
    const notes = readFileSync(outside, 'utf8')
    rmSync(made.key)
    await exits(0, made.eosflow('key rotate checkpoint --reason lost'))
    writeFileSync(outside, notes.replace(/\nregister 1 \S{44}\n/, `\nregister 1 ${'A'.repeat(43)}=\n`))
    await prints(
      6,
      made.eosflow('audit verify'),
      '✖ Record 1 of .eosflow/store.db does not hold: record 1 of the register, or one before it, was rewritten',
    )
    writeFileSync(outside, notes.replace(/\nnewest 1\n/, '\nnewest 2\n'))
    await prints(6, made.eosflow('audit verify'), 'it is signed with another key')
  })

  test('it is not replaced while a process runs an execution, which signs with it; another key is', async () => {
    const lab = openLab()
    await lab.exits(12, 'run workflow.yaml --detach')
    const { executions } = await json(lab.eosflow('executions --json'))
    const id = executions[0]?.id ?? ''
    const claim = await fileClaims(join(lab.dir, '.eosflow')).claim(id)
    const rotate = (key: string) => lab.eosflow('key rotate', key, '--reason', 'lost')
    expect(await rotate('checkpoint')).toMatchObject({
      code: 9,
      err: `✖ busy: execution ${id} runs, and signs checkpoints with the present key\n    Wait for it: eosflow watch ${id}\n`,
    })
    await exits(0, rotate('plan'))
    await claim.release()
    await exits(0, rotate('checkpoint'))
  })

  test('what puts switches back goes on, signs nothing, and the right key signs for it afterwards', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab()
    await lab.exits(12, 'run workflow.yaml --detach')
    const key = join(lab.dir, '.eosflow/checkpoint.key')
    const text = readFileSync(key, 'utf8')
    writeFileSync(key, STRAY, { mode: 0o600 })
    await lab.exits(1, 'resume')
    const warned =
      /! \S+checkpoint\.key holds another checkpoint key .* goes on all the same, because switches may have to be put back: no checkpoint is signed/
    await warns(0, lab.eosflow('recover --scan'), warned)
    await warns(0, lab.eosflow('stop @latest'), warned)
    writeFileSync(key, text, { mode: 0o600 })
    const verified = await lab.ok('audit verify')
    expect(verified.out).toEqual(expect.not.stringContaining('lost'))
  })

  test('a record that another process writes while a key is replaced leaves both keys good', async () => {
    const entered = { type: 'StateEntered', path: '', state: 'Push' } as const
    const lab = openLab({
      seams: (given) => ({
        ...given,
        journal: (journal) =>
          aroundAppends({
            behind: async (written) => {
              if (written.some(({ type }) => type === 'KeyRotated')) await journal.append('another', [entered])
            },
          })(journal),
      }),
    })
    await lab.ok('key rotate checkpoint --reason', 'a drill')
    expect(fileText(lab.dir, '.eosflow/checkpoint.key')).toMatch(/\nretired \S{44} until 2\n$/)
    await prints(0, lab.eosflow('audit verify'), '2 records of')
  })
})
