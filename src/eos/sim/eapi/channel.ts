import type { Clock } from '../../../model/clock.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import { isJsonObject, type Json } from '../../../model/json.ts'
import { renderConfig } from '../../config/text/parse.ts'
import type { FaultOf } from '../fault/fault.ts'
import { answer, bareAnswer, type EapiAnswer, type EapiService } from './answer.ts'
import { lengthOf, textOf } from './answer-body.ts'
import { type EapiRequest, type RpcRead, readRpc } from './rpc.ts'

const OTHER = 'another-request'
const ERROR: Json = {
  code: 1002,
  message: "CLI command 1 of 1 'show versoin' failed: invalid command",
  data: [{ errors: ['Invalid input'] }],
}

export type Exchange = EapiAnswer | 'lost'

const READS: ReadonlySet<string> = new Set([
  'show',
  'enable',
  'disable',
  'diff',
  'dir',
  'terminal',
  'exit',
  'end',
  'ping',
])

/** The way from a wire to one switch: requests are answered one after the other, disturbed by the faults that are set, counted and recorded. */
export class EapiChannel {
  readonly service: EapiService
  readonly #clock: Clock
  #queue: Promise<unknown> = Promise.resolve()

  constructor(service: EapiService, clock: Clock) {
    this.service = service
    this.#clock = clock
  }

  get reachable(): boolean {
    this.service.device.settle()
    return this.service.device.reachable
  }

  exchange(request: EapiRequest): Promise<Exchange> {
    const turn = this.#queue.then(() => this.#carryOut(request))
    this.#queue = turn.catch(() => undefined)
    return turn
  }

  async #carryOut(request: EapiRequest): Promise<Exchange> {
    const { device } = this.service
    device.settle()
    const read = isRpc(request) ? readRpc(request.body) : undefined
    const commands = commandsOf(read)
    const kind = commands.some(writes) ? 'write' : 'read'
    const at = device.now
    device.counters.requests += 1
    device.counters.bytesIn += Buffer.byteLength(request.body)
    const disturbance = device.faults.disturb({ commands, writes: kind === 'write' })
    if (disturbance.delayBefore > 0) await this.#clock.sleep(disturbance.delayBefore)
    const timer = device.sessions.timer?.session
    const before = { ...device.counters.commits }
    const exchange = device.reachable && disturbance.dies !== 'before' ? this.#answer(request, read, commands) : 'lost'
    const commit = COMMITS.find((one) => device.counters.commits[one] > before[one])
    const working = commit === 'confirms' ? 0 : workingTime(device, commit !== undefined || commands.some(replaces))
    if (disturbance.delayAfter + working > 0) await this.#clock.sleep(disturbance.delayAfter + working)
    const given =
      exchange === 'lost' || disturbance.wrong === undefined ? exchange : wrongly(exchange, disturbance.wrong)
    const outcome = disturbance.dies === undefined && device.reachable ? given : 'lost'
    const { method, path, port } = request
    const answered = outcome === 'lost' ? 'lost' : outcome.status
    device.record({ at, method, path, commands, kind, answer: answered, ...definedMembers({ port, timer, commit }) })
    if (outcome !== 'lost') device.counters.bytesOut += lengthOf(outcome.body)
    return outcome
  }

  #answer(request: EapiRequest, read: RpcRead | undefined, commands: readonly string[]): Exchange {
    const { device } = this.service
    const { commits } = device
    if (device.faults.expiresCookies()) this.service.cookies.clear()
    const status = device.faults.httpStatus(request.path)
    const answered = status === undefined ? answer(this.service, request, read) : bareAnswer(status)
    return device.diesOf(commands, commits) ? 'lost' : answered
  }
}

const COMMITS = ['plain', 'timed', 'confirms'] as const

function isRpc({ method, path }: EapiRequest) {
  return method === 'POST' && path === '/command-api'
}

function commandsOf(read: RpcRead | undefined): readonly string[] {
  return read === undefined || !('commands' in read) ? NONE : read.commands.map(({ cmd }) => cmd)
}

const NONE: readonly string[] = []

const replaces = (command: string) => /^configure (?:replace|checkpoint restore) /.test(command)

// How long a switch works on what takes the place of its running-config, in milliseconds.
function workingTime({ behaviour, running }: EapiService['device'], replaced: boolean) {
  if (!replaced || behaviour.commitSeconds === 0) return 0
  const lines = renderConfig(running).split('\n')
  return behaviour.commitSeconds * lines.filter((line) => line !== '' && !line.startsWith('!')).length
}

function writes(command: string) {
  return !READS.has(command.trim().split(/\s+/, 1)[0] ?? '')
}

function wrongly(answer: EapiAnswer, { error = false }: FaultOf<'wrong-answer'>) {
  const read: Json = answer.status === 200 ? JSON.parse(textOf(answer.body)) : null
  if (!isJsonObject(read) || !('jsonrpc' in read)) return answer
  const wrong = error ? { jsonrpc: '2.0', id: OTHER, error: ERROR } : { ...read, id: OTHER }
  return { ...answer, body: [Buffer.from(JSON.stringify(wrong))] }
}
