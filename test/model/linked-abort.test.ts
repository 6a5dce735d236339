import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { linkedAbort } from '../../src/model/linked-abort.ts'

test('a linked controller is aborted with its signal, and not the other way round', () => {
  const from = new AbortController()
  const linked = linkedAbort(from.signal)
  const other = linkedAbort(from.signal)
  other.abort()
  expect([from.signal.aborted, linked.signal.aborted, other.signal.aborted]).toEqual([false, false, true])
  from.abort()
  expect(linked.signal.aborted).toBe(true)
})

test('one that is linked to a signal which is aborted already is aborted, and one that is linked to none is by itself', () => {
  expect(linkedAbort(AbortSignal.abort()).signal.aborted).toBe(true)
  const alone = linkedAbort(undefined)
  expect(alone.signal.aborted).toBe(false)
  alone.abort()
  expect(alone.signal.aborted).toBe(true)
})

test('one that is unlinked leaves nothing on the signal and is aborted by itself alone', () => {
  const from = new AbortController()
  const linked = linkedAbort(from.signal)
  expect(getEventListeners(from.signal, 'abort')).toHaveLength(1)
  linked.unlink()
  expect(getEventListeners(from.signal, 'abort')).toHaveLength(0)
  from.abort()
  expect(linked.signal.aborted).toBe(false)
})
