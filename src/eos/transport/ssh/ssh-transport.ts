import { randomBytes } from 'node:crypto'
import type { Duplex } from 'node:stream'
import type { Clock } from '../../../model/clock.ts'
import { EosflowError } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import { type Credential, type Hop, HopError, hopNames, type SshTarget, type Transport } from '../../device/device.ts'
import { isSameLogin } from '../../device/fleet.ts'
import type { Meter, SocketMeter } from '../../device/meter.ts'
import type { JudgeOf, Way, WayTo } from '../connection/answerer.ts'
import { type TrustAtFirstSight, withFirstSight } from '../connection/first-sight.ts'
import { meteredDevice } from '../connection/metered-device.ts'
import type { Destination, HopLine } from './hop-line.ts'
import type { SshHost } from './known-hosts.ts'
import { openTcp } from './open-tcp.ts'
import { sshDevice } from './ssh-device.ts'
import type { ShellChannel } from './terminal.ts'

/** How long to wait. Real switches take minutes to load a large replace (docs/eos.md 1.5). */
export interface SshTimeouts {
  /** For the connection, the login and the shell. */
  readonly connectMilliseconds: number
  /** For the next byte of an answer. */
  readonly silenceMilliseconds: number
}

/** How switches are spoken to over SSH. */
export interface SshTransportOptions {
  readonly clock: Clock
  /** The text behind `ssh: { knownHosts: FILE }`, empty when there is no such file: files are read by the caller. */
  readonly readKnownHosts?: (file: string) => Promise<string>
  /** Asks whether a host key is trusted that is met for the first time. Default: it is not. */
  readonly trust?: TrustAtFirstSight
  readonly timeouts?: Partial<SshTimeouts>
  /** What the log of a switch is told when a change is staged there: whose it is. */
  readonly announce?: string
  /** A new word of letters and digits for the markers of one shell. Default: eight random hex digits. */
  readonly nonce?: () => string
  /** Hears what happens on the sockets; absent: nobody measures. */
  readonly meter?: Meter
  /** The way to a switch that is behind jump hosts. Absent: every switch is connected to directly. */
  readonly wayTo?: WayTo
  /** What judges who answers for a switch. Absent: nothing but its host key. */
  readonly judgeOf?: JudgeOf
  /** Stands where ssh2 stands, for switches in memory. */
  readonly openShell?: (target: SshTarget, credential: Credential) => Promise<ShellChannel>
}

const TIMEOUTS: SshTimeouts = { connectMilliseconds: 20_000, silenceMilliseconds: 120_000 }

/** Switches over SSH. A new Device is a new connection, which its first verb opens. */
export function sshTransport(options: SshTransportOptions): Transport {
  const { clock, nonce = () => randomBytes(4).toString('hex') } = options
  return {
    connect: async (target, credential, fence) => {
      const { name } = target
      if (target.transport !== 'ssh') throw new EosflowError('bug', `${name} is not reached over SSH`, { device: name })
      const { enable, password, privateKey, passphrase } = credential
      const secrets = [password, privateKey, passphrase].flatMap((secret) =>
        secret === undefined ? [] : [secret.reveal()],
      )
      const { host, port } = target
      const meter = options.meter?.line({ device: name, host, port, transport: 'ssh' })
      const { openShell = (where, who) => overSsh2(where, who, options, meter) } = options
      const device = sshDevice({
        name,
        fence,
        clock,
        nonce,
        secrets,
        ...definedMembers({ announce: options.announce }),
        open: () => openShell(target, credential),
        silenceMilliseconds:
          target.answerSeconds === undefined
            ? (options.timeouts?.silenceMilliseconds ?? TIMEOUTS.silenceMilliseconds)
            : target.answerSeconds * 1000,
        sendEnable: target.sendEnable ?? true,
        ...definedMembers({ enable }),
      })
      return meter === undefined ? device : meteredDevice(device)
    },
  }
}

async function overSsh2(
  target: SshTarget,
  credential: Credential,
  options: SshTransportOptions,
  meter: SocketMeter | undefined,
) {
  const { trust, timeouts } = options
  const { hostKey } = target
  const connectMilliseconds = timeouts?.connectMilliseconds ?? TIMEOUTS.connectMilliseconds
  const [{ ssh2Shell }, { demandOf }] = await Promise.all([import('./ssh2-shell.ts'), import('./demand-of.ts')])
  const way = options.wayTo?.(target.name)
  const judge = options.judgeOf?.(target.name)
  const open = async (): Promise<Duplex> => way?.open(target) ?? openTcp(target, connectMilliseconds, { judge })
  const connect = async () => {
    const demand = await demandOf(target, { ...options, open, milliseconds: connectMilliseconds })
    return ssh2Shell({
      target,
      credential,
      demand,
      connectMilliseconds,
      ...definedMembers({ meter, way, judge }),
    })
  }
  const mayAsk = hostKey.mode === 'known-hosts' && hostKey.strict !== true
  return withFirstSight(connect, mayAsk ? trust : undefined)
}

/** The ports and limits of logins to jump hosts. */
export interface JumpHostOptions {
  readonly clock: Clock
  readonly readKnownHosts: (file: string) => Promise<string>
  /** Asks whether a host key is trusted that is met for the first time. */
  readonly trust?: TrustAtFirstSight
  /** `again`: as its keeper has it now. Throws `secret`. */
  readonly credentialOf: (hop: Hop, when?: 'again') => Promise<Credential>
  /** Default 20 s. */
  readonly connectMilliseconds?: number
  /** Default 100. */
  readonly mostThrough?: number
  /** Default 30 s. */
  readonly idleMilliseconds?: number
}

