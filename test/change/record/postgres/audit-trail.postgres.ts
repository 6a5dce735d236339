import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readChainsCheckpoint } from '../../../../src/change/record/audit/chains-checkpoint.ts'
import { readNote } from '../../../../src/change/record/audit/signed-note.ts'
import { verifyExport } from '../../../../src/project/record/audit/verify.ts'
import { hintWords } from '../../../../src/report/hint-words.ts'
import { everyNthOfLong } from '../../../extent.ts'
import { temporaryFolder } from '../../../lab/folder.ts'
import { asSuperuser, freshDatabase, openedAt, serverForTests } from '../../../postgres/store-for-test.ts'
import { filledCopy, filledStore, SIGNER, verified } from './filled-store.ts'

const servers = serverForTests()
const SCRIPT = fileURLToPath(new URL('../../../../docs/verify-export.py', import.meta.url))

describe('the audit trail of a store on PostgreSQL', () => {
  test('signs checkpoints at the end of an execution and where it is asked to, each over the one before', async () => {
    const store = await filledStore(await freshDatabase(servers.server))
    const checkpoints = await store.audit.checkpoints(0)
    expect(checkpoints.map(({ id, seq }) => [id, seq])).toEqual([
      [1, 7],
      [2, 11],
      [3, 16],
    ])
    const texts = checkpoints.map(({ note }) => readChainsCheckpoint(readNote(note)?.text ?? ''))
    // The register has the mirrors of two beginnings and one end, and three records of its own.
    expect(texts.map((text) => text?.register.n)).toEqual([3, 5, 6])
    expect(texts.map((text) => text?.heads.count)).toEqual([2, 2, 2])
    for (const { note } of checkpoints) expect(SIGNER.openChains(note)).toMatchObject({ origin: store.id })
  })

  test('holds, with all that is kept beside it, and with the checkpoints that were kept outside', async () => {
    const address = await filledCopy(servers.server)
    const store = await openedAt(address)
    const notes = (await store.audit.checkpoints(0)).map(({ note }) => note)
    const found = await verified(address, [{ file: 'worm', notes }])
    expect(found).toMatchObject({
      fault: undefined,
      from: 1,
      to: 16,
      records: 16,
      own: 3,
      anchors: 3,
      stale: undefined,
    })
    expect((await store.verifyChain()).seq).toBe(16)
  })

  test.each([
    ['in one batch', 100],
    ['in batches of three', 3],
    ['record by record', 1],
  ])('exports what is verified without the store, %s', { tags: 'turn' }, async (_name, size) => {
    const store = await filledStore(await freshDatabase(servers.server))
    const folder = temporaryFolder()
    let text = ''
    for (let next = 1; next <= 16; next += size)
      text += await store.audit.jsonLines(await store.audit.records(next, size))
    const [path, notes] = [join(folder, 'export.jsonl'), join(folder, 'checkpoints.note')]
    writeFileSync(path, text)
    const kept = (await store.audit.checkpoints(0)).map(({ note }) => note)
    writeFileSync(notes, kept.join('\n'))
    const measure = { verifier: SIGNER, anchors: [{ file: 'worm', notes: kept }], now: undefined, words: hintWords }
    expect(verifyExport(path, 'export.jsonl', measure)).toMatchObject({
      fault: undefined,
      records: 16,
      own: 3,
      anchors: 3,
      unvouched: undefined,
    })
    const said = execFileSync('python3', [SCRIPT, path, notes]).toString()
    expect(said).toBe('holds: 19 records of 3 chains\n')
  })

  test('is kept together by processes that each have a receiver, and written once by each of them', async () => {
    const address = await filledCopy(servers.server)
    const store = await openedAt(address)
    const others = [store, await openedAt(address), await openedAt(address)]
    await Promise.all(
      others.flatMap(({ audit }, index) =>
        [1, 2, 3].map((position) => audit.delivered(`sink number ${index}`, position)),
      ),
    )
    const each = await Promise.all(others.map((_, index) => store.audit.delivery(`sink number ${index}`)))
    expect(each.map((delivery) => delivery?.position)).toEqual([3, 3, 3])
    expect((await verified(address)).fault).toBeUndefined()
  })

  test.each(
    everyNthOfLong(2, 'altered words of a receiver', [
      ['another seal', "UPDATE delivery_head SET seal = decode(repeat('00', 32), 'hex')"],
      ['no seal', 'DELETE FROM delivery_head'],
    ]),
  )('[S22] that was altered is believed by nobody, and found each time: %s', async (_, done) => {
    const address = await filledCopy(servers.server)
    const store = await openedAt(address)
    await store.audit.delivered('sink siem', 8)
    await store.audit.delivered('anchor worm', 1)
    await asSuperuser(address, done)
    const altered = {
      kind: 'store',
      message: expect.stringContaining('how far receivers of records and checkpoints are is not what was sealed last'),
    }
    for (const opened of [store, await openedAt(address)]) {
      await expect(opened.audit.delivery('sink siem')).rejects.toMatchObject(altered)
      await expect(opened.audit.delivered('anchor worm', 2)).rejects.toMatchObject(altered)
    }
    for (const _again of [1, 2]) expect((await verified(address)).fault).toBeDefined()
  })
})
