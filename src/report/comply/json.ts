import { errorRecord } from '../../model/error.ts'
import { type Compliance, complyWords, type SwitchCompliance, sumOfCompliance } from './comply.ts'

/** What was found as one document, version 1, with the numbers and the words of every other place (`eosflow schema comply-result`). */
export function complyJson({ switches, exceptions }: Compliance): string {
  const sum = sumOfCompliance(switches)
  const document = { version: 1, kind: 'comply', sum, words: complyWords(sum) }
  return JSON.stringify({ ...document, switches: switches.map(switchJson), exceptions })
}

function switchJson(one: SwitchCompliance): object {
  if (one.state === 'unread') return { name: one.name, state: one.state, error: errorRecord(one.failure) }
  if (one.state === 'unknown') return one
  const { name, state, source, by, sections } = one
  return { name, state, source, by, sections: sections.map(({ name, states, lines }) => ({ name, states, lines })) }
}
