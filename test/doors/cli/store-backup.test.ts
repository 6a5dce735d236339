import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { EventBody } from '../../../src/change/record/event/event.ts'
import { taskToken, taskTokenDigest } from '../../../src/model/task-token.ts'
import { openProjectFile } from '../../../src/project/app/store/project-store.ts'
import { openProject } from '../../../src/project/files/project.ts'
import { requireNotRestored } from '../../../src/project/history/execution-view.ts'
import { backUp } from '../../../src/project/record/upkeep/backup.ts'
import { newFile } from '../../../src/project/system/process/new-file.ts'
import { STARTED } from '../../change/record/one-of-each-event.ts'
import { asAlice, tamper, thrownBy } from '../../change/record/sqlite/open-for-test.ts'
import { everyNth } from '../../extent.ts'
import { asking, exits, fileText, hostIn, inProcess, prints, temporaryFolder, warns } from '../../lab/lab.ts'
import { emptyProject } from './project-with-executions.ts'

const ENDED: EventBody = { type: 'ExecutionEnded', outcome: 'succeeded', devices: { leaf1: 'changed' } }
const ARMED: EventBody = { type: 'ActIntended', device: 'leaf1', act: 'stage', session: 's', checkpoint: 'c' }

/** A project whose store has x1, which has ended, and x2, which holds leaf1 and has not. */
async function project() {
  const place = await emptyProject()
  const store = await place.open()
  await asAlice(store).append('x1', [STARTED, ENDED])
  await asAlice(store).append('x2', [STARTED, ARMED])
  await store.put('hostname leaf1\n')
  await store.close()
  return place
}

const filesIn = (dir: string) => readdirSync(dir).sort()

describe('eosflow store backup', () => {
  test('writes a whole copy for its owner alone while another process writes, and says what is in it', async () => {
    const { dir, open, eosflow } = await project()
    const other = await open()
    await asAlice(other).append('x3', [STARTED])
    const made = await eosflow('--json', 'store', 'backup', 'copy.db')
    expect(made.stderr).toBe('')
    const { records, kind } = JSON.parse(made.stdout)
    expect([made.code, kind, records]).toEqual([0, 'store-backup', 6])
    await asAlice(other).append('x3', [ENDED])
    await other.close()
    expect(statSync(join(dir, 'copy.db')).mode & 0o777).toBe(0o600)
    expect((await eosflow('audit', 'list')).stdout).toContain('the store, up to this record, to copy.db')
    mkdirSync(join(dir, 'elsewhere'), { mode: 0o700 })
    for (const key of ['install.key', 'checkpoint.key'])
      copyFileSync(join(dir, '.eosflow', key), join(dir, 'elsewhere', key))
    copyFileSync(join(dir, 'copy.db'), join(dir, 'elsewhere', 'copy.db'))
    for (const key of filesIn(join(dir, 'elsewhere'))) chmodSync(join(dir, 'elsewhere', key), 0o600)
    await exits(0, eosflow('--store', 'elsewhere/copy.db', 'audit', 'verify'))
  })

  test.each([
    ['a file that is there', 'taken.db', 'something is there already'],
    ['a folder', 'folder', 'this is a folder'],
    ['a folder that is not there', 'nowhere/copy.db', 'cannot be written (ENOENT)'],
    ['the store', '.eosflow/store.db', 'it is a file of the project or of its store'],
  ])('writes over nothing: %s', async (_name, to, says) => {
    const { dir, eosflow } = await project()
    writeFileSync(join(dir, 'taken.db'), 'mine')
    mkdirSync(join(dir, 'folder'))
    const before = filesIn(dir)
    const refused = await exits(3, eosflow('store', 'backup', to))
    expect(refused.stderr.includes(says)).toBe(true)
    expect(filesIn(dir)).toEqual(before)
    expect(fileText(dir, 'taken.db')).toBe('mine')
  })

  test.each([
    ['a record', `UPDATE event SET body = replace(body, 'ExecutionStarted', 'ExecutionEnded') WHERE pos = 1`],
    ['a text', 'UPDATE blob SET bytes = zeroblob(64)'],
    ['the newest record', 'DELETE FROM register WHERE pos = 5'],
  ])('leaves no copy that is not whole: %s', async (_name, change) => {
    const { dir } = await project()
    const host = hostIn(dir)
    const found = openProject(host, { project: dir })
    const kept = await openProjectFile(found, host)
    const copyInto = async (path: string) => {
      await kept.file?.copyInto(path)
      tamper(path, change)
    }
    const file = { copyInto, changeNotes: async () => false }
    const app = { ...host, ...kept, file, insecureTls: false, project: found }
    const principal = { issuer: 'local', id: 'alice', kind: 'person', auth: 'os' } as const
    const caller = asking(principal)
    const before = filesIn(dir)
    expect(await thrownBy(() => backUp(app, caller, 'copy.db'))).toMatchObject({ kind: 'store' })
    expect(filesIn(dir)).toEqual(before)
    await kept.store.close()
  })

  test('[G82] a process that is killed leaves a draft, or the whole file, and never half of one', () => {
    const dir = temporaryFolder()
    const path = join(dir, 'copy.db')
    const made = newFile(path, 'copy.db')
    writeFileSync(made.draft, 'half')
    expect(filesIn(dir)).toEqual(['.copy.db.part'])
    expect(() => newFile(path, 'copy.db')).toThrow('or was when its process was killed')
    writeFileSync(made.draft, 'whole')
    made.finish()
    made.discard()
    expect([filesIn(dir), readFileSync(path, 'utf8')]).toEqual([['copy.db'], 'whole'])
  })
})

