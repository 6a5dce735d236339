import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type RunningFabric, startFabric } from '../../src/trial/start-fabric.ts'
import { leaves, PROJECT_FILES } from '../e2e/two-leaves.ts'
import { type ServerProcess, startServerProcess } from './server-process.ts'

/** A server over two simulated leaves of this process. */
export interface OwnServer {
  readonly dir: string
  readonly fabric: RunningFabric
  readonly server: ServerProcess
  close(): Promise<void>
}

/** Starts the server whose command is `file`, the built one or one around it, in a project of its own. */
export async function startOwnServer(file: string): Promise<OwnServer> {
  const fabric = await startFabric(leaves(2))
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-own-'))
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), text)
  }
  write('inventory.yaml', inventoryOf(fabric))
  for (const [path, text] of Object.entries(PROJECT_FILES.files)) write(path, text)
  const server = await startServerProcess(dir, file)
  return {
    dir,
    fabric,
    server,
    close: async () => {
      await server.kill()
      await fabric.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

function inventoryOf(fabric: RunningFabric): string {
  return JSON.stringify({
    defaults: { protocol: 'http', credentials: 'sim' },
    credentials: { sim: { username: 'admin', password: 'admin', simulated: true } },
    devices: Object.fromEntries(
      fabric.devices.map(({ name, http }) => [name, { host: http.host, port: http.port, tags: { role: 'leaf' } }]),
    ),
  })
}
