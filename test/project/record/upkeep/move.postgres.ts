import { copyFileSync, cpSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openStore } from '../../../../src/change/record/sqlite/open-store.ts'
import { openProjectStore } from '../../../../src/project/app/store/project-store.ts'
import { openProject } from '../../../../src/project/files/project.ts'
import { moveIntoDatabase, withDatabase } from '../../../../src/project/record/upkeep/database-store.ts'
import { type MoveStep, moveStore } from '../../../../src/project/record/upkeep/move.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { ALICE, PLAN } from '../../../change/record/one-of-each-event.ts'
import { asAlice, tamper, thrownBy } from '../../../change/record/sqlite/open-for-test.ts'
import { everyNthOfLong } from '../../../extent.ts'
import { hostIn } from '../../../lab/opened-app.ts'
import { asSuperuser, serverForTests } from '../../../postgres/store-for-test.ts'
import { type MovedProject, movedProject, writeStore } from './moved-project.ts'

const servers = serverForTests()
const REASON = ['--reason', 'more than one machine']

async function initialised(executions?: number) {
  const project = await movedProject(servers.server, executions)
  expect(await project.eosflow('store init', project.url)).toMatchObject({ code: 0, stderr: '' })
  return project
}

const move = ({ eosflow, url }: MovedProject) => eosflow('store', 'move', '.', url, ...REASON)
const moves = ({ done, url }: MovedProject) => done('store', 'move', '.', url, ...REASON)
const notMoved = ({ refused, url }: MovedProject, code: number, words: string) =>
  refused(code, words, 'store', 'move', '.', url, ...REASON)

/** Which of the two commands take for the store: a new database has no records, and is none of these. */
async function storesOf({ eosflow, file: path, url }: MovedProject) {
  const file = await eosflow('executions', '--store', path)
  const database = await eosflow('executions', '--store', url)
  const has = ({ code, stdout }: typeof file) => code === 0 && /\bx\d/.test(stdout)
  return [...(has(file) ? ['file'] : []), ...(has(database) ? ['database'] : [])]
}

