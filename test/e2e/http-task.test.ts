import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { VirtualClock } from '../../src/lab/trial/timeline.ts'
import { TASK_TOKEN } from '../../src/model/task-token.ts'
import { ENV } from '../eos/transport/http-port.ts'
import { DC1, exits, newest, openLab, runningConfig, type SocketLab } from '../lab/lab.ts'
import { jsonAnswer, type Service, startService } from '../lab/service.ts'
import { ROLLED_OUT } from './rolled-out.ts'

const settings = (origin: string) => `http:
  key: '\${env:HTTP_KEY}'
  hosts:
    - origin: ${origin}
      secrets: ['\${env:CMDB_TOKEN}']
`

/** A change of one switch that opens a ticket first, asks a board, and closes the ticket when it is taken back. */
const workflow = (origin: string) => `name: ask-first
targets: leaf1
change: { mode: merge, lines: [vlan 998] }
startAt: TakeSnapshot
states:
  OpenTicket:
    Type: Task
    Resource: eosflow:http
    Arguments:
      method: POST
      url: ${origin}/tickets
      headers: { authorization: 'Bearer \${env:CMDB_TOKEN}' }
      body: { title: "{% 'VLAN ' & $string(998) %}" }
      expect: { status: [201], schema: { type: object, required: [id] } }
    Undo:
      Resource: eosflow:http
      Arguments: { method: DELETE, url: "{% '${origin}/tickets/' & $states.result.body.id %}" }
    Assign: { ticket: '{% $states.result.body.id %}' }
    Next: AskBoard
  TakeSnapshot: { Type: Task, Resource: eosflow:snapshot, Next: PlanChange }
  PlanChange: { Type: Task, Resource: eosflow:plan, Next: OpenTicket }
  AskBoard:
    Type: Task
    Resource: eosflow:http.waitForTaskToken
    TimeoutSeconds: 600
    Arguments:
      method: POST
      url: ${origin}/questions
      body: { ticket: '{% $ticket %}', answer: "{% 'with ' & $states.context.Task.Token %}" }
      expect: { status: [201] }
    Undo: none
    Next: ApproveChange
  ApproveChange: { Type: Task, Resource: eosflow:approve, Next: RollOut }
${ROLLED_OUT}`

interface Asked {
  readonly bench: SocketLab
  readonly service: Service
  /** The token as the service got it. */
  readonly token: string
}

/** Runs the change until the board is asked. */
async function askTheBoard() {
  const service = await startService((request, response) => {
    // It repeats the credentials, as careless services do.
    jsonAnswer({ id: 'T-7', auth: request.headers.authorization }, request.method === 'POST' ? 201 : 200)(
      request,
      response,
    )
  })
  const files = { 'eosflow.yaml': settings(service.origin), 'ask.yaml': workflow(service.origin) }
  const bench = await openLab({
    world: 'sockets',
    switches: { folder: DC1, clock: new VirtualClock() },
    files,
    env: ENV,
  })
  const waiting = await bench.eosflow('run ask.yaml --detach')
  expect(waiting).toMatchObject({ code: 12 })
  expect(
    service.seen.map(({ method, target, body }) => [method, target, body.replace(/eosflow-task-.{43}/, 'TOKEN')]),
  ).toEqual([
    ['POST', '/tickets', '{"title":"VLAN 998"}'],
    ['POST', '/questions', '{"answer":"with TOKEN","ticket":"T-7"}'],
  ])
  expect(service.seen[0]?.headers.authorization).toBe(`Bearer ${ENV.CMDB_TOKEN}`)
  return { bench, service, token: /eosflow-task-.{43}/.exec(service.seen[1]?.body ?? '')?.[0] ?? '' }
}

/** Neither secrets nor tokens are in the journal or in any byte of the store, and no secret is in what was printed. */
async function expectNothingShown({ bench, token }: Asked) {
  const history = await bench.eosflow('history', await newest(bench), '--json')
  expect(history.out).toContain(TASK_TOKEN)
  const stored = readdirSync(join(bench.dir, '.eosflow'), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'))
  expect(stored.length).toBeGreaterThanOrEqual(2)
  for (const secret of [token, ENV.CMDB_TOKEN, ENV.HTTP_KEY]) {
    expect(history.out).not.toContain(secret)
    expect(stored.filter((text) => text.includes(secret))).toEqual([])
  }
  expect(bench.printed).not.toContain(ENV.CMDB_TOKEN)
  expect(bench.printed).not.toContain(ENV.HTTP_KEY)
}

describe('a change that asks services', () => {
  test('waits for the board, and goes on with its answer', { tags: ['long', 'turn'] }, async () => {
    const asked = await askTheBoard()
    const { bench, service, token } = asked
    const answered = await bench.eosflow('signal', token, '--output', '{"approved":true}')
    expect(answered).toMatchObject({ code: 0, err: '' })
    await exits(0, bench.eosflowWith({ answers: ['yes'] }, 'resume'))
    expect(runningConfig(bench.device('leaf1'))).toContain('vlan 998')
    expect(service.seen).toHaveLength(2)
    const late = await bench.eosflow('signal', token, '--output', 'false')
    expect(late).toMatchObject({ code: 5, err: expect.stringContaining('AskBoard was already answered: success') })
    await expectNothingShown(asked)
  })

  test('is undone when the board says no: the ticket is closed, no switch was touched', async () => {
    const asked = await askTheBoard()
    const { bench, service, token } = asked
    const before = runningConfig(bench.device('leaf1'))
    await bench.ok('signal', token, '--error', 'Rejected', '--cause', 'no window')
    const ended = await bench.exits(10, 'resume')
    expect(ended.out + ended.err).toContain('Rejected')
    expect(runningConfig(bench.device('leaf1'))).toBe(before)
    expect(service.seen.slice(2).map(({ method, target }) => [method, target])).toEqual([['DELETE', '/tickets/T-7']])
    const keys = service.seen.map(({ headers }) => headers['idempotency-key'])
    expect(new Set(keys).size).toBe(3)
    await expectNothingShown(asked)
  })
})
