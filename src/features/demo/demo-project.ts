import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectFiles, writeFiles } from '../../project/authoring/scaffold/write-files.ts'
import { flagship, MISTAKE } from './demo-workflows.ts'
import type { HttpLogin } from './read-back.ts'

export function newDemoFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'eosflow-demo-'))
}

/** Writes the project of the demo into an empty folder, for simulated switches that answer already. */
export async function writeDemoProject(dir: string, devices: readonly HttpLogin[]): Promise<void> {
  await writeFiles(dir, projectFiles(Object.fromEntries(devices.map(({ name, http }) => [name, http.port]))))
  await writeFile(join(dir, 'workflows/add-vlan.yaml'), flagship().text)
  await writeFile(join(dir, 'workflows/move-underlay.yaml'), MISTAKE)
}
