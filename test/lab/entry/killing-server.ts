import type { Worker } from 'node:worker_threads'
import { loadProgram } from '../../../src/doors/cli/load-program.ts'
import { processIo } from '../../../src/doors/cli/process-io.ts'
import { noSeams } from '../../../src/project/system/process/seams.ts'
import { aroundAppends } from '../around.ts'

/** What the parent of the process wants to be killed, when so many records of executions have been written since. */
export interface KillOrder {
  readonly what: 'front' | 'server'
  readonly records: number
}

/**
 * The command line as it is shipped, except that it kills itself, as `kill -9` does, or its newest thread, when its parent has said so. A
 * thread has no signal of its own: `terminate()` ends it at once, wherever it is, and nothing in it is closed or said.
 */
let order: KillOrder | undefined
let written = 0
let thread: Worker | undefined
process.on('worker', (worker) => {
  thread = worker
})
process.on('message', (given) => {
  order = given as KillOrder
  written = 0
})
process.channel?.unref()

const killing = aroundAppends({
  behind: async (appended, execution) => {
    if (execution !== undefined) written += appended.length
    if (order === undefined || written < order.records) return
    const { what } = order
    order = undefined
    if (what === 'front') return thread?.terminate()
    process.kill(process.pid, 'SIGKILL')
    return new Promise(() => undefined)
  },
})

const { main } = await loadProgram([])
process.exitCode = await main(process.argv.slice(2), { ...processIo(true), seams: { ...noSeams, journal: killing } })
