import type { Device, Transport } from '../src/eos/device/device.ts'
import { passwordUser } from '../src/eos/sim/auth/local-users.ts'
import { CliShell } from '../src/eos/sim/ssh/cli-shell.ts'
import { sshTransport } from '../src/eos/transport/ssh/ssh-transport.ts'
import type { ShellChannel, ShellListener } from '../src/eos/transport/ssh/terminal.ts'
import type { Life } from '../src/lab/trial/trial-app.ts'
import { EosflowError } from '../src/model/error.ts'
import { type AskFence, freshFence } from '../src/model/fence.ts'
import type { Box } from './box.ts'
import { PASSWORD } from './device-texts.ts'
import type { Request, Verb } from './verbs.ts'
import type { Heard, Sent } from './watch.ts'
import type { WirePorts } from './wire-ports.ts'

/** How much seldomer a line is struck than a request of many commands. */
const LINES_PER_REQUEST = 5

/** The line of a dialogue with which a verb takes effect, or shows what it was asked for. */
const EFFECTIVE: Readonly<Record<Verb, RegExp>> = {
  look: /^show configuration sessions detail/,
  read: /^show running-config diffs$/,
  plan: /^configure session \S+ abort$/,
  hold: /^end$/,
  release: / abort$/,
  stage: /^configure checkpoint save /,
  replay: /^configure session \S+ abort$/,
  prune: /^delete checkpoint:/,
  arm: / commit timer /,
  confirm: / commit$/,
  abort: / abort$/,
  save: /^copy running-config startup-config$/,
  restore: /^configure replace /,
  other: /(?!)/,
}

/**
 * Switches over SSH: the real dialogue on shells that lie in memory, line by line on a network where every line can be
 * lost. The watch is told of the verbs, as it is told of the requests over eAPI.
 */
export function shellTransport(ports: WirePorts, life: Life): Transport {
  /** What each switch is being asked. */
  const speaking = new Map<string, Set<Sent>>()
  const { timeline, random } = ports
  const transport = sshTransport({
    clock: life.clock(
      timeline,
      () => timeline.now,
      () => undefined,
    ),
    nonce: () => random.hex(4),
    openShell: ({ name }) =>
      life.reach(() => new Shell(ports, life, name, () => [...(speaking.get(name) ?? [])]).open()),
  })
  return {
    connect: async (target, credential, fence) => {
      const device = await transport.connect(target, credential, fence)
      return spoken(device, ports, { life, fence }, (sent) => {
        const known = speaking.get(sent.device) ?? new Set()
        speaking.set(sent.device, known.add(sent))
        return () => known.delete(sent)
      })
    },
  }
}

/** What is typed under no fence. */
const UNFENCED: ReadonlySet<Verb> = new Set(['look', 'read', 'abort', 'other'])

/** A device whose verbs the watch is told of. */
function spoken(
  device: Device,
  ports: WirePorts,
  { life, fence }: { readonly life: Life; readonly fence: AskFence },
  speak: (sent: Sent) => () => void,
): Device {
  const openedAt = ports.timeline.now
  const { name } = device
  const tell = <T>(request: Request, verb: () => Promise<T>): Promise<T> =>
    life.reach(async () => {
      // A verb is told of when it begins, and its lines are typed under fences later: who was superseded by then begins none.
      if (!UNFENCED.has(request.verb)) (await freshFence(fence)).requireFresh()
      const { now: at } = ports.timeline
      const sent: Sent = { life, device: name, request, commands: [], connected: undefined, openedAt, at }
      const heard = speak(sent)
      ports.watch.sent?.(sent)
      const answer = verb()
      ports.moment(`sent ${request.verb}`, life)
      const how: Heard = await answer.then(() => 'answered' as const, howOf).finally(heard)
      if (life.alive) ports.watch.heard?.(sent, how)
      ports.moment(`heard ${request.verb}`, life)
      return answer
    })
  const of = (verb: Verb, session = ''): Request => ({ verb, session, seconds: 0 })
  return {
    name,
    look: (commands) => tell(of('look'), () => device.look(commands)),
    print: (commands) => tell(of('look'), () => device.print(commands)),
    readConfig: () => tell(of('read'), () => device.readConfig()),
    hold: (session) => tell(of('hold', session), () => device.hold(session)),
    heldBy: (session) => device.heldBy(session),
    stage: (request) =>
      tell(of(request.checkpoint === undefined ? 'plan' : 'stage', request.session), () => device.stage(request)),
    replay: (session, checkpoint) => tell(of('replay', session), () => device.replay(session, checkpoint)),
    arm: (session, seconds, under) =>
      tell({ verb: 'arm', session, seconds }, () => device.arm(session, seconds, under)),
    confirm: (session) => tell(of('confirm', session), () => device.confirm(session)),
    abort: (session) => tell(of('abort', session), () => device.abort(session)),
    save: () => tell(of('save'), () => device.save()),
    restore: (checkpoint) => tell(of('restore'), () => device.restore(checkpoint)),
    boot: (lines) => tell(of('other'), () => device.boot(lines)),
    removeCheckpoints: (checkpoints) => tell(of('prune'), () => device.removeCheckpoints(checkpoints)),
    exchange: (request) => tell(of('other'), () => device.exchange(request)),
    close: () => device.close(),
  }
}