describe('a store that is moved', () => {
  test('is the database from then on, with every record, under the id that it had', async () => {
    const project = await initialised()
    const { dir, url, id, eosflow, json } = project
    expect(await storesOf(project)).toEqual(['file'])
    const moved = await move(project)
    expect(moved.stderr).toBe('')
    expect(moved.code).toBe(0)
    expect(moved.stdout).toContain(
      `Write into eosflow.yaml: store: ${url}\nName there the user that eosflow works as, a member of eos_worker`,
    )
    expect(await storesOf(project)).toEqual(['database'])
    const refused = await eosflow('executions')
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('was moved to postgres://postgres@127.0.0.1'),
    })

    writeStore(dir, url)
    expect((await eosflow('store', 'id')).stdout).toBe(`${id}\n`)
    const listed = (await json('executions')) as {
      executions: { id: string }[]
    }
    expect(listed.executions.map((execution) => execution.id)).toEqual(['x3', 'x2', 'x1'])
    const verified = await eosflow('audit', 'verify', '--json')
    expect(JSON.parse(verified.stdout)).toMatchObject({ outcome: 'intact' })
    const records = (await eosflow('audit', 'list', '--execution', 'x2', '--json')).stdout
    expect(records).toContain('öffnen')
  })

  test('is not written to where a backup of its file is put back, and the check of the database finds one', {
    tags: 'turn',
  }, async () => {
    const project = await initialised()
    const { dir, url, file, eosflow, done } = project
    await done('store', 'backup', 'before.db')
    await moves(project)
    const moved = expect.stringContaining(`was moved to ${url.replace(/\?.*/, '')}`)
    expect(await eosflow('store', 'restore', 'before.db', '--set-aside', '--reason', 'it broke')).toMatchObject({
      code: 1,
      stderr: moved,
    })
    for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
    copyFileSync(join(dir, 'before.db'), file)
    expect(await eosflow('freeze', '--reason', 'mine')).toMatchObject({ code: 1, stderr: moved })
    // Where nothing says it any more, the database knows which store it was.
    rmSync(`${file}.moved`)
    await done('freeze', '--reason', 'mine')
    const checked = await eosflow('store', 'check', url)
    expect(checked).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('is a backup of the store that was moved here'),
    })
    rmSync(file)
    await done('store', 'check', url)
  })

  test('is refused while an execution is open, and nothing has changed', async () => {
    const project = await initialised()
    const { dir, file, done } = project
    const key = readFileSync(join(dir, '.eosflow/install.key'), 'utf8').trim()
    const store = asAlice(
      await openStore({ path: file, installKey: key, checkpointKey: () => undefined, clock: systemClock }),
    )
    await store.append('x7', [{ type: 'StateEntered', path: '', state: 'push' }])
    await store.close()
    await notMoved(project, 10, 'open: x7')
    await done('executions')
  })

  test('is not moved from a file that is not there, and nothing is made in its place', { tags: 'turn' }, async () => {
    const project = await initialised()
    const { dir, url, eosflow } = project
    const typed = await eosflow('store', 'move', '.eosflow/stor.db', url, ...REASON)
    expect(typed).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('.eosflow/stor.db:1:1: there is no such file'),
    })
    expect(readdirSync(join(dir, '.eosflow')).filter((name) => name.startsWith('stor.db'))).toEqual([])
    await moves(project)
  })

  test('is refused while somebody else has the file open', { tags: 'turn' }, async () => {
    const project = await initialised()
    const { dir, file } = project
    const key = readFileSync(join(dir, '.eosflow/install.key'), 'utf8').trim()
    const store = await openStore({
      path: file,
      installKey: key,
      checkpointKey: () => undefined,
      clock: systemClock,
    })
    await notMoved(project, 9, 'another process has the store')
    await store.close()
    expect(await storesOf(project)).toEqual(['file'])
    await moves(project)
  })

  test('[G85] is refused where somebody has written since it was copied, and moved with that the next time', async () => {
    const project = await initialised()
    const { dir, url, eosflow } = project
    const frozen: Promise<{ readonly code: number }>[] = []
    const thrown = await thrownBy(() =>
      moving(project, async (step) => {
        if (step !== 'copied') return
        frozen.push(eosflow('freeze', '--reason', 'meanwhile'))
        await Promise.all(frozen)
      }),
    )
    expect(thrown).toMatchObject({ kind: 'busy', message: 'somebody has written to the store while it was copied' })
    expect(await Promise.all(frozen)).toMatchObject([{ code: 0 }])
    expect(await storesOf(project)).toEqual(['file'])
    await moves(project)
    writeStore(dir, url)
    expect((await eosflow('audit', 'list')).stdout).toContain('meanwhile')
  })

  test('is refused where a record in it was altered, and nothing is copied', { tags: 'turn' }, async () => {
    const project = await initialised()
    tamper(project.file, `UPDATE event SET body = replace(body, '"leaf', '"loaf') WHERE pos = 12`)
    await notMoved(project, 4, 'record 2 of execution x2 was altered')
    expect(await asSuperuser(addressIn(project.url), 'SELECT * FROM eosflow.event')).toEqual([])
  })

  test('goes into no database that has records, and of no other key', { tags: 'turn' }, async () => {
    const [one, other] = [await initialised(), await initialised()]
    await moves(one)
    const into = await other.eosflow('store move .', one.url, ...REASON)
    expect(into).toMatchObject({ code: 1, stderr: expect.stringContaining('under another key') })
    await other.done('executions')
    expect(await move(one)).toMatchObject({ code: 0, stdout: expect.stringContaining('The move had been begun') })
  })
})

describe('a store with segments', { tags: 'turn' }, () => {
  test('is moved, and goes on with them: records, texts, approvals that were used', async () => {
    const project = await initialised(6)
    const { dir, url, eosflow } = project
    const seal = (...part: string[]) => eosflow('store', 'seal', ...part, '--reason', 'it is long')
    expect((await seal('--keep', '4')).code).toBe(0)
    expect((await seal('--keep', '1')).code).toBe(0)
    const folder = join(dir, '.eosflow/segments')
    expect(readdirSync(folder).filter((file) => file.endsWith('.jsonl'))).toHaveLength(2)
    const moved = await move(project)
    expect(moved, moved.stderr).toMatchObject({ code: 0 })
    expect(await storesOf(project)).toEqual(['database'])
    writeStore(dir, url)
    const verified = await eosflow('audit', 'verify', '--json')
    expect(JSON.parse(verified.stdout)).toMatchObject({ outcome: 'intact' })
    const host = hostIn(dir)
    const { store } = await openProjectStore(openProject(host, {}), host)
    const ids = ['x1', 'x2', 'x3', 'x4', 'x5', 'x6']
    expect((await store.executionIds()).toSorted()).toEqual(ids)
    const texts: string[] = []
    for (const id of ids) {
      const events = await store.read(id)
      expect(events).toHaveLength(8)
      const made = events.find(({ type }) => type === 'PlanMade')
      if (made?.type === 'PlanMade') texts.push(await store.get(made.plan))
    }
    expect(texts).toEqual(['the plan 1', 'the plan 2', 'the plan 3', 'the plan 4', 'the plan 5', 'the plan 6'])
    const again = () => store.as(ALICE).append('x9', [{ type: 'ApprovalUsed', plan: PLAN, nonce: 'n1' }])
    expect(await thrownBy(again)).toMatchObject({ kind: 'not-approved' })
    await store.close()
  })

  test('is refused where one of them is missing, and the file is still the store', async () => {
    const project = await initialised(4)
    const { dir, done } = project
    await done('store', 'seal', '--keep', '1', '--reason', 'it is long')
    const folder = join(dir, '.eosflow/segments')
    const [file = ''] = readdirSync(folder).filter((name) => name.endsWith('.jsonl'))
    renameSync(join(folder, file), join(dir, file))
    await notMoved(project, 1, file)
    renameSync(join(dir, file), join(folder, file))
    expect(await storesOf(project)).toEqual(['file'])
    await moves(project)
  })
})

