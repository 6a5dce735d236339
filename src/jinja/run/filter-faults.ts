import { TemplateFault } from '../fault.ts'
import { FILTERS } from '../filter/names.ts'
import { REFUSED_FILTERS, REFUSED_TESTS } from '../filter/refused.ts'
import { TESTS } from '../filter/tests.ts'
import { meantName } from './meant-name.ts'

/** A fault inside a filter says which one, unless it is about something that is not there or too large. */
export function ofFilter(thrown: unknown, name: string): unknown {
  if (!(thrown instanceof TemplateFault) || thrown.code !== 'template-error' || thrown.offset !== undefined)
    return thrown
  if (thrown.problem !== undefined) return thrown
  if (thrown.message.startsWith('there is no ') || thrown.message.includes(`\`${name}\``)) return thrown
  const general = thrown.hint.startsWith('see the value and what')
  return new TemplateFault(
    'template-filter',
    `\`${name}\`: ${thrown.message}`,
    general ? `give \`${name}\` what it is made for` : thrown.hint,
  )
}

/** The fault of a filter that there is not, with why, or with the name that was meant. */
export function unknownFilter(name: string): TemplateFault {
  const refusal = REFUSED_FILTERS[name.replace(/^ansible\.(?:builtin|legacy)\./, '')]
  const hint = refusal ?? meantName(name, Object.keys(FILTERS))
  return new TemplateFault(
    'template-error',
    refusal === undefined ? `there is no filter \`${name}\`` : `the filter \`${name}\` is not rendered here`,
    hint,
  )
}

/** The fault of a test that there is not, with the name that was meant. */
export function unknownTest(name: string): TemplateFault {
  const refusal = REFUSED_TESTS[name.replace(/^ansible\.(?:builtin|legacy)\./, '')]
  return new TemplateFault(
    'template-error',
    refusal === undefined ? `there is no test \`${name}\`` : `the test \`${name}\` is not rendered here`,
    refusal ?? meantName(name, Object.keys(TESTS)),
  )
}
