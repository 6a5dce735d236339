import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { extentOfLong } from '../../../extent.ts'
import { bundled } from './bundled.ts'
import { freshPath, KEY, openForTest } from './open-for-test.ts'

type Child = ChildProcessByStdio<null, Readable, Readable>

function started(program: string, given: Readonly<Record<string, string>>) {
  const options = Object.entries({ key: KEY, ...given }).flatMap(([name, value]) => [`--${name}`, value])
  return spawn(process.execPath, [program, ...options], { stdio: ['ignore', 'pipe', 'pipe'] })
}

/** Everything the child said, once it is gone. */
async function saidBy(child: Child) {
  const [out, complaint] = [child.stdout, child.stderr].map(async (stream) => {
    let text = ''
    for await (const chunk of stream) text += String(chunk)
    return text
  })
  await once(child, 'close')
  const lines = (await (out ?? '')).split('\n')
  // What follows the last newline was cut off by the kill and counts as not acknowledged.
  return { acknowledged: lines.slice(0, -1), complaint: await (complaint ?? '') }
}

describe('processes over one store', () => {
  test('[F24b] ten kills lose no acknowledged record, and the chain verifies after each', {
    tags: 'long',
  }, async () => {
    const path = freshPath()
    const program = bundled('./appending-process.ts')
    let acknowledged = 0
    const rounds = extentOfLong([0, 4, 9], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    for (const round of rounds) {
      const child = started(program, { path, execution: 'x1' })
      // Killed at another record each time, in the middle of what follows it.
      let heard = 0
      child.stdout.on('data', (chunk: Buffer) => {
        heard += String(chunk).split('\n').length - 1
        if (heard > 2 * round) child.kill('SIGKILL')
      })
      const said = await saidBy(child)
      expect(said.complaint).toBe('')
      expect(child.signalCode).toBe('SIGKILL')
      expect(said.acknowledged.length).toBeGreaterThan(0)

      const store = await openForTest(path)
      const present = new Set((await store.read('x1')).map(({ seq }) => seq))
      expect(said.acknowledged.filter((seq) => !present.has(Number(seq)))).toEqual([])
      expect((await store.verifyChain()).seq).toBe(present.size)
      await store.close()
      acknowledged += said.acknowledged.length
    }
    expect(rounds).toHaveLength(extentOfLong(3, 10))
    expect(acknowledged).toBeGreaterThan(extentOfLong(15, 50))
  })

  test('[F24b] kills during bursts lose no acknowledged append, and leave none by half', {
    tags: 'long',
  }, async () => {
    const path = freshPath()
    const program = bundled('./bursting-process.ts')
    // Seed 15: how many acknowledgements are heard before the kill, so that it comes early and late in a burst.
    const kills = fc.sample(fc.integer({ min: 1, max: 400 }), { seed: 15, numRuns: extentOfLong(10, 30) })
    const acknowledged = new Set<string>()
    for (const [round, after] of kills.entries()) {
      const child = started(program, { path, round: String(round) })
      let heard = 0
      child.stdout.on('data', (chunk: Buffer) => {
        heard += String(chunk).split('\n').length - 1
        if (heard >= after) child.kill('SIGKILL')
      })
      const said = await saidBy(child)
      expect(said.complaint).toBe('')
      expect(child.signalCode).toBe('SIGKILL')
      expect(said.acknowledged.length).toBeGreaterThanOrEqual(after)
      for (const one of said.acknowledged) acknowledged.add(one)
    }
    const store = await openForTest(path)
    const present = (await Promise.all(['x0', 'x1', 'x2'].map((id) => store.read(id)))).flat()
    const halves = new Map<string, string[]>()
    for (const event of present) {
      if (event.type !== 'UndoFinished') throw new Error(`nobody wrote ${event.type}`)
      halves.set(event.device, [...(halves.get(event.device) ?? []), event.detail])
    }
    expect([...acknowledged].filter((one) => !halves.has(one))).toEqual([])
    expect([...halves.values()].filter((two) => two.join() !== 'first,second')).toEqual([])
    expect((await store.verifyChain()).seq).toBe(present.length)
    expect(kills).toHaveLength(extentOfLong(10, 30))
    expect(acknowledged.size).toBeGreaterThan(extentOfLong(500, 3_000))
  })

  test('two that begin and append at once share one store', { tags: 'long' }, async () => {
    const path = freshPath()
    const program = bundled('./appending-process.ts')
    const said = await Promise.all(
      ['x1', 'x2'].map((execution) => saidBy(started(program, { path, execution, count: '300' }))),
    )
    for (const { acknowledged, complaint } of said) {
      expect(complaint).toBe('')
      expect(acknowledged).toHaveLength(300)
    }
    const store = await openForTest(path)
    expect((await store.verifyChain()).seq).toBe(600)
    for (const [index, execution] of ['x1', 'x2'].entries()) {
      const devices = (await store.read(execution)).map((event) => (event.type === 'UndoFinished' ? event.device : ''))
      expect(devices).toEqual(Array.from({ length: 300 }, (_, number) => `leaf${number}`))
      expect((await store.read(execution)).map(({ seq }) => seq)).toEqual(said[index]?.acknowledged.map(Number))
    }
  })
})
