import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { parseInventory } from '../../../src/change/inventory/inventory.ts'
import { checksWith, type KnownCheck } from '../../../src/change/workflow/check-calls.ts'
import { compileWorkflow } from '../../../src/change/workflow/compile.ts'
import type { Workflow } from '../../../src/change/workflow/definition/workflow.ts'
import { workflowSchema } from '../../../src/change/workflow/definition/workflow-schema.ts'
import { readParams } from '../../../src/change/workflow/param/read.ts'
import { changeLines, workflowSources } from '../../../src/change/workflow/template/change.ts'
import type { Files } from '../../../src/change/workflow/template/files.ts'
import { readYaml } from '../../../src/text/source/yaml.ts'
import { linesOf } from '../../table.ts'
import { sightOf } from './states-file.ts'

const ROOT = new URL('../../../', import.meta.url)

const files: Files = (path) => {
  try {
    return readFileSync(new URL(path, ROOT))
  } catch {
    return undefined
  }
}

const any = (name: string, needs?: string) => ({
  name,
  input: z.strictObject({}),
  ...(needs === undefined ? {} : { needs }),
})

const checks: KnownCheck[] = [
  any('reachable'),
  any('bgp-established'),
  any('mlag-healthy'),
  any('interfaces-up', 'interfaces'),
  any('lldp-as-before', 'lldp'),
  { name: 'vlans-present', input: z.strictObject({ vlans: z.array(z.int()) }) },
  {
    name: 'assert',
    input: z.strictObject({ command: z.string(), revision: z.int(), that: z.string(), says: z.string() }),
  },
]

const compiled = (file: string) => {
  const result = compileWorkflow(files(file) ?? '', file, { files, checks, policyPresent: false })
  if (!result.ok) throw new Error(JSON.stringify(result.problems, null, 2))
  return result.value
}

const params = (workflow: Workflow, given: Record<string, string>) => {
  const result = readParams(workflow, given)
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.value
}

function leafWith(tags: Readonly<Record<string, string>>) {
  const text = JSON.stringify({
    credentials: { lab: { username: 'a', password: `\${env:A}` } },
    devices: { leaf1: { host: '192.0.2.21', credentials: 'lab', tags } },
  })
  const read = parseInventory(text, 'inventory.yaml')
  const [device] = read.ok ? read.value.devices : []
  if (device === undefined) throw new Error(JSON.stringify(read))
  return sightOf(device)
}

const leaf1 = leafWith({ role: 'leaf', mlag: 'pair1', asn: '65101', loopback: '10.0.250.11' })

describe('the bundled workflows', () => {
  test('compile clean and fit the schema that editors use', () => {
    const names = readdirSync(new URL('workflows/', ROOT)).filter((name) => name.endsWith('.yaml'))
    expect(names.length).toBeGreaterThanOrEqual(3)
    for (const name of names) {
      const workflow = compiled(`workflows/${name}`)
      expect(workflow.name).toBe(name.replace('.yaml', ''))
      const read = readYaml(workflow.text, name)
      expect(read.ok && workflowSchema([]).safeParse(read.value.value).success).toBe(true)
    }
  })

  test('add-vlan renders as the fabric writes its VLANs', () => {
    const workflow = compiled('workflows/add-vlan.yaml')
    const values = params(workflow, { vlan: '130', label: 'PROD-CACHE', trunks: '[Port-Channel1, Port-Channel2]' })
    const change = changeLines(workflow, values, leaf1, files)
    expect(change.ok && change.value.lines).toEqual(
      linesOf(`
      vlan 130
         name PROD-CACHE
      !
      interface Port-Channel1
         switchport trunk allowed vlan add 130
      !
      interface Port-Channel2
         switchport trunk allowed vlan add 130
      !
      interface Vxlan1
         vxlan vlan 130 vni 10130
      !
      router bgp 65101
         vlan 130
            rd 10.0.250.11:10130
            route-target both 10130:10130
            redistribute learned
    `),
    )
    const sources = workflowSources(workflow, change.ok ? [change.value, change.value] : [])
    expect(sources.map(({ file }) => file)).toEqual(['workflows/add-vlan.yaml', 'workflows/templates/vlan.j2'])
    const calls = checksWith(workflow, values, checks)
    expect(calls.ok && calls.value[1]).toMatchObject({ name: 'vlans-present', input: { vlans: [130] } })
  })

  test('add-bgp-peer changes both ends and nobody else', () => {
    const workflow = compiled('workflows/add-bgp-peer.yaml')
    const values = params(workflow, { loopbacks: '[10.0.250.11, 10.0.250.13]', asns: '[65101, 65102]' })
    const lines = (loopback: string) => {
      const change = changeLines(workflow, values, leafWith({ loopback }), files)
      return change.ok ? change.value.lines : change.problems
    }
    expect(lines('10.0.250.11').slice(0, 2)).toEqual(['router bgp 65101', '   neighbor 10.0.250.13 remote-as 65102'])
    expect(lines('10.0.250.13').slice(0, 2)).toEqual(['router bgp 65102', '   neighbor 10.0.250.11 remote-as 65101'])
    expect(lines('10.0.250.11')).toHaveLength(8)
    expect(lines('10.0.250.12')).toEqual([])
  })

  test('replace-config takes the file of each switch, beside the workflow or at the root', () => {
    const workflow = compiled('workflows/replace-config.yaml')
    const at = (folder: string) =>
      changeLines(workflow, {}, leaf1, (path) =>
        path === `${folder}intended/leaf1.cfg` ? '! x\nhostname leaf1\n!\nend\n' : undefined,
      )
    for (const folder of ['', 'workflows/']) {
      const change = at(folder)
      expect(change).toMatchObject({
        ok: true,
        value: { mode: 'replace', lines: ['! x', 'hostname leaf1', '!', 'end'] },
      })
      expect(change.ok && change.value.sources[0]?.file).toBe(`${folder}intended/leaf1.cfg`)
    }
    expect(at('elsewhere/')).toMatchObject({ ok: false, problems: [{ code: 'no-such-file', at: { line: 15 } }] })
  })
})
