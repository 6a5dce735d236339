import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { freshFolder, KEY, openForTest } from './open-for-test.ts'

const PROGRAM = new URL('./appending-process.ts', import.meta.url).pathname

type Child = ChildProcessByStdio<null, Readable, Readable>

function appending(path: string, execution: string, count = 'Infinity'): Child {
  const given = ['--path', path, '--key', KEY, '--execution', execution, '--count', count]
  return spawn(process.execPath, ['--import', 'tsx', PROGRAM, ...given], { stdio: ['ignore', 'pipe', 'pipe'] })
}

/** Everything the child said, once it is gone. */
async function saidBy(child: Child): Promise<{ acknowledged: readonly number[]; complaint: string }> {
  const [out, complaint] = [child.stdout, child.stderr].map(async (stream) => {
    let text = ''
    for await (const chunk of stream) text += String(chunk)
    return text
  })
  await once(child, 'close')
  const lines = (await (out ?? '')).split('\n')
  // What follows the last newline was cut off by the kill and counts as not acknowledged.
  return { acknowledged: lines.slice(0, -1).map(Number), complaint: await (complaint ?? '') }
}

describe('processes over one store', () => {
  test('ten kills lose no acknowledged record, and the chain verifies after each', async () => {
    const path = join(freshFolder(), 'store.sqlite')
    let acknowledged = 0
    for (let round = 0; round < 10; round++) {
      const child = appending(path, 'x1')
      // Killed at another moment each time, counted from its first record.
      child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), 7 * round))
      const said = await saidBy(child)
      expect(said.complaint).toBe('')
      expect(child.signalCode).toBe('SIGKILL')
      expect(said.acknowledged.length).toBeGreaterThan(0)

      const store = openForTest(path)
      const present = new Set((await store.read('x1')).map(({ seq }) => seq))
      expect(said.acknowledged.filter((seq) => !present.has(seq))).toEqual([])
      expect(store.verifyChain().seq).toBe(present.size)
      store.close()
      acknowledged += said.acknowledged.length
    }
    expect(acknowledged).toBeGreaterThan(50)
  })

  test('two that begin and append at once share one chain', async () => {
    const path = join(freshFolder(), 'store.sqlite')
    const said = await Promise.all([appending(path, 'x1', '300'), appending(path, 'x2', '300')].map(saidBy))
    for (const { acknowledged, complaint } of said) {
      expect(complaint).toBe('')
      expect(acknowledged).toHaveLength(300)
    }
    const store = openForTest(path)
    expect(store.verifyChain().seq).toBe(600)
    for (const [index, execution] of ['x1', 'x2'].entries()) {
      const devices = (await store.read(execution)).map((event) => (event.type === 'UndoFinished' ? event.device : ''))
      expect(devices).toEqual(Array.from({ length: 300 }, (_, number) => `leaf${number}`))
      expect((await store.read(execution)).map(({ seq }) => seq)).toEqual(said[index]?.acknowledged)
    }
  })
})