/** Logins to jump hosts, shared by the switches that are reached through them. */
export interface JumpHosts {
  /** The way to a switch; undefined where there are no jump hosts. */
  wayTo(device: string, hops: readonly Hop[]): Way | undefined
  close(): void
}

interface Slot {
  readonly line: Promise<HopLine>
  used: number
  idle?: NodeJS.Timeout
}

const DEFAULTS = { connectMilliseconds: 20_000, mostThrough: 100, idleMilliseconds: 30_000 }

/** Logs in to jump hosts when a switch behind them is first connected to. */
export function jumpHosts(options: JumpHostOptions): JumpHosts {
  const { connectMilliseconds, mostThrough, idleMilliseconds } = { ...DEFAULTS, ...options }
  const { trust } = options
  // By the names of a chain: a host that is reached in two ways is logged in to twice.
  const pool = new Map<string, Slot[]>()
  let isClosed = false

  const drop = (key: string, slot: Slot) => {
    clearTimeout(slot.idle)
    const left = (pool.get(key) ?? []).filter((one) => one !== slot)
    if (left.length === 0) pool.delete(key)
    else pool.set(key, left)
  }

  // A connection to the host behind a chain; without a chain, directly.
  const connect = async (hops: readonly Hop[], to: SshHost): Promise<Duplex> => {
    if (hops.length > 0) return through(hops, to)
    const { openTcp } = await import('./open-tcp.ts')
    return openTcp(to, connectMilliseconds)
  }

  const logIn = async (hops: readonly Hop[], hop: Hop, when?: 'again'): Promise<HopLine> => {
    const [{ HopLine: Line }, { demandOf }] = await Promise.all([import('./hop-line.ts'), import('./demand-of.ts')])
    const before = hops.slice(0, -1)
    const target: SshHost = { ...hop, name: `jump host ${hop.name}`, isHop: true }
    const credential = await options.credentialOf(hop, when).catch((error: unknown) => {
      throw ofHop(hop, error)
    })
    const attempt = async (): Promise<HopLine> => {
      const open = (): Promise<Duplex> => connect(before, target)
      const demand = await demandOf(target, { ...options, open, milliseconds: connectMilliseconds })
      return Line.over(hop, await open(), { target, credential, demand, connectMilliseconds })
    }
    const mayAsk = hop.hostKey.mode === 'known-hosts' && hop.hostKey.strict !== true
    try {
      return await withFirstSight(attempt, mayAsk ? trust : undefined)
    } catch (error) {
      const isRefused =
        error instanceof EosflowError && error.kind === 'unauthenticated' && !(error instanceof HopError)
      if (!isRefused || when === 'again') throw ofHop(hop, error)
      if (isSameLogin(credential, await options.credentialOf(hop, 'again'))) throw ofHop(hop, error)
      return logIn(hops, hop, 'again')
    }
  }

  const newSlot = (key: string, hops: readonly Hop[]): Slot => {
    const slot: Slot = { line: logIn(hops, hops.at(-1) as Hop), used: 0 }
    pool.set(key, [...(pool.get(key) ?? []), slot])
    slot.line.then(
      (line) => {
        line.whenOver(() => drop(key, slot))
        if (isClosed) line.close()
      },
      () => drop(key, slot),
    )
    return slot
  }

  const release = (key: string, slot: Slot) => {
    slot.used -= 1
    if (slot.used > 0) return
    slot.idle = setTimeout(() => {
      drop(key, slot)
      slot.line.then(
        (line) => line.close(),
        () => undefined,
      )
    }, idleMilliseconds)
    slot.idle.unref()
  }

  const through = async (hops: readonly Hop[], to: Destination): Promise<Duplex> => {
    if (isClosed) throw new EosflowError('bug', 'a connection through jump hosts that were closed')
    const key = hopNames(hops)
    const slot = (pool.get(key) ?? []).find(({ used }) => used < mostThrough) ?? newSlot(key, hops)
    clearTimeout(slot.idle)
    slot.used += 1
    try {
      const channel = await (await slot.line).open(to)
      channel.once('close', () => release(key, slot))
      return channel
    } catch (error) {
      release(key, slot)
      throw error
    }
  }

  return {
    wayTo: (device, hops) => {
      if (hops.length === 0) return undefined
      const open = async (to: Destination): Promise<Duplex> => {
        try {
          return await through(hops, to)
        } catch (error) {
          throw ofDevice(device, error)
        }
      }
      return { open }
    },
    close: () => {
      isClosed = true
      for (const slot of [...pool.values()].flat()) {
        clearTimeout(slot.idle)
        slot.line.then(
          (line) => line.close(),
          () => undefined,
        )
      }
      pool.clear()
    },
  }
}

function ofHop({ name }: Hop, error: unknown) {
  if (!(error instanceof EosflowError) || error.kind === 'bug') return error
  const { kind, retryable, hint, cause } = error
  const message = error.message.startsWith('jump host ') ? error.message : `jump host ${name}: ${error.message}`
  const end = error instanceof HopError ? error.end : { hop: name, isPassed: false }
  return new HopError(end, { kind, message }, { retryable, ...definedMembers({ hint }), cause })
}

function ofDevice(device: string, error: unknown) {
  if (!(error instanceof HopError)) return error
  const { kind, message, end, retryable, hint, cause } = error
  return new HopError(
    end,
    { kind, message: `${device}: ${message}` },
    { device, retryable, ...definedMembers({ hint }), cause },
  )
}
