import type { ExecutionState } from '../../change/engine/state.ts'
import type { Style } from '../text/style.ts'
import { hanging } from '../text/visible.ts'

export function ownersLeft({ status, devices }: ExecutionState): Readonly<Record<string, readonly string[]>> {
  if (status !== 'ended') return {}
  const left = [...devices].flatMap(([name, { owners = [] }]) =>
    owners.length === 0 ? [] : [[name, owners.map(({ session }) => session)] as const],
  )
  return Object.fromEntries(left)
}

export function ownerSentences(execution: ExecutionState): readonly string[] {
  return Object.entries(ownersLeft(execution)).map(
    ([name, sessions]) =>
      `${name}: its owner session ${sessions.join(', ')} may still be open, which holds nothing of the change: eosflow sessions gc -t ${name}`,
  )
}

export function ownerWords(execution: ExecutionState, style: Style): readonly string[] {
  return ownerSentences(execution).map((one) => style.warning(hanging(`! ${one}`)))
}
