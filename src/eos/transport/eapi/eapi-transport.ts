import { EosflowError } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import type { Credential, DeviceTarget, EapiTarget, Transport } from '../../device/device.ts'
import type { Meter } from '../../device/meter.ts'
import type { JudgeOf, WayTo } from '../connection/answerer.ts'
import type { TrustAtFirstSight } from '../connection/first-sight.ts'
import { isLoopback } from '../connection/loopback.ts'
import { meteredDevice } from '../connection/metered-device.ts'
import type { EapiTimeouts } from './axios-channel.ts'
import { eapiDevice } from './eapi-device.ts'
import type { EapiChannel } from './exchange.ts'
import type { ClientIdentity } from './open-socket.ts'

/** How switches are spoken to over eAPI. */
export interface EapiTransportOptions {
  /** The PEM text behind `tls: { ca: FILE }`: files are read by the caller. */
  readonly readCa?: (file: string) => Promise<string>
  /** The text behind `tls: { tofu: FILE }`, empty when there is no such file: files are read by the caller. */
  readonly readPins?: (file: string) => Promise<string>
  /** Asks whether the key of a certificate is trusted that is met for the first time. Default: it is not. */
  readonly trust?: TrustAtFirstSight
  /** The operator's second switch for `tls: insecure`. Default false. */
  readonly allowInsecure?: boolean
  readonly timeouts?: Partial<EapiTimeouts>
  /** Whether requests begin with `enable`. Default true. */
  readonly sendEnable?: boolean
  /** What the log of a switch is told when a change is staged there: whose it is. */
  readonly announce?: string
  /** Hears what happens on the sockets; absent: nobody measures. */
  readonly meter?: Meter
  /** The way to a switch that is behind jump hosts. Absent: every switch is connected to directly. */
  readonly wayTo?: WayTo
  /** What judges who answers for a switch. Absent: nothing but its certificate. */
  readonly judgeOf?: JudgeOf
  /** Stands where axios stands, for switches in memory. */
  readonly openChannel?: (target: EapiTarget, credential: Credential) => EapiChannel | Promise<EapiChannel>
}

const TIMEOUTS: EapiTimeouts = { connectMilliseconds: 10_000, answerMilliseconds: 120_000 }

/**
 * Switches over eAPI. A new Device is a new connection, which its first verb opens. Throws `tls` for HTTP
 * to another machine, which would show the password to everyone on the way, and for `insecure` unless the operator allows it.
 */
export function eapiTransport(options: EapiTransportOptions = {}): Transport {
  const { allowInsecure = false, sendEnable = true, announce } = options
  return {
    connect: async (target, credential, fence) => {
      requireEapi(target)
      refuseInsecure(target, allowInsecure, options.wayTo?.(target.name) !== undefined)
      const open = options.openChannel ?? ((where, who) => overAxios(where, who, options))
      const channel = await open(target, credential)
      const device = eapiDevice(channel, {
        name: target.name,
        fence,
        sendEnable: target.sendEnable ?? sendEnable,
        ...definedMembers({ announce }),
        secrets: credential.password === undefined ? [] : [credential.password.reveal()],
        ...definedMembers({ enable: credential.enable }),
      })
      return options.meter === undefined ? device : meteredDevice(device)
    },
  }
}

const IN_ONE_TURN = 8

let turns = Promise.resolve()
let begun = 0

function turn() {
  const own = turns
  begun += 1
  if (begun % IN_ONE_TURN === 0) turns = turns.then(() => new Promise((resolve) => setImmediate(resolve)))
  return own
}

async function overAxios(
  target: EapiTarget,
  credential: Credential,
  { readCa, readPins, trust, timeouts, meter, wayTo, judgeOf }: EapiTransportOptions,
) {
  const { name, host, port, protocol, tls, answerSeconds } = target
  await turn()
  const ca = tls.mode === 'ca' && protocol === 'https' ? await caText(tls.file, name, readCa) : undefined
  const { axiosChannel } = await import('./axios-channel.ts')
  const way = wayTo?.(name)
  const judge = judgeOf?.(name)
  const endpoint = {
    name,
    host,
    port,
    protocol,
    tls,
    ...definedMembers({ ca }),
    ...(tls.mode === 'tofu' && readPins !== undefined ? { readPins: () => readPins(tls.file) } : {}),
    ...clientIdentity(credential),
    ...definedMembers({ way, judge }),
    ...(meter === undefined ? {} : { meter: meter.line({ device: name, host, port, transport: 'eapi' }) }),
  }
  return axiosChannel(
    endpoint,
    credential,
    { ...TIMEOUTS, ...timeouts, ...(answerSeconds === undefined ? {} : { answerMilliseconds: answerSeconds * 1000 }) },
    trust,
  )
}

function clientIdentity({ certificate, privateKey, passphrase }: Credential): { readonly client?: ClientIdentity } {
  if (certificate === undefined || privateKey === undefined) return {}
  return { client: { certificate, key: privateKey, ...definedMembers({ passphrase }) } }
}

async function caText(file: string, device: string, readCa: EapiTransportOptions['readCa']) {
  if (readCa === undefined) throw new EosflowError('bug', 'no reader of certificate files was given', { device })
  try {
    return await readCa(file)
  } catch (cause) {
    throw new EosflowError('tls', `${device}: the certificate authority cannot be read from ${file}`, {
      device,
      hint: 'Check the path under tls: ca: in the inventory.',
      cause,
    })
  }
}

function requireEapi(target: DeviceTarget): asserts target is EapiTarget {
  if (target.transport === 'eapi') return
  throw new EosflowError('bug', `${target.name} is not reached over eAPI`, { device: target.name })
}

function refuseInsecure({ name, host, protocol, tls }: EapiTarget, allowInsecure: boolean, isBehind: boolean) {
  if (protocol === 'http') {
    // Behind a jump host, loopback is that of another machine.
    if (isLoopback(host) && !isBehind) return
    throw new EosflowError('tls', `${name}: without TLS the password would cross the network in clear`, {
      device: name,
      hint: 'Use https with tls: { ca: FILE } or tls: { pin: sha256/... }; http is for simulated switches on loopback.',
    })
  }
  if (tls.mode !== 'insecure' || allowInsecure) return
  throw new EosflowError('tls', `${name}: its certificate would not be checked`, {
    device: name,
    hint: 'Use tls: { ca: FILE } or tls: { pin: sha256/... }; --insecure-tls allows it all the same, and it is on record.',
  })
}