describe('a copy that is altered before it is the store', () => {
  test.each(
    everyNthOfLong(3, 'alterations of a copy', [
      [
        'a record',
        `UPDATE event SET body = replace(body, '"leaf', '"loaf') WHERE pos = 12`,
        0,
        'record 2 of execution x2 was altered',
      ],
      [
        'an execution, deleted',
        `DELETE FROM event WHERE execution = 'x1'; DELETE FROM execution WHERE id = 'x1'`,
        0,
        'x1',
      ],
      [
        'a record of the register',
        `UPDATE register SET body = replace(body, 'approve', 'reject ') WHERE n = 1`,
        0,
        'record 1 of the register was altered',
      ],
      ['the use of an approval, deleted', `DELETE FROM used WHERE key LIKE '%n1%'`, 0, 'is not kept'],
      ['a text', `UPDATE blob SET bytes = '\\x00'`, 0, 'was altered'],
      ['its id', `UPDATE store SET origin = 'eosflow.audit/0123456789abcdef'`, 1, 'is not what was copied any more'],
      [
        'the head of the register',
        `UPDATE register_head SET hash = '\\x${'00'.repeat(32)}'`,
        1,
        'is not what was copied any more',
      ],
      ['its end, deleted', 'DELETE FROM copied', 1, 'is not the copy eosflow.copy/'],
      [
        'the id of the copy',
        `UPDATE copied SET copy = 'eosflow.copy/0123456789abcdef'`,
        1,
        'is not the copy eosflow.copy/',
      ],
    ]),
  )('%s: is refused or found, by name', { tags: 'turn' }, async (_name, change, code, says) => {
    const project = await initialised()
    await killedBehind(project, 'closed')
    await asSuperuser(addressIn(project.url), `SET session_replication_role = replica; ${change}`)
    const moved = await move(project)
    expect([moved.code, moved.stderr]).toEqual([code, code === 0 ? '' : expect.stringContaining(says)])
    if (code !== 0) return
    writeStore(project.dir, project.url)
    const found = await project.eosflow('audit verify --json')
    expect(found.code).toBe(6)
    expect((JSON.parse(found.stdout) as { fault: { reason: string } }).fault.reason).toContain(says)
  })
})

