import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readChainsExport } from '../../../src/journal/audit/chains-export.ts'
import { checkpointSigner } from '../../../src/journal/audit/checkpoint-key.ts'
import { faultOfMirrors } from '../../../src/journal/audit/mirrors.ts'
import type { Journal } from '../../../src/journal/journal.ts'
import { KeyRing } from '../../../src/journal/key-ring.ts'
import type { SqliteStore } from '../../../src/journal/sqlite/sqlite-store.ts'
import { signingKeyOf } from '../../../src/model/ed25519.ts'
import { everyNth, extent, extentOfLong } from '../../extent.ts'
import { fill } from '../../journal/fill-store.ts'
import { freshPath, KEY, openForTest, tamper } from '../../journal/sqlite/open-for-test.ts'
import { temporaryFolder } from '../../lab/folder.ts'
import { type AlteredExport, alterations } from './altered-export.ts'
import { BothVerifiers, type GivenExport, PYTHON } from './beside-python.ts'

const SIGNER = checkpointSigner(signingKeyOf(new KeyRing(KEY).checkpoint))

async function exported(store: SqliteStore, from: number, size: number): Promise<readonly string[]> {
  const { seq } = await store.head()
  let text = ''
  for (let next = from; next <= seq; next += size)
    text += await store.audit.jsonLines(await store.audit.records(next, size))
  return text.trimEnd().split('\n')
}

async function filled(): Promise<SqliteStore & Journal> {
  const store = await openForTest(':memory:')
  await fill(store, () => store.audit.close())
  return store
}

async function outsideOf(store: SqliteStore): Promise<string> {
  return (await store.audit.checkpoints(0)).map(({ note }) => note).join('\n')
}

/** The segment of the only execution that has ended. */
async function segmentOf(store: SqliteStore & Journal): Promise<readonly string[]> {
  const { retirement } = store
  // Another execution takes the switch that the first one had, or it would stay.
  await store.append('x3', [{ type: 'ActIntended', act: 'stage', device: 'leaf1', session: 's', checkpoint: 'c' }])
  const before = '2026-02-01T00:00:00.000Z'
  const leaving = await retirement.leaving({ before }, { executions: [], through: 1_000, now: before })
  let text = ''
  await retirement.write(await retirement.content(leaving), (line) => {
    text += line
  })
  return text.trimEnd().split('\n')
}

const EXPORTS: Readonly<Record<string, () => Promise<GivenExport>>> = {
  'in one batch': async () => {
    const store = await filled()
    return { lines: await exported(store, 1, 100), outside: await outsideOf(store) }
  },
  'in batches of five': async () => {
    const store = await filled()
    return { lines: await exported(store, 1, 5), outside: await outsideOf(store) }
  },
  'from the eighth record on': async () => {
    const store = await filled()
    return { lines: await exported(store, 8, 100), outside: await outsideOf(store) }
  },
  'from the tenth record on, without checkpoints from outside': async () => ({
    lines: await exported(await filled(), 10, 4),
    outside: '',
  }),
  'a segment': async () => ({ lines: await segmentOf(await filled()), outside: '' }),
}

/** What may be done to an export that still holds up to its last record, and why. */
const HARMLESS: readonly (readonly [why: string, what: RegExp])[] = [
  ['a receiver may get it twice', /^\w+ (?:twice|once more at the end)$/],
  ['blanks say nothing', /^\w+ (?:with a blank behind it|behind an empty line)$/],
  ['chains are read in any order, and so are checkpoints and texts', /^\w+ swapped with a \w+$/],
  ['a member that nobody knows says nothing', /^\w+ (?:\.\w+\.\*)? ?more in it$/],
  ['a batch goes on where the one before has ended', /^header (?:out|\.chains\.\* out|\.chains\.\*\.n altered)$/],
  ['every record behind that position is there all the same', /^header \.after altered$/],
  ['what a killed process has written last is passed over', /^(?:header behind|checkpoint half written|checkpoint \.)/],
  ['the newest checkpoint is over all that an older one is over', /^checkpoint out$/],
  ['the second signature has the time', /^(?:checkpoint \.checkpoint|segment \.segment) altered$/],
  ['the checkpoints in the export are signed too', /^outside /],
  ['a text is read with the install key', /^text \.bytes altered$/],
]

