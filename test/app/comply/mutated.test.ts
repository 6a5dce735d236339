import { afterAll, describe, expect, test } from 'vitest'
import { commandsOf } from '../../../src/config/commands.ts'
import { lineDiff } from '../../../src/config/line-diff.ts'
import { parseConfig } from '../../../src/config/parse.ts'
import { sectionDifferences } from '../../../src/config/section-differences.ts'
import { sectionByKind } from '../../../src/config/sections.ts'
import { asPrinted } from '../../config/own-texts.ts'
import { shared, wholeConfigs } from '../../config/replace-pairs.ts'
import { everyNth, extent, extentOfLong } from '../../extent.ts'
import { type Simulated, simulate } from '../../sim/simulate.ts'
import { ALTERINGS, altered, type ExpectedLine, REWRITINGS, rewritten } from './mutations.ts'

/** What a switch shows of a whole configuration in a session; undefined where it refuses a line. */
async function staged({ call }: Simulated, session: string, text: string): Promise<string | undefined> {
  const open = `configure session ${session}`
  const commands = commandsOf(parseConfig(text))
  const cmds = ['enable', open, 'rollback clean-config', ...commands, 'end', `show session-config named ${session}`]
  const { result, error } = await call({ cmds: [...cmds, `${open} abort`], format: 'text' })
  if (error !== undefined) await call({ cmds: ['enable', `${open} abort`], format: 'text' })
  return error === undefined ? String(result?.at(-2)?.output) : undefined
}

/** A switch that runs what becomes of a text when it is typed: what a generator has written is not always what a switch prints. */
async function typedOn(text: string): Promise<Simulated | undefined> {
  const printed = await staged(simulate(text, { managementOutside: true }), 'typed', text)
  return printed === undefined ? undefined : simulate(printed, { managementOutside: true })
}

function named(running: string, candidate: string): string[] {
  return sectionDifferences(running, candidate, sectionByKind)
    .flatMap(({ section, lines }) =>
      lines.map(({ kind, change }): ExpectedLine => {
        return [section, kind, change.sign, [...change.path, change.line].join(' > ')]
      }),
    )
    .map((line) => line.join(' | '))
    .toSorted()
}

const words = (expected: readonly ExpectedLine[]): string[] => expected.map((line) => line.join(' | ')).toSorted()
const changed = (one: string, other: string): number => lineDiff(one, other).filter((line) => /^[+-]/.test(line)).length

interface Tried {
  same: number
  otherwise: number
  readonly refused: string[]
  /** What a comparison of the texts calls a difference where nothing means anything else. */
  textPairs: number
  textLines: number
  readonly ways: Set<string>
}

const nothingTried = (): Tried => ({ same: 0, otherwise: 0, refused: [], textPairs: 0, textLines: 0, ways: new Set() })

async function tryOn(tried: Tried, name: string, text: string, seed: number): Promise<void> {
  const device = await typedOn(text)
  if (device === undefined) {
    tried.refused.push(name.replace(/^.*__/, ''))
    return
  }
  const running = await device.text('show running-config')
  const same = rewritten(running, seed)
  expect(
    named(running, (await staged(device, 'same', same.text)) ?? ''),
    `${name} ${seed} ${same.ways.join(', ')}`,
  ).toEqual([])
  tried.same++
  for (const way of same.ways) tried.ways.add(way)
  const lines = changed(running, same.text)
  tried.textPairs += lines > 0 ? 1 : 0
  tried.textLines += lines
  const other = altered(running, seed)
  const found = named(running, (await staged(device, 'otherwise', other.text)) ?? '')
  expect(found, `${name} ${seed} ${other.way}`).toEqual(words(other.expected))
  tried.ways.add(other.way)
  tried.otherwise++
}

function say(what: string, { same, otherwise, textPairs, textLines }: Tried): void {
  process.stdout.write(
    `${what}: ${same} that mean the same with 0 differences, where a text compare has some in ${textPairs} with ${textLines} lines; ${otherwise} that mean something else, each with exactly its lines\n`,
  )
}

/** Of the recorded ones a switch refuses these: a description in two lines, which only a generator writes. */
const REFUSED = ['cv-pathfinder-edge1.cfg', 'cv-pathfinder-transit1A.cfg', 'monitor-connectivity.cfg']

describe.skipIf(shared === undefined)('recorded configurations, written otherwise (absent: ../shared)', () => {
  const configs = shared === undefined ? [] : wholeConfigs()
  const all = Array.from({ length: 510 }, (_, seed) => ({ seed, config: configs[(seed * 37) % configs.length] }))
  const here = everyNth({ test: 102, long: 51 }, 'mutated configurations', all)
  const tried = nothingTried()

  test('that mean the same do not differ, and that mean something else differ in exactly that, in its section', {
    tags: 'night',
    timeout: 300_000,
  }, async () => {
    for (const { seed, config } of here) if (config !== undefined) await tryOn(tried, config.name, config.text, seed)
    expect(configs).toHaveLength(397)
    expect(tried.same).toBe(tried.otherwise)
    expect(tried.same).toBeGreaterThanOrEqual(extent(4, extentOfLong(9, 500)))
    expect(extentOfLong(REFUSED, tried.refused.toSorted())).toEqual(REFUSED)
    expect(tried.textPairs).toBeGreaterThanOrEqual(extent(4, extentOfLong(9, 500)))
  })
  afterAll(() => say('recorded configurations', tried))
})

describe('configurations of our own, written otherwise', () => {
  const tried = nothingTried()

  test('that mean the same do not differ, and that mean something else differ in exactly that, in its section', {
    tags: 'long',
  }, async () => {
    for (const [index, { name, text }] of asPrinted.entries())
      for (const seed of [3 * index, 3 * index + 1, 3 * index + 2]) await tryOn(tried, name, text, seed)
    expect(tried.refused).toEqual([])
    expect(tried.same).toBe(3 * asPrinted.length)
    expect([...Object.keys(REWRITINGS), ...Object.keys(ALTERINGS)].filter((way) => !tried.ways.has(way))).toEqual([])
  })
  afterAll(() => say('own configurations', tried))
})
