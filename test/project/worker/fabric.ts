import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { FromFabric } from './fabric-process.ts'

const SWITCHES = fileURLToPath(new URL('./fabric-process.ts', import.meta.url))

/** Simulated switches in a process of their own. */
export interface FabricBeside {
  readonly ports: Readonly<Record<string, number>>
  /** How the switches are now, and what was sent to them so far that can change them. */
  truth(): Promise<Extract<FromFabric, { kind: 'truth' }>>
  close(): void
}

/** Starts as many switches as are asked for. */
export async function fabricBeside(count: number): Promise<FabricBeside> {
  const child: ChildProcess = fork(SWITCHES, [String(count)], { execArgv: ['--import', 'tsx'] })
  const [ready] = (await once(child, 'message')) as [FromFabric]
  if (ready.kind !== 'ready') throw new Error('the switches are not there')
  return {
    ports: ready.ports,
    truth: async () => {
      child.send('truth')
      const [truth] = (await once(child, 'message')) as [FromFabric]
      if (truth.kind !== 'truth') throw new Error('the switches do not say how they are')
      return truth
    },
    close: () => child.disconnect(),
  }
}

/** The inventory of these switches. An answer that a half-open way never carries is given up before a storm calls its execution left alone. */
export function inventoryOf(ports: Readonly<Record<string, number>>) {
  const devices = Object.entries(ports).map(([name, port]) => [name, { host: '127.0.0.1', port }])
  return JSON.stringify({
    defaults: { protocol: 'http', credentials: 'sim', answerWithin: '20s' },
    credentials: { sim: { username: 'admin', password: 'admin', simulated: true } },
    devices: Object.fromEntries(devices),
  })
}
