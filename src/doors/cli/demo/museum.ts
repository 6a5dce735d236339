import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Fabric } from '../../../eos/sim/fabric/fabric.ts'
import type { HttpLogin } from '../../../features/demo/read-back.ts'
import { selectedCases } from '../../../lab/workflow-test/execution.ts'
import type { TestCase } from '../../../lab/workflow-test/schema.ts'
import { writeFiles } from '../../../project/authoring/scaffold/write-files.ts'
import { openProject } from '../../../project/files/project.ts'
import { testFilesOf } from '../../../project/files/test-files.ts'
import { bundled } from '../../../project/system/bundled.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { suggest } from '../../../text/source/suggest.ts'
import { silentIo } from '../thread/silent-io.ts'

// The museum: a project with a workflow and a workflow test of the same name for each incident (docs/post-mortems.md).
const MUSEUM = bundled('workflows/museum')

// How an incident that is shown differs from its workflow test: it waits for seconds.
const SHORTER: readonly (readonly [from: RegExp, to: string])[] = [
  [/within: 1m/, 'within: 20s'],
  [/stableFor: 20s/, 'stableFor: 2s\n      every: 1s'],
  [/^targets: .*$/m, '$&\nrollback: { within: 15s }'],
]

export interface Incident {
  readonly name: string
  readonly workflow: string
  readonly fabric: Fabric
}

export function incidents(): readonly Incident[] {
  const project = openProject(silentIo(MUSEUM), {})
  const all = selectedCases(project, { files: testFilesOf(project) })
  return [...new Set(all.map(nameOf))].flatMap((name) => {
    const cases = all.filter((one) => nameOf(one) === name)
    const shown = cases.find(({ expect: { outcome } }) => outcome === 'rolled-back')
    if (shown === undefined || cases.some(({ faults }) => faults.length > 0)) return []
    return [{ name, workflow: `workflows/${name}.yaml`, fabric: shown.fabric }]
  })
}

const nameOf = ({ file }: TestCase) => file.replace(/^tests\/|\.test\.yaml$/g, '')

/** Throws InputError for another name. */
export function incidentOf(name: string): Incident {
  const all = incidents()
  const found = all.find((incident) => incident.name === name)
  if (found !== undefined) return found
  const names = all.map((incident) => incident.name)
  const near = suggest(name, names)
  const hint = near === undefined ? `known here: ${names.join(', ')}` : `did you mean ${near}?`
  throw inputError('eosflow demo', 'unknown-name', `no incident \`${name}\` can be shown`, hint)
}

/** Writes the museum into an empty folder as the project of one incident, for simulated switches that answer already. */
export async function writeMuseum(dir: string, { workflow }: Incident, devices: readonly HttpLogin[]): Promise<void> {
  const paths = readdirSync(MUSEUM, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(MUSEUM.length + 1))
  const files = new Map(paths.map((path) => [path, readFileSync(join(MUSEUM, path), 'utf8')]))
  const shorter = SHORTER.reduce((text, [from, to]) => text.replace(from, to), files.get(workflow) ?? '')
  const inventory = withPorts(files.get('inventory.yaml') ?? '', devices)
  await writeFiles(dir, new Map([...files, [workflow, shorter], ['inventory.yaml', inventory]]))
}

function withPorts(inventory: string, devices: readonly HttpLogin[]) {
  return inventory.replace(/^( {2}(\S+): \{ host: 127\.0\.0\.1, port: )\d+/gm, (line, start: string, name: string) => {
    const port = devices.find((device) => device.name === name)?.http.port
    return port === undefined ? line : `${start}${port}`
  })
}
