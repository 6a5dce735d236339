import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureSystemDatabase, verifySystemDatabase } from '@dbos-inc/dbos-sdk/internal/system_database'
import { registerInternalQueue, wfQueueRunner } from '@dbos-inc/dbos-sdk/internal/wfqueue'
import { expect, test } from 'vitest'
import { sources, textOf } from '../../../house/sources.ts'
import { ROOT } from '../../../lab/checkout.ts'

test('two files take something from the inside of DBOS, and the version is pinned (ADR 99)', () => {
  const taking = sources.flatMap((file) =>
    [...textOf(file).matchAll(/'@dbos-inc\/dbos-sdk\/(internal\/[^']+)'/g)].map(([, module]) => module),
  )
  expect(taking.toSorted()).toEqual(['internal/system_database', 'internal/wfqueue'])
  const { devDependencies, peerDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  expect([devDependencies, peerDependencies].map((all) => all['@dbos-inc/dbos-sdk'])).toEqual(['5.3.0', '5.3.0'])
  const inside = JSON.parse(readFileSync(join(ROOT, 'node_modules/@dbos-inc/dbos-sdk/package.json'), 'utf8'))
  expect(inside.version).toBe('5.3.0')
})

test('[G46] what is used of it has the form that it had', () => {
  // How many parameters each has before the first with a default.
  expect([ensureSystemDatabase.length, verifySystemDatabase.length, registerInternalQueue.length]).toEqual([3, 3, 1])
  const loop = wfQueueRunner as unknown as Record<string, unknown>
  const prototype = Object.getPrototypeOf(loop) as Record<string, (...given: readonly unknown[]) => unknown>
  expect(loop.states).toBeInstanceOf(Map)
  expect([prototype.pollQueue?.length, prototype.ensureState?.length]).toEqual([2, 2])
  const { reconcileIntervalMs, transitionIntervalMs } = loop.constructor as unknown as Record<string, unknown>
  // Other tests of this process may have set them: they are numbers all the same.
  expect([typeof reconcileIntervalMs, typeof transitionIntervalMs]).toEqual(['number', 'number'])
  const source = String(prototype.ensureState)
  for (const member of ['queue', 'currentPollingMs', 'nextPollAt']) expect(source).toContain(member)
  // The loop asks by this method of itself, so that another one in its place is asked.
  expect(String(prototype.runQueuePoll)).toMatch(/this\.pollQueue\(/)
})
