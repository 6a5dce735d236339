import { readdirSync, readFileSync } from 'node:fs'
import { CI } from '../../../report/new-project/ci.ts'
import { inventoryText } from '../../../report/new-project/inventory.ts'
import { IGNORED, SETTINGS } from '../../../report/new-project/settings.ts'
import { WORKFLOW_TEST } from '../../../report/new-project/workflow-test.ts'
import { bundled } from '../../system/bundled.ts'

const COPIED = ['workflows/add-vlan.yaml', 'workflows/templates/vlan.j2']

/** `ports` are those on which its simulated switches answer. */
export function projectFiles(ports: Readonly<Record<string, number>>): ReadonlyMap<string, string | Uint8Array> {
  return new Map<string, string | Uint8Array>([
    ['eosflow.yaml', SETTINGS],
    ['inventory.yaml', inventoryText(ports)],
    ...COPIED.map((path) => [path, readFileSync(bundled(path))] as const),
    ...fabricFiles(),
    ['tests/add-vlan.test.yaml', WORKFLOW_TEST],
    ['.github/workflows/network.yml', CI],
    ['.gitignore', IGNORED],
  ])
}

function fabricFiles(): readonly (readonly [string, Uint8Array])[] {
  const folder = bundled('fixtures/dc1')
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const inside = `${entry.parentPath.slice(folder.length).replaceAll('\\', '/')}/${entry.name}`
      return [`fabrics/dc1${inside}`, readFileSync(`${folder}${inside}`)] as const
    })
    .sort(([a], [b]) => a.localeCompare(b))
}
