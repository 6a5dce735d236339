import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { extentOfLong } from '../../extent.ts'
import { ROOT } from '../../lab/checkout.ts'
import { storm, stormLines } from './storm.ts'
import { startTeam, type Team } from './team.ts'
import { thaws } from './thaws.ts'

/** How the bundle says how old the proof of a fence is. */
const AGE = /const age=\(\)=>(monotonic\d*)\(\)-asked\d*/g

/** The command without one of its rules, in a folder of its own. */
interface Mutant {
  readonly command: string
  remove(): void
}

/** The command to which every fence is fresh, however old its proof is. It still looks at the clock: that is where `freeze.mjs` stops it. */
function withoutAge(): Mutant {
  const folder = mkdtempSync(join(tmpdir(), 'eosflow-mutant-'))
  cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true })
  cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'))
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  const bundle = join(folder, 'dist/doors/cli/program.cjs')
  const text = readFileSync(bundle, 'latin1')
  const found = text.match(AGE) ?? []
  if (found.length !== 1) throw new Error(`the age of a fence is in the bundle ${found.length} times`)
  writeFileSync(bundle, text.replace(AGE, 'const age=()=>{$1();return 0}'), 'latin1')
  // What V8 has made of the bundle is not of this one.
  rmSync(`${bundle}.code`, { force: true })
  return {
    command: join(folder, 'dist/doors/cli/main.js'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

const say = (line: string) => void process.stdout.write(`${line}\n`)
const SEED = Number(process.env.EOSFLOW_SEED ?? 1)

describe('workers as processes', () => {
  let team: Team
  beforeAll(async () => {
    team = await startTeam(48)
  })
  afterAll(() => team.close())

  test('a thawed worker sends nothing more, and ends: others have ended what it drove', {
    tags: 'night',
    timeout: 120_000,
  }, async () => {
    const end = await thaws(team, { thaws: 8, say })
    expect(end.late).toEqual([])
    expect([end.wrong, end.reached]).toEqual([[], 0])
    expect(end.frozen).toEqual({ save: 2, restore: 2, confirm: 1, arm: 1, stage: 1, plan: 1 })
  })

  test('one that does not judge the age of its fence sends all of it', {
    tags: 'night',
    timeout: 120_000,
  }, async () => {
    const mutant = withoutAge()
    try {
      const { late, frozen } = await thaws(team, { thaws: 4, command: mutant.command, say })
      expect(late.map(({ act }) => act).toSorted()).toEqual(['arm', 'confirm', 'restore', 'save'])
      expect(frozen).toEqual({ save: 1, restore: 1, confirm: 1, arm: 1 })
    } finally {
      mutant.remove()
    }
  })
})

describe('workers, their networks and their database', () => {
  let team: Team
  beforeAll(async () => {
    team = await startTeam(48, { isReplicated: true, dateStyle: process.env.EOSFLOW_DATESTYLE })
  })
  afterAll(() => team.close())

  test('[G110] whatever fails, they end every change as the record says', async () => {
    const executions = Number(process.env.EOSFLOW_STORM ?? extentOfLong(50, 100))
    const end = await storm(team, { executions, workers: 3, atOnce: 20, seed: SEED, faultEvery: 2000, say })
    say(`storm of ${end.begun}, seed ${SEED}:`)
    for (const line of stormLines(end)) say(line)
    expect(end.wrong).toEqual([])
    expect(end.unmet).toEqual([])
    expect(Object.values(end.outcomes).reduce((sum, count) => sum + count, 0)).toBe(end.begun)
    expect(end.outcomes.succeeded).toBeGreaterThan(executions / 3)
    expect(end.watchers.many).toBe(Math.ceil(end.begun / 8))
    expect(end.requests.left).toBeGreaterThan(executions * 4)
  }, 600_000)
})
