import { expect, test } from 'vitest'
import { openLab, workflowFor } from '../../lab/lab.ts'

const GOOD = workflowFor('leaf1', {
  lines: ['vlan {{ vlan }}', '   name {{ label }}'],
  extra:
    'params: { vlan: { type: integer, minimum: 2, maximum: 4094, example: 7 }, label: { type: string, default: TESTED } }',
})

/** The settings of a lab, and everything that is found wrong with them: place, code and message. */
async function problemsOf(settings: string) {
  const lab = openLab({ workflow: GOOD, files: { 'bad.yaml': 'name: bad\n', 'eosflow.yaml': settings } })
  const { code: exit, out } = await lab.eosflow('validate eosflow.yaml --json')
  interface Said {
    readonly problems?: readonly { code: string; message: string; at: { line: number; column: number } }[]
    readonly error?: Said
  }
  const said = JSON.parse(out) as Said
  const problems = said.error?.problems ?? said.problems ?? []
  expect(exit).toBe(problems.length === 0 ? 0 : 3)
  return problems.map(({ code, message, at }) => `${at.line}:${at.column} ${code}: ${message}`)
}

test('the workflows of events and schedules are found, and take the parameters that are given', async () => {
  const settings = `version: 1
events:
  - name: absent
    verify: { bearer: '\${env:A}' }
    plan: { workflow: absent.yaml }
  - name: params
    verify: { bearer: '\${env:A}' }
    run: { workflow: workflow.yaml, params: { vlna: 7, label: 8, vlan: '{% $event.data.vid %}' } }
  - name: missing
    verify: { bearer: '\${env:A}' }
    plan: { workflow: workflow.yaml, params: {} }
schedules:
  - name: nightly
    cron: '0 2 * * *'
    tz: UTC
    do: plan
    workflow: workflow.yaml
    params: { vlan: 4095 }
  - { name: bad, cron: '0 2 * * *', tz: UTC, do: plan, workflow: bad.yaml }
`
  expect(await problemsOf(settings)).toEqual([
    '5:23 no-such-file: there is no workflow absent.yaml in the project',
    '8:47 unknown-parameter: the workflow add-a-vlan has no parameter `vlna`',
    '8:56 bad-parameter: the parameter `label`: must be text, not 8',
    '11:5 missing-parameter: the parameter `vlan` is not given',
    '18:15 bad-parameter: the parameter `vlan`: must be at most 4094, not 4095',
    expect.stringMatching(/^19:66 bad-workflow: the workflow bad\.yaml is not good: /),
  ])
})

test('what only an event or a commit says is not judged before', async () => {
  const settings = `version: 1
project: { git: { signedBy: none } }
events:
  - name: all
    verify: { bearer: '\${env:A}' }
    plan: { workflow: workflow.yaml, params: '{% $event.data %}' }
  - name: one
    verify: { bearer: '\${env:A}' }
    plan: { workflow: workflow.yaml, params: { vlan: '{% $event.data.vid %}', label: A } }
  - name: pushed
    verify: { bearer: '\${env:A}' }
    plan: { workflow: of-the-commit.yaml, commit: after }
schedules:
  - { name: nightly, cron: '0 2 * * *', tz: UTC, do: plan, workflow: workflow.yaml, params: { vlan: 7 } }
`
  expect(await problemsOf(settings)).toEqual([])
})
