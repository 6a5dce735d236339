import { suggest } from '../../source/suggest.ts'
import { FILTERS } from '../filter/names.ts'
import { REFUSED_FILTERS, REFUSED_TESTS } from '../filter/refused.ts'
import { TESTS } from '../filter/tests.ts'
import { TemplateFault } from '../value/value.ts'

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

function notKnown(
  what: 'filter' | 'test',
  refusals: Readonly<Record<string, string>>,
  known: Readonly<Record<string, unknown>>,
): (name: string) => TemplateFault {
  return (name) => {
    const refusal = refusals[name.replace(/^ansible\.(?:builtin|legacy)\./, '')]
    return new TemplateFault(
      'template-error',
      refusal === undefined ? `there is no ${what} \`${name}\`` : `the ${what} \`${name}\` is not rendered here`,
      refusal ?? meantName(name, Object.keys(known)),
    )
  }
}

export const unknownFilter: (name: string) => TemplateFault = notKnown('filter', REFUSED_FILTERS, FILTERS)
export const unknownTest: (name: string) => TemplateFault = notKnown('test', REFUSED_TESTS, TESTS)

function meantName(name: string, known: readonly string[]) {
  const [collection, last] = partsOf(name)
  const inCollection = known.filter((one) => partsOf(one)[0] === collection)
  const near = suggest(
    last,
    inCollection.map((one) => partsOf(one)[1]),
  )
  if (near !== undefined) return `did you mean \`${collection === '' ? near : `${collection}.${near}`}\`?`
  const elsewhere = known.filter((one) => partsOf(one)[1] === last)
  const otherwise = suggest(name, elsewhere) ?? elsewhere.find((one) => one.endsWith(`.${name}`)) ?? elsewhere[0]
  if (otherwise !== undefined) return `did you mean \`${otherwise}\`?`
  const collections = [...new Set(known.map((one) => partsOf(one)[0]))].filter((one) => one !== '')
  if (collection !== '' && !collections.includes(collection))
    return `the collections here are ${collections.join(', ')}: see docs/templates.md`
  return 'see docs/templates.md for those that there are'
}

function partsOf(name: string): readonly [collection: string, last: string] {
  const dot = name.lastIndexOf('.')
  return dot < 0 ? ['', name] : [name.slice(0, dot), name.slice(dot + 1)]
}
