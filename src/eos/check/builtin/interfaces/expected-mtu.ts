import { z } from 'zod'
import type { Verdict } from '../../../../model/verdict.ts'
import { needed } from '../../answer/told.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { ignorableInterface, judgeInterfaces } from '../../input/interface-selection.ts'
import { interfaceName } from '../../input/interfaces.ts'
import { integer } from '../../input/numbers.ts'

/** Inputs of a check of MTUs: one for all, others for single interfaces, and what is left out. */
export function mtuInputs(mtu: number, ignored: readonly string[]) {
  return {
    mtu: integer().default(mtu).describe('The MTU of every interface that is not named in `specific_mtu`.'),
    ignored_interfaces: z
      .array(ignorableInterface())
      .default([...ignored])
      .describe('Interfaces, or kinds of interfaces, to leave out, even where `specific_mtu` names them.'),
    specific_mtu: z.array(z.record(interfaceName(), integer())).default([]).describe('The MTU of single interfaces.'),
  }
}

interface ExpectedMtu {
  readonly mtu: number
  readonly ignored_interfaces: readonly string[]
  readonly specific_mtu: readonly Readonly<Record<string, number>>[]
}

/** Judges the MTU of every interface that forwards in that way: `routed` or `bridged`. */
export function judgeMtu(
  { mtu, ignored_interfaces, specific_mtu }: ExpectedMtu,
  interfaces: ReadonlyMap<string, { readonly forwardingModel?: string | undefined; readonly mtu?: number | undefined }>,
  forwarding: 'routed' | 'bridged',
): Verdict {
  const specific = new Map(specific_mtu.flatMap((one) => Object.entries(one)))
  return judgeInterfaces({ ignored_interfaces }, interfaces, (name, told) =>
    needed(told, 'forwardingModel') === forwarding
      ? mismatch(`Interface: ${name} - Incorrect MTU`, specific.get(name) ?? mtu, needed(told, 'mtu'))
      : [],
  )
}
