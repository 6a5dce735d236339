import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { TestSpecification, Vitest } from 'vitest/node'
import short from '../vitest.config.ts'
import room from '../vitest.control-room.config.ts'
import long from '../vitest.long.config.ts'
import postgres from '../vitest.postgres.config.ts'
import { partOf } from './lab/part-of.ts'
import { LONGEST, LongestFirst } from './longest-first.ts'

const at = (file: string): string => fileURLToPath(new URL(file, import.meta.url))

/** The order in which files run under a seed. */
async function orderOf(seed: number, ...files: readonly string[]): Promise<readonly string[]> {
  const run = partOf<Vitest>({ config: { sequence: { seed } } })
  const specifications = files.map((file) => ({ moduleId: at(file) }) as TestSpecification)
  const sorted = await new LongestFirst(run).sort(specifications)
  return sorted.map(({ moduleId }) => files.find((file) => at(file) === moduleId) ?? moduleId)
}

test('the files that take longest are there, each once', () => {
  expect(LONGEST.filter((file) => !existsSync(at(file)))).toEqual([])
  expect(new Set(LONGEST).size).toBe(LONGEST.length)
  expect(LONGEST.length).toBeGreaterThan(20)
})

test('they run first, in their order; the others in an order that the seed decides', async () => {
  const others = Array.from({ length: 9 }, (_, index) => `other-${index}.test.ts`)
  const files = [...others, 'canary/canary.long.ts', 'cli/rehearse.test.ts']
  const [one, again, other] = [await orderOf(1, ...files), await orderOf(1, ...files), await orderOf(2, ...files)]
  expect(one.slice(0, 2)).toEqual(['cli/rehearse.test.ts', 'canary/canary.long.ts'])
  expect(one.slice(2).toSorted()).toEqual(others)
  expect(again).toEqual(one)
  expect(other.slice(2)).not.toEqual(one.slice(2))
  expect(one.slice(2)).not.toEqual(others)
})

test('so do all test runs of this folder', () => {
  for (const { test: config } of [short, long, postgres, room]) expect(config?.sequence?.sequencer).toBe(LongestFirst)
})
