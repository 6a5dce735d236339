import { setImmediate, setTimeout } from 'node:timers/promises'
import type { ReadStream } from 'node:tty'

// So long nothing must have come before what was typed ahead is taken as read, milliseconds; a paste comes at once.
const SILENCE = 40
// At most so many looks: a key that is held down does not keep the question back.
const MOST_LOOKS = 10
// What Ctrl-C is while the terminal hands over each key.
const INTERRUPT = '\u0003'

interface EarlyInput {
  readonly some: boolean
  readonly interrupted: boolean
}

/**
 * Reads and drops what was typed or pasted before a question is asked: the next line of a pasted block is no answer to it. A line
 * that is not ended yet is dropped as well, which needs the terminal's raw mode (termios(3)); it is set back.
 */
export async function dropTypedAhead(stdin: ReadStream): Promise<EarlyInput> {
  let typed = ''
  const wasRaw = stdin.isRaw
  stdin.setRawMode(true)
  const take = (chunk: Buffer) => {
    typed += chunk.toString('latin1')
  }
  stdin.on('data', take)
  stdin.resume()
  for (let looks = 0, before: string | undefined; before !== typed && looks < MOST_LOOKS; looks++) {
    before = typed
    await setTimeout(SILENCE)
    // On a busy machine a timer runs before what came meanwhile is read. An immediate runs behind that reading.
    await setImmediate()
  }
  stdin.off('data', take)
  stdin.pause()
  stdin.setRawMode(wasRaw)
  return { some: typed !== '', interrupted: typed.includes(INTERRUPT) }
}
