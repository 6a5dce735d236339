import { refused } from '../value/fault.ts'
import type { LookAround, PatternNode, Repetition } from './pattern-tree.ts'

export type PatternStep =
  | { readonly does: 'character'; readonly holds: (character: string) => boolean }
  | { readonly does: 'either'; first: number; second: number }
  | { readonly does: 'go'; readonly to: number }
  | { readonly does: 'save'; readonly slot: number }
  | { readonly does: 'leave-unless-moved'; readonly slot: number; to: number }
  | { readonly does: 'look'; readonly isNegative: boolean; readonly back: number; behind: number }
  | { readonly does: 'done' }

export interface PatternProgram {
  readonly steps: readonly PatternStep[]
  readonly slots: number
}

// How many steps a program may have; `(a{1000}){1000}` would have a million.
const LONGEST = 20_000

/** Throws a fault for one that is too long. */
export function patternProgram(tree: PatternNode, groups: number): PatternProgram {
  const steps: PatternStep[] = []
  let slots = 2 * (groups + 1)

  const add = <S extends PatternStep>(step: S) => {
    steps.push(step)
    if (steps.length > LONGEST)
      throw refused('the regular expression is too long with its repetitions', 'write smaller counts in its braces')
    return step
  }
  const either = (isLazy: boolean) => {
    const step = add({ does: 'either', first: 0, second: 0 } as Extract<PatternStep, { does: 'either' }>)
    const inside = steps.length
    return {
      leaveTo: (out: number) => {
        step.first = isLazy ? out : inside
        step.second = isLazy ? inside : out
      },
    }
  }

  // A body that is left when it matches nothing, as Python leaves it.
  const round = (body: PatternNode): ((out: number) => void) => {
    if (body.kind === 'character') {
      write(body)
      return () => {}
    }
    const slot = slots
    slots += 1
    add({ does: 'save', slot })
    write(body)
    const leave = add({ does: 'leave-unless-moved', slot, to: 0 } as Extract<
      PatternStep,
      { does: 'leave-unless-moved' }
    >)
    return (out) => {
      leave.to = out
    }
  }

  const endless = (body: PatternNode, isLazy: boolean) => {
    const from = steps.length
    const choice = either(isLazy)
    const left = round(body)
    add({ does: 'go', to: from })
    choice.leaveTo(steps.length)
    left(steps.length)
  }

  const onceOrMore = (body: PatternNode, isLazy: boolean) => {
    const from = steps.length
    const left = round(body)
    const choice = add({ does: 'either', first: 0, second: 0 } as Extract<PatternStep, { does: 'either' }>)
    choice.first = isLazy ? steps.length : from
    choice.second = isLazy ? from : steps.length
    left(steps.length)
  }

  const repetition = ({ body, least, most, isLazy }: Repetition) => {
    if (least === 1 && most === Number.POSITIVE_INFINITY) return onceOrMore(body, isLazy)
    for (let time = 0; time < least; time += 1) write(body)
    if (most === Number.POSITIVE_INFINITY) return endless(body, isLazy)
    const choices: { leaveTo: (out: number) => void }[] = []
    for (let time = least; time < most; time += 1) {
      choices.push(either(isLazy))
      write(body)
    }
    for (const choice of choices) choice.leaveTo(steps.length)
  }

  const look = ({ body, isNegative, back }: LookAround) => {
    const step = add({ does: 'look', isNegative, back, behind: 0 } as Extract<PatternStep, { does: 'look' }>)
    write(body)
    add({ does: 'done' })
    step.behind = steps.length
  }

  const choice = (parts: readonly PatternNode[]) => {
    const ends: number[] = []
    for (const part of parts.slice(0, -1)) {
      const other = either(false)
      write(part)
      ends.push(steps.length)
      add({ does: 'done' })
      other.leaveTo(steps.length)
    }
    for (const part of parts.slice(-1)) write(part)
    for (const end of ends) steps[end] = { does: 'go', to: steps.length }
  }

  const write = (node: PatternNode) => {
    switch (node.kind) {
      case 'character':
        add({ does: 'character', holds: node.holds })
        return
      case 'sequence':
        node.parts.forEach(write)
        return
      case 'choice':
        choice(node.parts)
        return
      case 'group':
        add({ does: 'save', slot: 2 * node.number })
        write(node.body)
        add({ does: 'save', slot: 2 * node.number + 1 })
        return
      case 'repetition':
        repetition(node)
        return
      case 'look':
        look(node)
    }
  }

  write(tree)
  add({ does: 'done' })
  return { steps, slots }
}
