import { expect, test } from 'vitest'
import type { Principal } from '../../src/model/principal.ts'
import { newest, openLab } from '../lab/lab.ts'

const IDS: Readonly<Record<string, string>> = {
  alice: 'local:1000:alice@noc1',
  rita: 'local:1001:rita@noc1',
  bob: 'local:1002:bob@noc1',
}
const person = (name: string): Principal => ({ issuer: 'local', id: IDS[name] ?? name, kind: 'person', auth: 'os' })
const POLICY = `version: 1
roles: { operator: { members: ["local:1000:alice@noc1"] }, reader: { members: ["local:1001:rita@noc1"] }, approver: { members: ["local:1002:bob@noc1"] } }
rules:
  - { id: all, allow: [plan.create, plan.read, execution.read, task.snapshot, task.plan], to: [operator] }
  - { id: read, allow: [execution.read], to: [reader, approver] }
  - { id: approve, allow: [plan.approve], to: [approver] }
`

test('show gives the plan of an execution to whoever may see plans, and to whoever may read executions the execution alone', async () => {
  const lab = openLab({ caller: person('alice'), files: { 'policy.yaml': POLICY } })
  await lab.ok('plan workflow.yaml')
  const shown = async (id: string, ...more: readonly string[]) => {
    lab.caller = person(id)
    const { code, out, err } = await lab.eosflow('show', await newest(lab), ...more)
    return [id, code, (out + err).includes('vlan 998'), (out + err).includes('does not let you see the plan sha256:')]
  }
  expect(await shown('alice')).toEqual(['alice', 0, true, false])
  expect(await shown('bob')).toEqual(['bob', 0, true, false])
  expect(await shown('rita')).toEqual(['rita', 0, false, true])
  expect(await shown('rita', '--json')).toEqual(['rita', 0, false, false])
  expect(await shown('alice', '--html', '-')).toEqual(['alice', 0, true, false])
  expect(await shown('rita', '--html', '-')).toEqual(['rita', 4, false, false])
})
