import { randomBytes } from 'node:crypto'
import type { Meter, SocketMeter } from '../../device/meter.ts'
import type { Credential, SshTarget, Transport } from '../../device/transport.ts'
import type { Clock } from '../../model/clock.ts'
import { EosflowError } from '../../model/error.ts'
import { type TrustAtFirstSight, withFirstSight } from '../first-sight.ts'
import { meteredDevice } from '../metered-device.ts'
import type { HostKeyDemand } from './host-key.ts'
import { authoritiesOf } from './known-hosts.ts'
import { openTcp } from './open-tcp.ts'
import type { ShellChannel } from './shell-channel.ts'
import { sshDevice } from './ssh-device.ts'

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
        ...(options.announce === undefined ? {} : { announce: options.announce }),
        open: () => openShell(target, credential),
        silenceMilliseconds:
          target.answerSeconds === undefined
            ? (options.timeouts?.silenceMilliseconds ?? TIMEOUTS.silenceMilliseconds)
            : target.answerSeconds * 1000,
        sendEnable: target.sendEnable ?? true,
        ...(enable === undefined ? {} : { enable }),
      })
      return meter === undefined ? device : meteredDevice(device)
    },
  }
}

/** ssh2 is loaded with the first switch that is reached by it: whoever speaks to none does not wait for it. */
async function overSsh2(
  target: SshTarget,
  credential: Credential,
  options: SshTransportOptions,
  meter: SocketMeter | undefined,
): Promise<ShellChannel> {
  const { trust, timeouts } = options
  const { hostKey } = target
  const connectMilliseconds = timeouts?.connectMilliseconds ?? TIMEOUTS.connectMilliseconds
  const { ssh2Shell } = await import('./ssh2-shell.ts')
  const connect = async (): Promise<ShellChannel> => {
    const demand = await demandOf(target, options, connectMilliseconds)
    return ssh2Shell({ target, credential, demand, connectMilliseconds, ...(meter === undefined ? {} : { meter }) })
  }
  const mayAsk = hostKey.mode === 'known-hosts' && hostKey.strict !== true
  return withFirstSight(connect, mayAsk ? trust : undefined)
}

/** What the switch must show. One that an authority vouches for is asked for its certificate first. */
async function demandOf(
  target: SshTarget,
  { clock, readKnownHosts }: SshTransportOptions,
  milliseconds: number,
): Promise<HostKeyDemand> {
  const { hostKey } = target
  const { hostKeyDemand } = await import('./host-key.ts')
  if (hostKey.mode === 'pin') return hostKeyDemand(target, '')
  const knownHosts = await textOf(hostKey.file, readKnownHosts)
  if (authoritiesOf(knownHosts, target).length === 0) return hostKeyDemand(target, knownHosts)
  const [{ certifiedDemand }, { scanHostCertificate }] = await Promise.all([
    import('./certified-host.ts'),
    import('./certificate-scan.ts'),
  ])
  const certificate = await scanHostCertificate(await openTcp(target, milliseconds), milliseconds)
  return certifiedDemand(target, { file: hostKey.file, knownHosts, now: clock.now() / 1000 }, certificate)
}

async function textOf(file: string, read: SshTransportOptions['readKnownHosts']): Promise<string> {
  if (read === undefined) throw new EosflowError('bug', 'no reader of known_hosts files was given')
  return read(file)
}
