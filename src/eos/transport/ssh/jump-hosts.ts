import type { Duplex } from 'node:stream'
import type { Clock } from '../../../model/clock.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import { EosflowError } from '../../../model/error.ts'
import { isSameLogin } from '../../device/logins.ts'
import { type Credential, type Hop, HopError, hopNames } from '../../device/transport.ts'
import { type TrustAtFirstSight, withFirstSight } from '../connection/first-sight.ts'
import type { Way } from '../connection/way.ts'
import type { Destination, HopLine } from './hop-line.ts'
import type { SshHost } from './ssh-host.ts'

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