describe('an export that is altered', () => {
  test.each(Object.entries(EXPORTS))(
    '[G31] [S5] [S26] [S27] %s: here and in Python the same is found',
    { tags: 'cut' },
    async (name, make) => {
      const given = await make()
      const both = new BothVerifiers(join(temporaryFolder(), 'cases'), SIGNER.pem)
      const altered: readonly AlteredExport[] = [
        { ...given, kind: 'nothing', at: '' },
        ...everyNth({ test: 40, long: 24 }, `alterations of an export, ${name}`, [...alterations(given)]),
      ]
      const here = altered.map((one) => both.here(one))
      const isHeldWhole = (at: number): boolean => here[at]?.verdict === 'holds'
      expect(here[0]?.verdict).toBe('holds')
      const unnoticed = altered
        .filter((one, at) => isHeldWhole(at) && isOther(one, given))
        .filter(({ kind }) => !HARMLESS.some(([, what]) => what.test(kind)))
      expect(unnoticed.map(({ kind, at }) => `${kind}, ${at}`)).toEqual([])
      expect(here.filter(({ verdict }) => verdict === 'fails')).toEqual([])
      expect(altered.length).toBeGreaterThan(extent(25, extentOfLong(40, 1_090)))
      if (!PYTHON) return
      const there = both.inPython()
      const apart = altered.flatMap(({ kind, at }, index) => {
        const [one, other] = [here[index], there[index]]
        return one?.verdict === other?.verdict
          ? []
          : [`${kind}, ${at}: ${one?.verdict} (${one?.words}), ${other?.verdict} (${other?.words})`]
      })
      expect(there.length).toBe(altered.length)
      expect(apart).toEqual([])
    },
  )

  test('[G31] verified in Python (needs python3)', ({ skip }) => {
    if (!PYTHON) skip('python3 is not there')
    expect(PYTHON).toBe(true)
  })
})

function isOther({ lines, outside }: GivenExport, given: GivenExport): boolean {
  return lines.join('\n') !== given.lines.join('\n') || outside !== given.outside
}

test.each([1, 5, 100])('has a gap where an execution was taken out of the file, in batches of %i', async (size) => {
  const path = freshPath()
  const store = await openForTest(path)
  await fill(store, () => store.audit.close())
  tamper(path, "DELETE FROM event WHERE execution = 'x1'")
  const read = readChainsExport(await exported(store, 1, size))
  expect(read?.chains.fault).toMatchObject({ reason: expect.stringMatching(/^(record|the records).* missing/) })
})

test.each([
  [1, 'the records between 16 and 17 are missing'],
  [5, 'record 1 of execution x8 is missing: the register has that it began it'],
  [100, 'record 1 of execution x8 is missing: the register has that it began it'],
])(
  'does not hide an execution that was taken out of the file behind all others, in batches of %i',
  async (size, reason) => {
    const path = freshPath()
    const store = await openForTest(path)
    await fill(store, () => store.audit.close())
    await store.append('x8', [{ type: 'StateEntered', path: '', state: 'plan' }])
    await store.append('x2', [{ type: 'StateEntered', path: '', state: 'end' }])
    tamper(path, "DELETE FROM event WHERE execution = 'x8'")
    const chains = readChainsExport(await exported(store, 1, size))?.chains
    expect(chains && (chains.fault ?? faultOfMirrors(chains, chains.mirrors))).toMatchObject({ reason })
  },
)

test('[S28] a checkpoint that is signed behind an export leaves with the next one', async () => {
  const store = await filled()
  await store.append('x2', [{ type: 'StateEntered', path: '', state: 'end' }])
  const first = await exported(store, 1, 100)
  await store.audit.checkpoint()
  await store.append('x2', [{ type: 'StateEntered', path: '', state: 'over' }])
  const both = new BothVerifiers(join(temporaryFolder(), 'cases'), SIGNER.pem)
  const lines = [...first, ...(await exported(store, 18, 100))]
  expect(lines.filter((line) => line.startsWith('{"checkpoint"'))).toHaveLength(4)
  expect(both.here({ lines, outside: await outsideOf(store) })).toEqual({
    verdict: 'holds in part',
    words: '{"from":18,"to":18}',
  })
  if (PYTHON) expect(both.inPython()).toMatchObject([{ verdict: 'holds in part' }])
})
