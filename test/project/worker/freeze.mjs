import { writeSync } from 'node:fs'
import { Socket } from 'node:net'

/**
 * Loaded before a worker: stops the whole process in the line in which the answer about its fence is found to be fresh, of the first act of the kind
 * that EOSFLOW_TEST_FREEZE names. What is next when it goes on is the line before the bytes leave: it cannot have heard of anything meanwhile.
 * Acts are known by their announcement, on its way to the database.
 */
const wanted = process.env.EOSFLOW_TEST_FREEZE

/** An announced act as it is in the text of an append, its execution, what it is, and what only the staging of a change has. */
const ANNOUNCED = /\{[^{}]*?ActIntended[^{}]*/g
const EXECUTION = /"execution\\*":\\*"([0-9a-f-]+)/
const ACT = /"act\\*":\\*"([a-z]+)/
const CHECKPOINT = /"checkpoint\\*":/

let caught
const { write } = Socket.prototype
Socket.prototype.write = function (bytes, ...rest) {
  const text = bytes.includes('ActIntended') ? bytes.toString() : ''
  for (const [announced] of text.matchAll(ANNOUNCED)) {
    const act = ACT.exec(announced)?.[1]
    const kind = act === 'stage' && !CHECKPOINT.test(announced) ? 'plan' : act
    if (kind === wanted) caught ??= EXECUTION.exec(announced)?.[1]
  }
  return write.call(this, bytes, ...rest)
}

const now = process.hrtime.bigint
let isOver = false
process.hrtime.bigint = () => {
  const found = now()
  if (caught === undefined || isOver || !new Error().stack.includes('isFresh')) return found
  isOver = true
  writeSync(2, `frozen at ${wanted} of ${caught}\n`)
  process.kill(process.pid, 'SIGSTOP')
  return found
}
