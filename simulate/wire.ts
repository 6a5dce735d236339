import type { Transport } from '../src/eos/device/device.ts'
import { eapiTransport } from '../src/eos/transport/eapi/eapi-transport.ts'
import { channelOver, type EapiChannel, type HttpAnswer } from '../src/eos/transport/eapi/exchange.ts'
import type { Happening, Timeline } from '../src/lab/trial/timeline.ts'
import type { Life } from '../src/lab/trial/trial-app.ts'
import { EosflowError } from '../src/model/error.ts'
import type { Box } from './box.ts'
import type { Fate, Scenario } from './scenario.ts'
import { isSeen, shellTransport, tookEffect } from './shell-wire.ts'
import { requestOf, type Verb } from './verbs.ts'
import type { Heard, Sent } from './watch.ts'
import type { WirePorts } from './wire-ports.ts'

/** How long a client waits for an answer, milliseconds. */
export const ANSWER_TIMEOUT = 120_000
/** How long it waits for a connection, milliseconds. */
const CONNECT_TIMEOUT = 10_000

/** How a request ends for the client. */
type Answer = HttpAnswer | 'lost' | 'unreachable'

/** The network of a history: the real request mapping over channels on which everything can go wrong. */
export class Wire {
  readonly #ports: WirePorts
  readonly #kind: Scenario['transport']

  constructor(ports: WirePorts, kind: Scenario['transport']) {
    this.#ports = ports
    this.#kind = kind
  }

