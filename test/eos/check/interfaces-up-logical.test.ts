import { expect, test } from 'vitest'
import { casesIn, HEAD, testProject } from '../../lab/trial/test-project.ts'

test('[U6] interfaces-up names a loopback that is there and one that is not', { tags: 'long' }, async () => {
  const project = testProject()
  const workflow = project.read('workflows/vlan.yaml').replace('[bgp, vlan]', '[bgp, vlan, interfaces]')
  const named = (name: string) => workflow.replace(/checks: \[/, `checks: [interfaces-up: { interfaces: [${name}] }, `)
  expect(named('Loopback0')).not.toBe(workflow)
  project.write('workflows/good.yaml', named('Loopback0'))
  project.write('workflows/none.yaml', named('Loopback9'))
  const setup = 'setup: { sw1: "interface Loopback0", sw2: "interface Loopback0" }'
  const one = (name: string, outcome: string) =>
    `  - name: ${name}\n    workflow: workflows/${name}.yaml\n    ${setup}\n    expect: { outcome: ${outcome} }\n`
  project.write('tests/vlan.test.yaml', `${HEAD}${one('good', 'succeeded')}${one('none', 'rolled-back')}`)
  const { stdout, stderr } = await project.test('--json')
  expect(stderr).toBe('')
  expect(casesIn(stdout).map(({ failures }) => failures)).toEqual([[], []])
})

/** One of every kind that a change can add, with the lines that add it. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  Loopback9: ['interface Loopback9', '   ip address 10.99.0.1/32'],
  Vlan20: ['vlan 20', 'interface Vlan20', '   ip address 10.20.0.1/24'],
  Vxlan1: ['interface Loopback9', 'interface Vxlan1', '   vxlan source-interface Loopback9'],
  'Ethernet2.100': [
    'interface Ethernet2',
    '   no switchport',
    'interface Ethernet2.100',
    '   encapsulation dot1q vlan 100',
  ],
  'Port-Channel9': ['interface Port-Channel9'],
}

test('[U6] expect interfaces finds whatever kind of interface a change adds, and misses one that is not there', {
  tags: 'long',
}, async () => {
  const project = testProject()
  const workflow = project.read('workflows/vlan.yaml').replace('[bgp, vlan]', '[bgp, interfaces]')
  const wanted = [...Object.keys(KINDS).map((name) => [name, name] as const), ['Loopback9', 'Loopback8'] as const]
  const cases = wanted.map(([name, expected], index) => {
    const file = `workflows/kind${index}.yaml`
    project.write(
      file,
      workflow
        .replace(/^params: .*$/m, '')
        .replace(/lines: \[.*\]/, `lines: ${JSON.stringify(KINDS[name])}`)
        .replace(/checks: \[.*\]$/m, `expect: { interfaces: { added: ['${expected}'] } }`),
    )
    const outcome = expected === name ? 'succeeded' : 'rolled-back'
    return `  - { name: '${name} as ${expected}', workflow: ${file}, params: {}, expect: { outcome: ${outcome} } }\n`
  })
  project.write('tests/vlan.test.yaml', `${HEAD.replace('params: { vlan: 20 }\n', '')}${cases.join('')}`)
  const { stdout, stderr } = await project.test('--json')
  expect(stderr).toBe('')
  expect(casesIn(stdout).map(({ name, failures }) => ({ name, failures }))).toEqual(
    wanted.map(([name, expected]) => ({ name: `${name} as ${expected}`, failures: [] })),
  )
})
