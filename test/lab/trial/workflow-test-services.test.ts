import { describe, expect, test } from 'vitest'
import { exits } from '../exits.ts'
import { startService } from '../service.ts'
import { casesIn, testProject } from './test-project.ts'

const ORIGIN = 'https://tickets.example.net'
const FILE = 'tests/ticket.test.yaml'

/** A workflow that opens a ticket, asks for its state until that is good, and makes its change. */
const workflowAt = (origin: string) => `name: ticket
targets: sw1
change: { mode: merge, lines: [vlan 20] }
rollout: { waves: [1] }
startAt: Open
states:
  Open:
    Type: Task
    Resource: eosflow:http
    Effect: read
    Arguments: { method: POST, url: '${origin}/changes', body: { title: VLAN } }
    Assign: { id: "{% $states.result.body.id %}" }
    Next: Ask
  Ask:
    Type: Task
    Resource: eosflow:http
    Arguments: { method: GET, url: "{% '${origin}/changes/' & $id %}", timeoutSeconds: 5 }
    Assign: { state: "{% $states.result.body.state %}" }
    Next: Decide
  Decide:
    Type: Choice
    Choices: [{ Condition: "{% $state = 'approved' %}", Next: Look }]
    Default: Later
  Later: { Type: Wait, Seconds: 60, Next: Ask }
  Look: { Type: Task, Resource: eosflow:snapshot, Arguments: { state: [vlan] }, Next: Plan }
  Plan: { Type: Task, Resource: eosflow:plan, Next: Approve }
  Approve: { Type: Task, Resource: eosflow:approve, Arguments: { expires: 4h }, Next: CheckBase }
  CheckBase: { Type: Task, Resource: eosflow:recheck, Next: RollOut }
  RollOut:
    Type: Map
    Items: waves
    ItemProcessor:
      StartAt: Wave
      States:
        Wave:
          Type: Map
          Items: wave
          ItemProcessor:
            StartAt: Push
            States:
              Push: { Type: Task, Resource: eosflow:push, Arguments: { confirmWithin: 5m }, Next: Verify }
              Verify:
                Type: Task
                Resource: eosflow:verify
                Arguments: { within: 20s, stableFor: 0s, checks: [reachable] }
                End: true
          End: true
    Next: Ready
  Ready: { Type: Task, Resource: eosflow:ready, Next: Confirm }
  Confirm:
    Type: Map
    Items: targets
    ItemProcessor:
      StartAt: ConfirmOne
      States: { ConfirmOne: { Type: Task, Resource: eosflow:confirm, End: true } }
    Next: Save
  Save:
    Type: Map
    Items: targets
    ItemProcessor:
      StartAt: SaveOne
      States: { SaveOne: { Type: Task, Resource: eosflow:save, End: true } }
    Next: Done
  Done: { Type: Succeed }
`

const HEAD = `version: 1\nworkflow: workflows/ticket.yaml\nfabric: fabrics/lab\napprovals: [{ by: ann }]\n`

async function failuresOf(
  cases: string,
  { origin = ORIGIN, allowed = origin }: { readonly origin?: string; readonly allowed?: string } = {},
) {
  const project = testProject()
  project.write('eosflow.yaml', `version: 1\nhttp: { key: '\${env:NOT_SET}', hosts: ['${allowed}'] }\n`)
  project.write('workflows/ticket.yaml', workflowAt(origin))
  project.write(FILE, `${HEAD}${cases}`)
  const { stdout, stderr } = await project.test('--json')
  expect(stderr).toBe('')
  return Object.fromEntries(
    casesIn(stdout).map(({ name, failures }) => [name, failures.map(({ what, actual }) => `${what}: ${actual}`)]),
  )
}

