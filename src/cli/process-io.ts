import { createInterface } from 'node:readline/promises'
import type { Io } from './io.ts'

/** The real terminal. The first interrupt asks for an orderly stop; the second ends the process, and the switches' timers protect them. */
export function processIo(noColor: boolean): Io {
  const stop = new AbortController()
  const interactive = process.stdin.isTTY === true && process.stderr.isTTY === true
  const interrupt = (): void => {
    if (stop.signal.aborted) process.exit(130)
    stop.abort()
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  return {
    env: process.env,
    cwd: process.cwd(),
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    interactive,
    color:
      !noColor && process.stdout.isTTY === true && process.env.NO_COLOR === undefined && process.env.CI === undefined,
    ask: async (question) => {
      if (!interactive) return undefined
      const lines = createInterface({ input: process.stdin, output: process.stderr })
      try {
        return await lines.question(question, { signal: stop.signal })
      } catch {
        return undefined
      } finally {
        lines.close()
      }
    },
    stop: stop.signal,
  }
}
