import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RunningFabric, startFabric } from '../../src/trial/start-fabric.ts'
import { leaves, PROJECT_FILES } from '../e2e/two-leaves.ts'
import { writeFiles } from '../lab/files.ts'
import { inventoryOf } from '../lab/inventory.ts'
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
  writeFiles(dir, { 'inventory.yaml': inventoryOf(fabric, () => ({ role: 'leaf' })), ...PROJECT_FILES.files })
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
