import { randomBytes } from 'node:crypto'
import type { Duplex } from 'node:stream'
import type { Clock } from '../../../model/clock.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import { EosflowError } from '../../../model/error.ts'
import type { Meter, SocketMeter } from '../../device/meter.ts'
import type { Credential, SshTarget, Transport } from '../../device/transport.ts'
import type { JudgeOf } from '../connection/answerer.ts'
import { type TrustAtFirstSight, withFirstSight } from '../connection/first-sight.ts'
import { meteredDevice } from '../connection/metered-device.ts'
import type { WayTo } from '../connection/way.ts'
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
