import { z } from 'zod'
import { passUnless, type Verdict } from '../../../model/verdict.ts'
import { MissingMember } from '../answer/show.ts'
import { ethernetInterface, interfaceKind, interfaceName, managementInterface, portChannelInterface } from './words.ts'

/** Which interfaces a check looks at: those named, or all that the switch tells of; never those ignored. */
export interface InterfaceSelection {
  readonly interfaces?: readonly string[] | null | undefined
  readonly ignored_interfaces?: readonly string[] | null | undefined
}

const selection = (named: z.ZodType<string>, ignored = named) => ({
  interfaces: z
    .array(named)
    .nullish()
    .describe('The interfaces to look at; absent: all but those in `ignored_interfaces`.'),
  ignored_interfaces: z.array(ignored).nullish().describe('The interfaces to leave out.'),
})

export const interfaceSelection = () => selection(interfaceName(), ignorableInterface())

export const ethernetSelection = () => selection(ethernetInterface())

export const physicalSelection = () =>
  selection(
    z.union([ethernetInterface(), managementInterface()], {
      error: 'expected an Ethernet or Management interface, such as Ethernet1',
    }),
  )

export const portChannelSelection = () => selection(portChannelInterface())

/** An interface, or a kind of interface such as `Management`: all of that kind. */
export const ignorableInterface = () =>
  z.union([interfaceKind(), interfaceName()], {
    error: 'expected an interface, such as Ethernet1, or a kind of interface, such as Ethernet',
  })

function isIgnored(name: string, ignored: readonly string[] | null | undefined) {
  const kind = /^[A-Za-z-]+/.exec(name)?.[0] ?? name
  return ignored?.some((one) => one === name || one === kind) ?? false
}

/** Whether the interfaces to look at were named, so that one without data is a fault; an empty list names none. */
export function areNamed({ interfaces }: InterfaceSelection): boolean {
  return (interfaces?.length ?? 0) > 0
}

export function interfacesIn<M extends string, T>(
  selected: InterfaceSelection,
  answer: { readonly [K in M]?: ReadonlyMap<string, T> | undefined },
  member: M,
): ReadonlyMap<string, T> {
  const told = answer[member]
  if (told !== undefined) return told
  if (areNamed(selected)) return new Map()
  throw new MissingMember(answer, member)
}

/** The names of the interfaces that are looked at, in the order of the inputs or else of the answer. */
export function interfacesLookedAt(
  selected: InterfaceSelection,
  told: ReadonlyMap<string, unknown>,
): readonly string[] {
  const names = areNamed(selected) ? (selected.interfaces ?? []) : [...told.keys()]
  return names.filter((name) => !isIgnored(name, selected.ignored_interfaces))
}

export function interfaceFaults<T>(
  selected: InterfaceSelection,
  told: ReadonlyMap<string, T>,
  judge: (name: string, told: T) => readonly string[],
): readonly string[] {
  return interfacesLookedAt(selected, told).flatMap((name) => {
    const one = told.get(name)
    return one === undefined ? [`Interface: ${name} - Not found`] : judge(name, one)
  })
}

/** Judges what every switch tells of its interfaces: an answer without any is none, unless they were named. */
export function judgeInterfaces<T>(
  selected: InterfaceSelection,
  told: ReadonlyMap<string, T>,
  judge: (name: string, told: T) => readonly string[],
): Verdict {
  if (told.size === 0 && !areNamed(selected)) return { status: 'error', reason: 'The answer tells of no interface' }
  return passUnless(interfaceFaults(selected, told, judge))
}

/**
 * As {@link judgeInterfaces}, and says first which of the named ones are not told of. `judge` gives undefined for an
 * interface of which the answer has nothing that could be judged: ANTA passes it, here it is an error where it was named, and
 * where there is no other.
 */
export function judgeFound<T>(
  selected: InterfaceSelection,
  told: ReadonlyMap<string, T>,
  judge: (name: string, told: T) => readonly string[] | undefined,
  missing = 'Not found',
): Verdict {
  const wanted = areNamed(selected) ? [...new Set(selected.interfaces)] : [...told.keys()]
  const found = wanted
    .filter((name) => !isIgnored(name, selected.ignored_interfaces))
    .flatMap((name) => {
      const one = told.get(name)
      return one === undefined ? [] : [{ name, faults: judge(name, one) }]
    })
  const faults = [
    ...wanted.filter((name) => !told.has(name)).map((name) => `Interface: ${name} - ${missing}`),
    ...found.flatMap((one) => one.faults ?? []),
  ]
  const silent = found.filter((one) => one.faults === undefined)
  if (faults.length === 0 && (found.length === silent.length || (areNamed(selected) && silent.length > 0))) {
    return { status: 'error', reason: `the answer has nothing to judge of ${silent[0]?.name ?? 'any interface'}` }
  }
  return passUnless(faults)
}
