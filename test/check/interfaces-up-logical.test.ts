import { expect, test } from 'vitest'
import { casesIn, HEAD, testProject } from '../testing/test-project.ts'

test('interfaces-up names a loopback that is there and one that is not', async () => {
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
