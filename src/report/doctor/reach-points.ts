import { transportFacts } from '../../change/inventory/transports.ts'
import { type DeviceTarget, type Hop, HopError } from '../../eos/device/transport.ts'
import { EosflowError, type ErrorKind, messageOf } from '../../model/error.ts'
import { failed, good, type Point, skipped } from './point.ts'

// The steps of the way to a switch, each of which stands on the one before it.
const STEPS = ['connect', 'prove', 'login', 'speak', 'enable', 'read'] as const
type Step = (typeof STEPS)[number]

const STOPS: Readonly<Partial<Record<ErrorKind, Step>>> = {
  tls: 'prove',
  unauthenticated: 'login',
  'lost-answer': 'speak',
  protocol: 'speak',
  refused: 'read',
}

export type ReachedTarget = DeviceTarget & { readonly via?: readonly Hop[] }

export function reachedPoints(target: ReachedTarget): readonly Point[] {
  return [...(target.via ?? []).map(hopPoint), ...STEPS.map((step) => good(goodText(step, target)))]
}

function hopPoint({ name, host, port }: Hop) {
  return good(`jump host ${name} at ${host} port ${port}: its host key is the known one, and it takes the login`)
}

/** The way to a switch that fails somewhere: the steps before are good, that one failed, the rest was not looked at. */
export function failedPoints(target: ReachedTarget, failure: unknown): readonly Point[] {
  const stopped = stepOf(failure)
  const message = messageOf(failure)
  const hint = failure instanceof EosflowError ? failure.hint : undefined
  const { via = [] } = target
  if (failure instanceof HopError) {
    const { hop, isPassed } = failure.end
    const reached = via.slice(0, via.findIndex(({ name }) => name === hop) + (isPassed ? 1 : 0))
    return [
      ...reached.map(hopPoint),
      failed(message, hint ?? MEND[stopped]),
      skipped('nothing else could be looked at'),
    ]
  }
  const before = STEPS.slice(0, STEPS.indexOf(stopped)).map((step) => good(goodText(step, target)))
  const point = failed(message, hint ?? MEND[stopped])
  // A secret that cannot be had, for one, ends the way before any host of it was asked.
  const isBeyond = stopped !== 'connect' || (failure instanceof EosflowError && failure.kind === 'unreachable')
  const told = [...(isBeyond ? via.map(hopPoint) : []), ...before, point]
  return stopped === 'read' ? told : [...told, skipped('nothing else could be looked at')]
}

function stepOf(failure: unknown): Step {
  if (!(failure instanceof EosflowError)) return 'connect'
  if (failure.kind === 'refused' && failure.command === 'enable') return 'enable'
  return STOPS[failure.kind] ?? 'connect'
}

const MEND: Readonly<Record<Step, string>> = {
  connect: 'Check the address in the inventory, the route, and that the service is on.',
  prove: 'Check the certificate, or the host key, that the inventory asks for.',
  login: 'Check the credentials of this switch in the inventory.',
  speak: 'Check that this address and port are the eAPI of a switch (show management api http-commands).',
  enable: 'Give the enable secret with the credentials, or a user of privilege 15.',
  read: 'Give the user a role that may read the configuration and its sessions, on EOS 4.23 or later.',
}

function goodText(step: Step, target: DeviceTarget) {
  switch (step) {
    case 'connect':
      return `answers at ${target.host} port ${target.port}`
    case 'prove':
      return transportFacts(target.transport).proof(target)
    case 'login':
      return 'takes the user and the password'
    case 'speak':
      return transportFacts(target.transport).speaks
    case 'enable':
      return 'enters privileged mode'
    case 'read':
      return 'shows its configuration and its config sessions'
  }
}
