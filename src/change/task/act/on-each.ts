import { definedMembers } from '../../../model/defined-members.ts'
import { EosflowError, type ErrorKind } from '../../../model/error.ts'
import type { AbsentSwitch, TaskContext } from './context.ts'
import { isTransient } from './read.ts'

const GRAVEST: readonly ErrorKind[] = [
  'bug',
  'store',
  'wrong-device',
  'stale',
  'not-authorised',
  'not-approved',
  'window-closed',
  'guard',
  'refused',
  'tls',
  'unauthenticated',
  'unreachable',
  'lost-answer',
  'protocol',
  'busy',
]

/** Does the same to every switch at once and waits for all. */
export async function onEach<T>(devices: readonly string[], act: (device: string) => Promise<T>): Promise<T[]> {
  const settled = await Promise.allSettled(devices.map(act))
  const failures = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
  if (failures.length > 0) throw combined(failures)
  return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
}

/** Does the same to every switch, one after the other. When some fail, throws as {@link onEach} does. */
export function onEachNow<T, R>(items: readonly T[], act: (item: T) => R): readonly R[] {
  const failures: unknown[] = []
  const done = items.flatMap((item) => {
    try {
      return [act(item)]
    } catch (error) {
      failures.push(error)
      return []
    }
  })
  if (failures.length > 0) throw combined(failures)
  return done
}

/** One error for several: the gravest of them, naming every one, and once what several say. */
export function combined(failures: readonly unknown[]): unknown {
  if (failures.length === 1) return failures[0]
  const known = failures.filter((failure) => failure instanceof EosflowError)
  if (known.length < failures.length) return failures.find((failure) => !(failure instanceof EosflowError))
  const [gravest] = known.toSorted((a, b) => rank(a.kind) - rank(b.kind))
  return new EosflowError(gravest?.kind ?? 'bug', grouped(known).join('\n'), {
    ...(gravest?.hint === undefined ? {} : { hint: gravest.hint }),
    cause: gravest,
  })
}

function grouped(failures: readonly EosflowError[]) {
  const switches = new Map<string, Set<string>>()
  for (const { said, names } of failures.flatMap(saidBy)) {
    const known = switches.get(said) ?? new Set()
    for (const name of names) known.add(name)
    switches.set(said, known)
  }
  return [...switches].map(([said, names]) => (names.size === 0 ? said : `${[...names].join(', ')}: ${said}`))
}

function saidBy({ kind, device, message }: EosflowError) {
  if (kind !== 'guard' || device === undefined) return [{ said: message, names: [] }]
  const before = `${device}: `
  return message
    .split('\n')
    .map((line) =>
      line.startsWith(before) ? { said: line.slice(before.length), names: [device] } : { said: line, names: [] },
    )
}

function rank(kind: ErrorKind) {
  const place = GRAVEST.indexOf(kind)
  return place === -1 ? GRAVEST.length : place
}

type MayBeAbsent = (device: string) => boolean

/**
 * Does the same to every switch at once and waits for all. Switches that do not answer are left out where the execution may go on
 * without them; every other failure, and each of them where it may not, is thrown as by `onEach`.
 */
export async function onEachPresent<T>(
  context: Pick<TaskContext<unknown>, 'leaveOut' | 'answered'>,
  devices: readonly string[],
  act: (device: string) => Promise<T>,
  mayBeAbsent: MayBeAbsent = () => true,
): Promise<T[]> {
  let done = 0
  const told = async (device: string) => {
    try {
      return await act(device)
    } finally {
      context.answered?.({ done: ++done, of: devices.length })
    }
  }
  const settled = await Promise.allSettled(devices.map(told))
  const failures = settled.flatMap((one, index) =>
    one.status === 'rejected' ? [named(devices[index] ?? '', one.reason as unknown)] : [],
  )
  const absent = failures.filter((one): one is AbsentSwitch => isAbsent(one) && mayBeAbsent(one.device))
  const isOnlyAbsence = absent.length === failures.length
  if (failures.length > 0 && !(isOnlyAbsence && (await context.leaveOut(absent)))) {
    throw combined(failures.map(({ error }) => error))
  }
  return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
}

function named(device: string, error: unknown) {
  if (!(error instanceof EosflowError) || !isTransient(error) || error.message.includes(device))
    return { device, error }
  const { kind, message, hint } = error
  const options = { device: error.device ?? device, cause: error, ...definedMembers({ hint }) }
  return { device, error: new EosflowError(kind, `${device}: ${message}`, options) }
}

function isAbsent({ device, error }: { readonly device: string; readonly error: unknown }) {
  return error instanceof EosflowError && isTransient(error) && (error.device ?? device) === device
}
