import type { Verdict } from '../../../model/verdict.ts'
import { areNamed, type InterfaceSelection, judgeInterfaces } from '../../interface-selection.ts'

/** Judges the interfaces that are named, or else all ports of the switch: Ethernet and Management, no subinterface. */
export function judgePhysical<T>(
  selected: InterfaceSelection,
  told: ReadonlyMap<string, T>,
  judge: (name: string, told: T) => readonly string[],
): Verdict {
  const looked = areNamed(selected) ? told : new Map([...told].filter(([name]) => isPhysical(name)))
  return judgeInterfaces(selected, looked, judge)
}

function isPhysical(name: string): boolean {
  return /^(?:Ethernet|Management)[\d/]+$/.test(name)
}
