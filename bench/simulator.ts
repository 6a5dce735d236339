import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** Where one simulated switch answers, as `sim start --json` prints it. */
export interface SimulatedDevice {
  readonly name: string
  readonly username: string
  readonly password: string
  readonly http: { readonly host: string; readonly port: number }
}

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** The bundled fabric in a process of its own, so that its work is not counted as the client's. */
export async function startSimulator(): Promise<{ devices: readonly SimulatedDevice[]; stop(): void }> {
  const argv = ['--import', 'tsx', 'src/doors/cli/main.ts', 'sim', 'start', 'fixtures/dc1', '--json']
  const child = spawn(process.execPath, argv, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const { devices } = JSON.parse(line) as { devices: readonly SimulatedDevice[] }
  return {
    devices,
    stop: () => {
      child.kill('SIGTERM')
    },
  }
}