  /** How a controller reaches its switches. */
  transport(life: Life): Transport {
    if (this.#kind === 'ssh') return shellTransport(this.#ports, life)
    return eapiTransport({
      openChannel: ({ name }, { username }) => {
        const connection = new Connection(this.#ports, life, name)
        return reaching(
          life,
          channelOver(
            (body) => connection.exchange(body),
            username,
            () => connection.close(),
          ),
        )
      },
    })
  }
}

function reaching(life: Life, channel: EapiChannel): EapiChannel {
  return { post: (body, fence) => life.reach(() => channel.post(body, fence)), close: () => channel.close() }
}

/** What a client keeps for one switch: at most one TCP connection at a time, made again when it has died. */
class Connection {
  readonly #ports: WirePorts
  readonly #life: Life
  readonly #device: string
  readonly #openedAt: number
  #tcp: { readonly box: Box; readonly since: number } | undefined
  #hangUp: (() => unknown) | undefined

  constructor(ports: WirePorts, life: Life, device: string) {
    this.#ports = ports
    this.#life = life
    this.#device = device
    this.#openedAt = ports.timeline.now
  }

  async exchange(body: string): Promise<HttpAnswer> {
    const { watch, moment } = this.#ports
    const commands = commandsOf(body)
    const request = requestOf(commands)
    const sent: Sent = {
      life: this.#life,
      device: this.#device,
      request,
      commands,
      connected: this.#tcp?.since,
      openedAt: this.#openedAt,
      at: this.#ports.timeline.now,
    }
    watch.sent?.(sent)
    const answered = this.#carry(sent, body)
    moment(`sent ${request.verb}`, this.#life)
    const answer = await answered
    if (!this.#life.alive) return { status: 0, body: '' }
    const how = typeof answer === 'string' ? answer : howOf(body, answer.body)
    watch.heard?.(sent, how satisfies Heard, typeof answer === 'string' ? '' : answer.body)
    moment(`heard ${request.verb}`, this.#life)
    if (answer === 'unreachable') {
      this.#tcp = undefined
      throw new EosflowError('unreachable', 'no connection', { retryable: true })
    }
    if (answer === 'lost') {
      this.#tcp = undefined
      throw new EosflowError('lost-answer', 'the request was sent, and its answer did not arrive')
    }
    return answer
  }

  close(): void {
    this.#tcp = undefined
    this.#hangUp?.()
  }

  /** Sends a request on its way and gives what the client hears in the end. */
  #carry(sent: Sent, body: string): Promise<Answer> {
    const { timeline, random, keepsConnections, boxAt } = this.#ports
    const box = boxAt(this.#device)
    const fate = this.#fate(sent.request.verb, box)
    const passage = new Passage(timeline)
    this.#hangUp = () => passage.hear('lost', 0)
    if (this.#tcp?.box !== box) this.#tcp = undefined
    if (fate === 'refused') return passage.hear('unreachable', 20)
    if (this.#tcp === undefined) {
      const isFast = random.fraction() < 0.5
      if (!box.passes(undefined, keepsConnections) || !box.device.takesLogins)
        return passage.hear('unreachable', isFast ? 20 : CONNECT_TIMEOUT)
      this.#tcp = { box, since: timeline.now }
    }
    const silence = random.fraction() < 0.5 ? 30 : ANSWER_TIMEOUT
    if (fate === 'lost') return passage.hear('lost', silence)
    const { since } = this.#tcp
    const latency = 2 + Math.floor(random.fraction() * 30)
    timeline.after(this.#arrival(box, fate, latency), () => {
      if (!box.passes(since, keepsConnections)) return
      void this.#carryOut(sent, body, box).then((answer) => {
        if (answer === 'lost' || fate === 'late') return
        if (fate === 'answer lost') void passage.hear('lost', silence)
        // An answer has the way of its connection back.
        else timeline.after(latency, () => box.passes(since, keepsConnections) && passage.end(answer))
      })
    })
    return passage.hear('lost', ANSWER_TIMEOUT)
  }

  /** After how many milliseconds a request will have been carried out: a switch does one after the other. */
  #arrival(box: Box, fate: Fate | undefined, latency: number): number {
    const { timeline, random } = this.#ports
    if (fate === 'late') return ANSWER_TIMEOUT + random.fraction() * 150_000
    const work = fate === 'slow' ? ANSWER_TIMEOUT * (0.2 + random.fraction()) : 1
    const arrival = Math.max(latency, box.busyUntil - timeline.now) + work
    box.busyUntil = timeline.now + arrival
    return arrival
  }

  async #carryOut(sent: Sent, body: string, box: Box): Promise<Answer> {
    const { watch, moment, touched } = this.#ports
    watch.arrives?.(sent, box)
    const { held } = sent.request
    const isHeld = held === undefined || box.device.sessions.get(held)?.state === 'pending'
    let answer: HttpAnswer | undefined
    try {
      answer = await box.eapi(body)
    } catch (error) {
      if (!(error instanceof EosflowError)) throw error
    }
    touched(box)
    // One command of several may have failed, and the answer may be of another request: then the switch itself tells.
    const isPlain = answer !== undefined && !isAnother(body, answer.body) && !answer.body.includes('"error"')
    const isSeenDone = isHeld && isSeen(sent.request) && tookEffect(sent.request, box)
    const isDone = isPlain || (answer !== undefined && isSeenDone)
    watch.carriedOut?.(sent, box, isDone, answer?.body ?? '')
    moment(`done ${sent.request.verb}`, this.#life)
    return answer ?? 'lost'
  }

  #fate(verb: Verb, box: Box): Fate | undefined {
    const { random, weather, isLate } = this.#ports
    if (isLate(verb)) return 'late'
    const aimed = box.losesNow()
    if (aimed !== undefined) return aimed === 'request' ? 'lost' : 'answer lost'
    let left = random.fraction()
    for (const [fate, probability] of Object.entries(weather()) as [Fate, number][]) {
      left -= probability
      if (left >= 0) continue
      this.#ports.met(`request ${fate}`)
      return fate
    }
    return undefined
  }
}

/** One request, until its client has heard how it went: the first word counts. */
class Passage {
  readonly #timeline: Timeline
  readonly #waits: Happening[] = []
  readonly #heard: Promise<Answer>
  #resolve: (answer: Answer) => void = () => undefined

  constructor(timeline: Timeline) {
    this.#timeline = timeline
    this.#heard = new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  /** Ends it after a time, unless it has ended by then. */
  hear(answer: Answer, milliseconds: number): Promise<Answer> {
    this.#waits.push(this.#timeline.after(milliseconds, () => this.end(answer)))
    return this.#heard
  }

  end(answer: Answer): void {
    for (const wait of this.#waits) wait.cancel()
    this.#resolve(answer)
  }
}

/** What an answer is to who sent the request: that of another request is none. */
function howOf(request: string, answer: string): Heard {
  if (isAnother(request, answer)) return 'lost'
  return answer.includes('"error"') ? 'refused by the switch' : 'answered'
}

function isAnother(request: string, answer: string): boolean {
  const { id } = JSON.parse(request) as { id: unknown }
  return !answer.includes(`"id":${JSON.stringify(id)}`)
}

/** The commands of a request body, without what is fed to their prompts. */
function commandsOf(body: string): readonly string[] {
  const { params } = JSON.parse(body) as { params: { cmds: readonly (string | { cmd: string })[] } }
  return params.cmds.map((command) => (typeof command === 'string' ? command : command.cmd))
}
