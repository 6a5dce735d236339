import type { EventBody } from '../../change/record/event/event.ts'
import { OUTCOME_WORDS } from '../phrases/outcome-words.ts'
import { given } from './phrase.ts'
import { type ShortWords, tell } from './row.ts'

type Acted = Extract<EventBody, { readonly type: 'AroundActed' }>

/** What is done at another service, by how it went. */
const DID: Readonly<Record<Acted['act'], Readonly<Record<Acted['result'], string>>>> = {
  ask: {
    intended: 'is asked',
    done: 'allows the change',
    failed: 'does not allow the change',
    unknown: 'is not known',
  },
  begin: {
    intended: 'is about to begin',
    done: 'has begun',
    failed: 'could not be begun',
    unknown: 'may have begun more than once, because an answer was lost',
  },
  end: {
    intended: 'is about to be ended',
    done: 'is ended',
    failed: 'could not be ended',
    unknown: 'may not be ended',
  },
}

/** That other services are told of a change: that it begins, or how it ended. */
export function aroundTurned({ phase, names, outcome }: Extract<EventBody, { readonly type: 'AroundTurned' }>): string {
  const what = phase === 'begins' ? 'the change begins' : `the change has ended: ${OUTCOME_WORDS[outcome ?? 'unknown']}`
  return `${what}; told to: ${names.join(', ')}`
}

/** What was asked or done at another service. */
export function aroundActed({ name, act, result, id, said }: Acted): string {
  return `${name} ${DID[act][result]}${given(id, (one) => ` (${one})`)}${given(said, (one) => `: ${one}`)}`
}

/** The same where it did not go well. */
export function aroundTrouble(event: Acted): ShortWords | undefined {
  if (event.result !== 'failed' && event.result !== 'unknown') return undefined
  const { name, act, result, said } = event
  return tell(`${name} ${DID[act][result]}${given(said, (one) => `: ${one}`)}`, '! ')
}
