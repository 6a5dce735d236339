import { EosflowError, type ErrorKind } from '../../../model/error.ts'

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
