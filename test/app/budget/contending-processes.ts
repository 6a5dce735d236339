import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

/** Has three processes contend over one store, each with so many executions; rejects where one of them complains. */
export async function contendingProcesses(given: Readonly<Record<string, string>>, starts: number): Promise<void> {
  const program = fileURLToPath(new URL('./contender-process.ts', import.meta.url))
  const ends = [1, 2, 3].map(async (seed) => {
    const options = Object.entries({ ...given, seed: String(seed), starts: String(starts) })
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', program, ...options.flatMap(([name, value]) => [`--${name}`, value])],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    )
    let complaint = ''
    child.stderr.on('data', (chunk: Buffer) => {
      complaint += String(chunk)
    })
    const [code] = await once(child, 'close')
    return [code, complaint]
  })
  expect(await Promise.all(ends)).toEqual([1, 2, 3].map(() => [0, '']))
}