function howOf(error: unknown): Heard {
  if (!(error instanceof EosflowError)) throw error
  if (error.kind === 'refused') return 'refused by the switch'
  return error.kind === 'unreachable' ? 'unreachable' : 'lost'
}

/** One shell on one switch, and the way its bytes go. */
class Shell {
  readonly #ports: WirePorts
  readonly #life: Life
  readonly #device: string
  readonly #speaking: () => readonly Sent[]
  readonly #since: number
  #listener: ShellListener | undefined
  #broken = false

  constructor(ports: WirePorts, life: Life, device: string, speaking: () => readonly Sent[]) {
    this.#ports = ports
    this.#life = life
    this.#device = device
    this.#speaking = speaking
    this.#since = ports.timeline.now
  }

  open(): ShellChannel {
    const { keepsConnections, boxAt, weather, random, met } = this.#ports
    const box = boxAt(this.#device)
    if (random.fraction() < weather().refused) {
      met('request refused')
      throw new EosflowError('unreachable', 'the connection was refused', { retryable: true })
    }
    if (!box.passes(undefined, keepsConnections) || !box.device.takesLogins)
      throw new EosflowError('unreachable', 'no connection', { retryable: true })
    const user = passwordUser(box.device, { username: 'admin', password: PASSWORD }, 'ssh (memory)')
    if (user === undefined) throw new EosflowError('unauthenticated', 'the switch refused the user')
    const shell = new CliShell(
      box.terminals,
      { user, address: '192.0.2.250', size: { width: 511, length: 24 } },
      { write: (text) => this.#print(box, text), close: () => this.#break('the connection died') },
    )
    return {
      write: (text) => this.#type(box, shell, text),
      listen: (listener) => {
        this.#listener = listener
        shell.start()
      },
      close: () => {
        this.#broken = true
        shell.close('lost')
      },
    }
  }

  /** What the switch prints is heard a little later, unless it is lost. */
  #print(box: Box, text: string): void {
    const { timeline, keepsConnections, boxAt } = this.#ports
    const deliver = async (): Promise<void> => {
      while (this.#life.thawed !== undefined) await this.#life.thawed
      if (this.#broken || !this.#life.alive || boxAt(this.#device) !== box) return
      if (box.passes(this.#since, keepsConnections)) this.#listener?.heard(Buffer.from(text))
    }
    timeline.after(5, () => void deliver())
  }

  #type(box: Box, shell: CliShell, text: string): void {
    const { timeline, random, weather, keepsConnections, boxAt, met } = this.#ports
    const rows = text.split('\n').map((row) => row.trim())
    // Two may be asking at once, over shells of their own: whose line it is shows in the line.
    const sent = this.#speaking().findLast((one) => rows.some((row) => isEffectiveOf(one, row)))
    const { lost, 'answer lost': unheard } = weather()
    const drawn = random.fraction() * LINES_PER_REQUEST
    const aimed = sent !== undefined ? boxAt(this.#device).losesNow() : undefined
    if (drawn < lost || aimed === 'request') {
      met('request lost')
      this.#break('the connection died')
      return
    }
    const isUnheard = drawn < lost + unheard || aimed === 'answer'
    timeline.after(3, () => {
      if (this.#broken && !isUnheard) return
      if (boxAt(this.#device) !== box || !box.passes(this.#since, keepsConnections)) return
      if (sent !== undefined) this.#ports.watch.arrives?.(sent, box)
      shell.receive(Buffer.from(text))
      if (sent !== undefined) timeline.after(savingOf(sent.request, box), () => this.#done(sent, box))
    })
    if (isUnheard) {
      met('request answer lost')
      timeline.after(4, () => this.#break('the connection died'))
    }
  }

  /** The line has been carried out: what it did is read from the switch. */
  #done(sent: Sent, box: Box): void {
    const { touched, watch, moment } = this.#ports
    touched(box)
    watch.carriedOut?.(sent, box, tookEffect(sent.request, box))
    moment(`done ${sent.request.verb}`, this.#life)
  }

  #break(reason: string): void {
    if (this.#broken) return
    this.#broken = true
    if (this.#life.alive) this.#listener?.closed(reason)
  }
}

function isEffectiveOf({ request: { verb, session } }: Sent, row: string): boolean {
  return EFFECTIVE[verb].test(row) && (!row.startsWith('configure session') || row.includes(` ${session} `))
}

/** How long a switch takes for a save, in milliseconds. */
function savingOf({ verb }: Request, { device }: Box): number {
  const seconds = device.faults.lasting('slow-save', device.now).map((fault) => fault.seconds)
  return verb === 'save' ? 1000 * seconds.reduce((sum, one) => sum + one, 0) : 0
}

/** Whether what a request does is to be seen on the switch afterwards. */
export function isSeen({ verb }: Request): boolean {
  return verb !== 'look' && verb !== 'read' && verb !== 'restore' && verb !== 'other' && verb !== 'prune'
}

/** Whether a switch is as a request wanted it. */
export function tookEffect({ verb, session }: Request, box: Box): boolean {
  const state = box.device.sessions.get(session)?.state
  if (verb === 'stage') return state === 'pending'
  if (verb === 'arm') return box.armed === session
  if (verb === 'confirm') return state === 'completed'
  if (verb === 'abort' || verb === 'plan' || verb === 'replay') return state === undefined || state === 'aborted'
  return verb !== 'save' || box.isSaved
}