describe('the services of a test', () => {
  test('answer as the case says, and what they were asked can be expected', async () => {
    const told = await failuresOf(`services:
  ${ORIGIN}:
    - { to: POST /changes, status: 201, body: { id: CHG-7 } }
    - { to: 'GET /changes/*', body: { state: waiting }, times: 2 }
    - { to: 'GET /changes/CHG-7', body: { state: approved }, after: 3s }
cases:
  - name: it is asked until it is good
    expect:
      exit: 0
      calls:
        - POST ${ORIGIN}/changes
        - GET ${ORIGIN}/changes/CHG-7
        - GET ${ORIGIN}/changes/CHG-7
        - GET ${ORIGIN}/changes/CHG-7
  - name: its own answers take the place of those of the file
    services: { '${ORIGIN}': [{ to: POST /changes, body: { id: X } }, { body: { state: approved } }] }
    expect: { exit: 0, calls: ['POST ${ORIGIN}/changes', 'GET ${ORIGIN}/changes/X'] }
  - name: what was asked differs
    expect: { calls: [] }
`)
    expect(told).toEqual({
      'it is asked until it is good': [],
      'its own answers take the place of those of the file': [],
      'what was asked differs': [
        `calls: POST ${ORIGIN}/changes\nGET ${ORIGIN}/changes/CHG-7\nGET ${ORIGIN}/changes/CHG-7\nGET ${ORIGIN}/changes/CHG-7`,
      ],
    })
  })

  test('fail as the case says', { tags: ['long', 'turn'] }, async () => {
    const open = '{ to: POST /changes, status: 201, body: { id: X } }'
    const told = await failuresOf(`cases:
  - name: nobody there
    services: { '${ORIGIN}': [{ fails: unreachable }] }
    expect: { exit: 10, error: nobody answers at this address }
  - name: no answer
    services: { '${ORIGIN}': [${open}, { fails: lost-answer }] }
    expect: { exit: 10, error: the connection ended before the answer }
  - name: too late
    services: { '${ORIGIN}': [${open}, { body: { state: approved }, after: 6s }] }
    expect: { exit: 10, error: no answer within 5 s }
  - name: another status
    services: { '${ORIGIN}': [${open}, { status: 404, body: unknown }] }
    expect: { exit: 10, error: '404' }
`)
    expect(Object.values(told)).toEqual([[], [], [], []])
  })

  test('that are not there are refused by name', async () => {
    const told = await failuresOf(`cases:
  - name: no service
    expect: { outcome: refused, exit: 10, calls: [], error: 'the test has no answer of ${ORIGIN} to POST /changes' }
  - name: no answer that is left
    services: { '${ORIGIN}': [{ body: { id: X, state: waiting }, times: 3 }] }
    expect: { exit: 10, error: 'the test has no answer of ${ORIGIN} to GET /changes/X' }
`)
    expect(Object.values(told)).toEqual([[], []])
  })

  test('that the settings do not allow are refused as outside of a test', async () => {
    const told = await failuresOf(
      `cases:
  - name: not allowed
    services: { '${ORIGIN}': [{ body: { id: X, state: approved } }] }
    expect: { exit: 10, error: 'the settings do not allow ${ORIGIN}', calls: [] }
`,
      { allowed: 'https://other.example.net' },
    )
    expect(told).toEqual({ 'not allowed': [] })
  })

  test('that are real are never asked', async () => {
    const { origin, seen } = await startService((_request, response) => response.end('{}'))
    const told = await failuresOf(
      `cases:\n  - name: refused\n    expect: { exit: 10, error: the test has no answer of ${origin} }\n`,
      { origin },
    )
    expect([told, seen]).toEqual([{ refused: [] }, []])
  })
})

test.each([
  ['https://tickets.example.net/api', '[{ body: x }]', 'a service is named by scheme, host and port'],
  [ORIGIN, '[{ to: changes }]', 'for example `"GET /api/tickets/*"`'],
  [ORIGIN, '[{ fails: unreachable, body: x }]', 'an answer that fails says nothing'],
  [ORIGIN, '[]', ''],
])('%s: %s is a problem of the file', async (origin, answers, says) => {
  const project = testProject()
  project.write('workflows/ticket.yaml', workflowAt(ORIGIN))
  project.write(FILE, `${HEAD}services: { '${origin}': ${answers} }\ncases:\n  - name: x\n    expect: { exit: 0 }\n`)
  const { stderr } = await exits(3, project.test())
  expect(stderr).toContain(says)
})