describe('a store in a database that is called a copy', { tags: 'turn' }, () => {
  /** As on each machine that has not the file which says that it was closed. */
  const forget = ({ dir }: MovedProject) => {
    for (const file of ['store.db', 'store.db.moved']) rmSync(join(dir, '.eosflow', file), { force: true })
  }
  const SINCE =
    /the database says that it is a copy of a file, and it has been written to since \(record 28\): only somebody with the rights of its owner can have changed that/

  /** A store that was moved, and is called the copy that it was. */
  async function calledCopy() {
    const project = await initialised()
    await killedBehind(project, 'closed')
    const at = addressIn(project.url)
    await asSuperuser(at, 'CREATE TABLE public.was AS SELECT * FROM eosflow.copied')
    await moves(project)
    writeStore(project.dir, project.url)
    await asSuperuser(at, 'INSERT INTO eosflow.copied SELECT * FROM public.was')
    return project
  }

  test('is refused, and verified, by that name: nothing but a move writes to a copy', async () => {
    const project = await calledCopy()
    forget(project)
    const refused = await project.eosflow('executions --json')
    const { error } = JSON.parse(refused.stdout) as { error: { message: string; hint: string } }
    expect([refused.code, error.message]).toEqual([1, expect.stringMatching(SINCE)])
    expect(error.hint).toBe(
      'Find out who had them, and verify it (eosflow audit verify). Its owner makes it the store again: DELETE FROM eosflow.copied.',
    )
    const found = await project.eosflow('audit verify --json')
    const { fault } = JSON.parse(found.stdout) as { fault: { seq: number; reason: string } }
    expect([found.code, fault]).toEqual([6, { seq: 28, reason: expect.stringMatching(SINCE) }])
    await asSuperuser(addressIn(project.url), 'DELETE FROM eosflow.copied')
    expect(await project.eosflow('audit verify')).toMatchObject({ code: 0 })
  })

  test('is not emptied by a move of an older file', async () => {
    const project = await calledCopy()
    const backup = await movedProject(servers.server, 1)
    cpSync(join(project.dir, '.eosflow/install.key'), join(backup.dir, '.eosflow/install.key'))
    forget(project)
    const rows = () =>
      asSuperuser(
        addressIn(project.url),
        'SELECT (SELECT count(*) FROM eosflow.register) AS n, copy FROM eosflow.copied',
      )
    const before = await rows()
    const moved = await project.eosflow('store move', project.file, project.url, ...REASON)
    expect(moved.code).not.toBe(0)
    expect(await rows()).toEqual(before)
  })

  test('is named where it began in the database, and no move has sealed that', async () => {
    const project = await initialised()
    forget(project)
    writeStore(project.dir, project.url)
    expect(await project.eosflow('freeze --reason x')).toMatchObject({ code: 0 })
    await asSuperuser(
      addressIn(project.url),
      `INSERT INTO eosflow.copied(copy, n, hash, newest, seal)
        SELECT 'eosflow.copy/0123456789abcdef', h.n, h.hash, (SELECT max(pos) FROM eosflow.register), h.seal FROM eosflow.register_head h`,
    )
    const refused = await project.eosflow('executions')
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('and no move has sealed that') })
  })
})

/** What the store is once a process was killed behind a step. */
const STEPS: readonly (readonly [MoveStep, 'file' | 'database'])[] = [
  ['copied', 'file'],
  ['closed', 'database'],
  ['here', 'database'],
]

describe('a move that ends in the middle', () => {
  test.each(everyNthOfLong(3, 'steps behind which a move ends', STEPS))(
    '[G85] behind "%s": the %s is the store, and the next move ends it',
    async (last, is) => {
      const project = await initialised()
      const { dir, url, done } = project
      await killedBehind(project, last)
      expect(await storesOf(project)).toEqual([is])
      if (is === 'file') {
        // The file goes on: what it is given now is moved, too.
        await done('audit', 'export', '--format', 'cef', '--to', 'a.cef')
      }
      await moves(project)
      expect(await storesOf(project)).toEqual(['database'])
      writeStore(dir, url)
      await done('audit', 'verify')
    },
  )

  test('leaves no store where it has made one in the database and copied nothing, and the next move ends it', {
    tags: 'turn',
  }, async () => {
    const project = await movedProject(servers.server)
    const { dir, url, eosflow, done } = project
    const killed = moving(
      project,
      (step) => {
        if (step === 'made') throw new Error('killed')
      },
      moveIntoDatabase,
    )
    expect(await thrownBy(() => killed)).toMatchObject({ message: 'killed' })
    const refused = await eosflow('freeze', '--reason', 'x', '--store', url)
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('was made for a store that is moved here, and nothing of it was copied yet'),
    })
    expect(await storesOf(project)).toEqual(['file'])
    await moves(project)
    expect(await storesOf(project)).toEqual(['database'])
    writeStore(dir, url)
    await done('audit', 'verify')
  })
})

function addressIn(url: string) {
  const { port, pathname } = new URL(url)
  return { host: '127.0.0.1', port: Number(port), database: pathname.slice(1), user: 'postgres' }
}

/** Moves the store of a project. */
function moving(
  { dir, url, file }: MovedProject,
  heed: (step: MoveStep) => void | Promise<void>,
  by: typeof moveStore = moveStore,
) {
  const host = hostIn(dir)
  const own = withDatabase(openProject(host, {}), url)
  const caller = { principal: ALICE, tell: () => undefined, interactive: false }
  return by(own, host, caller as never, { file, reason: 'more than one machine', anchors: [], heed })
}

/** The same, killed as soon as a step is done. */
async function killedBehind(project: MovedProject, last: MoveStep) {
  const killed = moving(project, (step) => {
    if (step === last) throw new Error('killed')
  })
  expect(await thrownBy(() => killed)).toMatchObject({ message: 'killed' })
}
