import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { answerOfThread } from '../../../src/doors/http/answer-of-thread.ts'
import { temporaryFolder } from '../../lab/folder.ts'

/** A module that a thread is started with. */
function moduleOf(text: string) {
  const dir = temporaryFolder({
    'thread.mjs': `import { parentPort as port, workerData } from 'node:worker_threads'\n${text}`,
  })
  return pathToFileURL(join(dir, 'thread.mjs'))
}

const asked = (text: string, progress?: (done: number, of: number) => void) =>
  answerOfThread({ module: moduleOf(text), does: 'tries', job: { given: 7 } }, progress)

test('a thread gives its answer, says how far it is, and throws what was thrown there', async () => {
  const heard: (readonly [number, number])[] = []
  const text = `port.postMessage({ kind: 'progress', done: 1, of: 2 }); port.postMessage({ kind: 'found', found: workerData.given })`
  expect(await asked(text, (done, of) => heard.push([done, of]))).toBe(7)
  expect(heard).toEqual([[1, 2]])
  const failed = `port.postMessage({ kind: 'failed', fault: { kind: 'refused', message: 'not so' } })`
  await expect(asked(failed)).rejects.toThrow('not so')
  await expect(asked(`throw new Error('it broke')`)).rejects.toThrow('it broke')
  await expect(asked('')).rejects.toThrow('the thread that tries has ended without an answer')
  await expect(answerOfThread({ module: undefined, does: 'tries', job: {} })).rejects.toThrow('is not built')
})

test('whoever waits for a thread keeps the process alive: a command that runs once has its answer', {
  tags: ['long', 'turn'],
}, async () => {
  const held = () => process.getActiveResourcesInfo().filter((one) => one === 'MessagePort').length
  const before = held()
  const answer = asked(`setTimeout(() => port.postMessage({ kind: 'found', found: 1 }), 300)`)
  expect(held() - before).toBe(1)
  expect(await answer).toBe(1)
})
