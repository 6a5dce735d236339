import { z } from 'zod'
import { passUnless, type Verdict } from '../model/verdict.ts'
import {
  ethernetInterface,
  interfaceKind,
  interfaceName,
  managementInterface,
  portChannelInterface,
} from './input/interfaces.ts'
import { once } from './once.ts'

/** Which interfaces a check looks at: those named, or all that the switch tells of; never those ignored. */
export interface InterfaceSelection {
  readonly interfaces?: readonly string[] | null | undefined
  /** Names, or kinds such as `Management`. */
  readonly ignored_interfaces?: readonly string[] | null | undefined
}

const selection = (named: z.ZodType<string>, ignored = named) => ({
  interfaces: z
    .array(named)
    .nullish()
    .describe('The interfaces to look at; absent: all but those in `ignored_interfaces`.'),
  ignored_interfaces: z.array(ignored).nullish().describe('The interfaces to leave out.'),
})

/** Inputs of a check that looks at interfaces of every kind, and can ignore whole kinds. */
export const interfaceSelection = once(() => selection(interfaceName(), ignorableInterface()))

/** Inputs of a check that looks at Ethernet interfaces. */
export const ethernetSelection = once(() => selection(ethernetInterface()))

/** Inputs of a check that looks at physical interfaces: Ethernet and Management. */
export const physicalSelection = once(() =>
  selection(
    z.union([ethernetInterface(), managementInterface()], {
      error: 'expected an Ethernet or Management interface, such as Ethernet1',
    }),
  ),
)

/** Inputs of a check that looks at port-channels. */
export const portChannelSelection = once(() => selection(portChannelInterface()))

/** An interface, or a kind of interface such as `Management`: all of that kind. */
export const ignorableInterface = once(() =>
  z.union([interfaceKind(), interfaceName()], {
    error: 'expected an interface, such as Ethernet1, or a kind of interface, such as Ethernet',
  }),
)

/** Whether the interface is left out, by its name or by its kind. */
function isIgnored(name: string, ignored: readonly string[] | null | undefined): boolean {
  const kind = /^[A-Za-z-]+/.exec(name)?.[0] ?? name
  return ignored?.some((one) => one === name || one === kind) ?? false
}

/** Whether the interfaces to look at were named, so that one without data is a fault; an empty list names none. */
export function areNamed({ interfaces }: InterfaceSelection): boolean {
  return (interfaces?.length ?? 0) > 0
}

/** The names of the interfaces that are looked at, in the order of the inputs or else of the answer. */
export function interfacesLookedAt(
  selected: InterfaceSelection,
  told: ReadonlyMap<string, unknown>,
): readonly string[] {
  const names = areNamed(selected) ? (selected.interfaces ?? []) : [...told.keys()]
  return names.filter((name) => !isIgnored(name, selected.ignored_interfaces))
}

/** What is wrong with the interfaces that are looked at; one that was named and is not told of is. */
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