describe('eosflow store restore', () => {
  /** A backup of five records, and what was written behind it: x2 went on and ended, and nine records are there. */
  async function backedUp() {
    const place = await project()
    await exits(0, place.eosflow('store backup copy.db'))
    const store = await place.open()
    await asAlice(store).append('x2', [{ type: 'ExecutionResumed' }, ARMED, ENDED])
    await asAlice(store).append('x3', [STARTED])
    await store.close()
    return place
  }
  const REASON = ['--reason', 'the disk broke'] as const

  test('puts a verified backup into the place of a store that is gone, on record', async () => {
    const { dir, store, eosflow, open } = await backedUp()
    for (const file of filesIn(join(dir, '.eosflow')))
      if (file.startsWith('store.db')) renameSync(join(dir, '.eosflow', file), join(dir, file))
    const restored = await eosflow('store', 'restore', 'copy.db', ...REASON)
    expect(restored).toEqual({
      code: 0,
      stderr: '',
      stdout: `Restored from copy.db: 5 records, verified
Nothing here vouches for records behind the backup: what was written since it was made is lost
Open in the backup, and not resumed without --restored: x2
Freezes that were set since the backup are lost too: set them again with eosflow freeze
Keys of runs are refused where they are not on record, until: eosflow store accept-loss --reason TEXT
Approvals and task tokens from before count no more: approve plans again
Next: eosflow recover --scan
`,
    })
    expect(statSync(store).mode & 0o777).toBe(0o600)
    const found = await open()
    expect(await found.restored()).toMatchObject({ seq: 6, records: 5, reason: 'the disk broke', open: ['x2'] })
    expect(await found.leaseOf('leaf1')).toEqual({
      device: 'leaf1',
      execution: 'x2',
      token: 1_000_000_001,
      until: null,
    })
    expect((await found.verifyChain()).seq).toBeGreaterThan(5)
    await found.close()
    await exits(0, eosflow('audit', 'verify'))
  })

  test('writes over no store that has records, and keeps it where it is to be moved aside: says what is lost', async () => {
    const { dir, eosflow } = await backedUp()
    await warns(10, eosflow('store', 'restore', 'copy.db', ...REASON), 'there is a store of 9 records')
    const restored = await eosflow('store', 'restore', 'copy.db', '--set-aside', ...REASON)
    expect(restored.stdout, restored.stderr).toContain('Lost: the records from 6 to 9, by the store that was there\n')
    const aside = filesIn(join(dir, '.eosflow')).filter((file) => /^store\.db\.before-.*(?<!-head)$/.test(file))
    expect(aside).toHaveLength(1)
    await exits(0, eosflow('--store', `.eosflow/${aside[0]}`, 'executions'))
  })

  test('an execution that was open in the backup goes on only where somebody says that it is known', async () => {
    const { eosflow, open } = await backedUp()
    await eosflow('store', 'restore', 'copy.db', '--set-aside', ...REASON)
    for (const argv of [['resume'], ['resume', 'x2'], ['stop', 'x2']]) {
      const refused = await exits(10, eosflow(...argv))
      expect(refused.stderr.includes('x2 was open in the backup')).toBe(true)
    }
    const store = await open()
    const isRefused = async (isKnown: boolean) =>
      requireNotRestored({ store, words: () => '' }, 'x2', await store.read('x2'), isKnown).then(
        () => false,
        () => true,
      )
    expect([await isRefused(false), await isRefused(true)]).toEqual([true, false])
    await asAlice(store).append('x2', [{ type: 'ExecutionResumed' }])
    expect(await isRefused(false)).toBe(false)
    await store.close()
  })

  test('an anchor says how much is lost where the store that was there is gone, and refuses another history', async () => {
    const { dir, store, eosflow, open } = await backedUp()
    const later = await open()
    await later.audit.checkpoint()
    const notes = (await later.audit.checkpoints(0)).map(({ note }) => note)
    await later.close()
    writeFileSync(join(dir, 'anchor.note'), notes.join('\n'))
    renameSync(store, join(dir, 'gone.db'))
    const restored = await eosflow('store', 'restore', 'copy.db', '--anchors', 'anchor.note', ...REASON)
    expect(restored.stdout, restored.stderr).toContain('Lost: the records from 6 to 8, by anchor.note\n')
  })

  test.each([
    [
      'a backup that was altered',
      (dir: string) => tamper(join(dir, 'copy.db'), `UPDATE event SET body = replace(body, 'x1', 'x9') WHERE pos = 1`),
      4,
    ],
    ['a backup that is not there', () => undefined, 3],
    ['a file that is no store', (dir: string) => writeFileSync(join(dir, 'copy.db'), 'text'.repeat(2_000)), 1],
  ])('[G83] leaves everything as it is: %s', async (_name, spoil, code) => {
    const { dir, store, eosflow } = await backedUp()
    spoil(dir)
    const before = readFileSync(store)
    const named = code === 3 ? 'other.db' : 'copy.db'
    await exits(code, eosflow('store', 'restore', named, '--set-aside', ...REASON))
    expect(readFileSync(store).equals(before)).toBe(true)
    expect(filesIn(join(dir, '.eosflow')).filter((file) => /before|restoring/.test(file))).toEqual([])
  })

  test('[G83] nothing is replaced while another process has the store open', async () => {
    const { dir, eosflow, open } = await backedUp()
    const other = await open()
    const refused = await exits(9, eosflow('store', 'restore', 'copy.db', '--set-aside', ...REASON))
    expect(refused.stderr.includes('another process has the store')).toBe(true)
    await asAlice(other).append('x3', [ENDED])
    await other.close()
    expect(existsSync(join(dir, '.eosflow', '.store.db.restoring'))).toBe(false)
  })

  test('a task token that was given before counts no more', async () => {
    const place = await project()
    const key = fileText(place.dir, '.eosflow/install.key').trim()
    const token = taskToken(key, 'x2', 'a')
    const store = await place.open()
    await asAlice(store).append('x2', [
      { type: 'StateEntered', path: '', state: 'Ask' },
      { type: 'TaskSubmitted', path: '', state: 'Ask', token: taskTokenDigest(token) },
    ])
    await store.close()
    await place.eosflow('store backup copy.db')
    await prints(
      0,
      place.eosflow('store restore copy.db --set-aside', ...REASON),
      'Nothing is lost: the store that was there had no later record\n',
    )
    const answered = await place.eosflow('signal', token, '--output', '1')
    expect(answered.stderr).toContain('the token of Ask counts no more: the store was restored from a backup')
  })
})

const OF_RECORDS = [
  'audit accept-clock --reason x',
  'audit export',
  'audit list',
  'audit verify',
  'bundle list',
  'drain w1',
  'executions',
  'history @latest',
  'redrive @latest',
  'release-device leaf1 --reason x',
  'resume',
  'rollback @latest',
  'schedule list',
  'snapshot list',
  'stop @latest',
  'store backup copy.db',
  'store check',
  'store seal',
  'suspend @latest',
  'unfreeze',
  'watch @latest',
  'workers',
]

test.each(everyNth(4, 'commands that need a store', OF_RECORDS))(
  '%s of a store that is not there makes none',
  async (words) => {
    const dir = temporaryFolder({ 'eosflow.yaml': 'version: 1\n' })
    const { stdout } = await warns(
      3,
      inProcess([...words.split(' '), '--store', 'nosuch.db'], dir),
      'nosuch.db:1:1: there is no such store',
    )
    expect(stdout).toBe('')
    expect(readdirSync(dir)).toEqual(['eosflow.yaml'])
  },
)
